//! Folds the records of a run into a report, one event after the other.

use super::attempts::{Attempt, Settled};
use super::fact::{Entry, Fact};
use super::model::{Answered, Closed, Decision, Deferred, Deviation, Note, Person, Raised, Report};
use super::names::Names;
use super::timeline::{self, Level, Line, Mark};
use crate::engine::event::{AttemptId, Event, Opened, Part};
use crate::journal::identity::Identity;
use crate::runbook::model::StepId;
use std::collections::BTreeMap;

pub(super) fn report(entries: &[Entry], names: Names) -> Report {
    let mut fold = Fold { report: Report { names, ..Report::default() }, at: BTreeMap::new() };
    for entry in entries {
        fold.person(&entry.by, entry, "operator");
        for fact in &entry.events {
            match fact {
                Fact::Known(event) => fold.event(entry, event),
                Fact::Unknown(value) => fold.unknown(entry, value),
            }
        }
    }
    let (first, last) = (entries.first(), entries.last());
    let mut report = fold.report;
    report.from = first.map(|entry| entry.at);
    report.to = last.map(|entry| entry.at);
    report.lasted_ns = first.zip(last).and_then(|(first, last)| last.stamp().since(&first.stamp()));
    report
}

struct Fold {
    report: Report,
    /// Where an attempt is in the report.
    at: BTreeMap<AttemptId, usize>,
}

impl Fold {
    fn event(&mut self, entry: &Entry, event: &Event) {
        self.take_in(entry, event);
        let attempt =
            id_of(event).and_then(|id| self.at.get(id)).map(|at| &self.report.attempts[*at]);
        let said = timeline::say(event, &self.report.names, attempt);
        self.report.timeline.push(Line {
            seq: entry.seq,
            at: entry.at,
            mark: said.mark,
            step: said.step,
            what: said.what,
            text: said.text,
            by: entry.by.name(),
            level: said.level,
        });
    }

    /// An event of a later version: shown as it stands.
    fn unknown(&mut self, entry: &Entry, value: &serde_json::Value) {
        let kind = value.get("type").and_then(|kind| kind.as_str()).unwrap_or("event");
        self.report.timeline.push(Line {
            seq: entry.seq,
            at: entry.at,
            mark: Mark::Alert,
            step: String::new(),
            what: kind.replace('_', " "),
            text: format!("not known to this version: {value}"),
            by: entry.by.name(),
            level: Level::Main,
        });
    }

    fn take_in(&mut self, entry: &Entry, event: &Event) {
        let (at, by) = (entry.at, entry.by.name());
        match event {
            Event::RunOpened(opened) => self.opened(opened),
            Event::TakenOverSettled { run, step, how } => self.settled(run, step, how),
            Event::NotApplicable { step, reason } => {
                self.report.not_taken.push((step.clone(), reason.clone()));
            }
            Event::Ticked { .. } => self.report.ticked += 1,
            Event::Answered { step, attempt, question, answer, suggested, why } => {
                if suggested.is_some_and(|suggested| suggested != *answer) {
                    let what = format!(
                        "question {question} answered {}, the check suggests {}",
                        timeline::yes_no(*answer),
                        suggested.map_or("", timeline::yes_no)
                    );
                    let (step, reason) = (step.clone(), why.clone());
                    self.report.deviations.push(Deviation {
                        step,
                        what,
                        reason,
                        at,
                        by: by.clone(),
                    });
                }
                let evidence = self.evidence(step.as_str(), *question);
                let answer = Answered {
                    question: *question,
                    answer: *answer,
                    suggested: *suggested,
                    why: why.clone(),
                    evidence,
                };
                self.open_decision(step, *attempt, entry).answers.push(answer);
            }
            Event::Decided { step, attempt, outcome, why, deviation } => {
                let decision = self.open_decision(step, *attempt, entry);
                decision.outcome.clone_from(outcome);
                decision.why.clone_from(why);
                (decision.deviation, decision.at, decision.by) = (*deviation, at, by.clone());
                if *deviation {
                    let what = format!("decided {outcome}, which is not what the runbook suggests");
                    let (step, reason) = (step.clone(), why.clone());
                    self.report.deviations.push(Deviation { step, what, reason, at, by });
                }
            }
            Event::Skipped { step, reason, .. } => {
                let (step, reason) = (step.clone(), reason.clone());
                self.report.deviations.push(Deviation {
                    step,
                    what: "skipped".into(),
                    reason,
                    at,
                    by,
                });
            }
            Event::Deferred { step, due, reason } => self.report.deferred.push(Deferred {
                step: step.clone(),
                due: due.clone(),
                reason: reason.clone(),
                done: None,
            }),
            Event::StepsReopened { steps, .. } => {
                self.report.deferred.retain(|deferred| !steps.contains(&deferred.step));
            }
            Event::Raised { step, note, owner } => self.report.raised.push(Raised {
                step: step.clone(),
                note: note.clone(),
                owner: owner.clone(),
                cleared: None,
            }),
            Event::Cleared { step, how } => {
                let open = |raised: &&mut Raised| raised.step == *step && raised.cleared.is_none();
                if let Some(raised) = self.report.raised.iter_mut().find(open) {
                    raised.cleared = Some(how.clone());
                }
            }
            Event::Noted { text, kind, from, .. } => {
                let by = from.as_ref().map_or(by, timeline::who);
                if from.is_some() {
                    self.guest(&by, entry);
                }
                let (text, kind) = (text.clone(), kind.clone());
                self.report.notes.push(Note { text, kind, by, at });
            }
            Event::Resumed { gap_ns, .. } => self.report.away_ns += gap_ns.unwrap_or(0),
            Event::RunClosed { as_, reason, open_changes, continued_in } => {
                self.report.closed = Some(Closed {
                    as_: *as_,
                    reason: reason.clone(),
                    open_changes: open_changes.clone(),
                    continued_in: continued_in.clone(),
                    at,
                });
            }
            attempt => self.attempt(entry, attempt),
        }
    }

    fn opened(&mut self, opened: &Opened) {
        let open = opened.taken_over.iter().map(|open| (open.clone(), None));
        self.report.taken_over = open.collect();
        self.report.opened = Some(opened.clone());
    }

    fn settled(&mut self, run: &str, step: &StepId, how: &str) {
        let mut taken = self.report.taken_over.iter_mut();
        if let Some((_, settled)) = taken.find(|(open, _)| open.is(run, step)) {
            *settled = Some(how.to_owned());
        }
    }

    fn attempt(&mut self, entry: &Entry, event: &Event) {
        let (at, by) = (entry.at, entry.by.name());
        if let Event::AttemptIntended {
            id,
            hazard,
            target,
            shown,
            digest,
            guard,
            override_reason,
            edited,
        } = event
        {
            if let Some(reason) = override_reason {
                let what = "done again while the outcome before was unknown".into();
                let (step, reason) = (id.work.step.clone(), reason.clone());
                self.report.deviations.push(Deviation { step, what, reason, at, by: by.clone() });
            }
            if let Some(edited) = edited {
                let what = format!("command edited; the runbook has: {}", edited.runbook);
                let (step, reason) = (id.work.step.clone(), edited.why.clone());
                self.report.deviations.push(Deviation { step, what, reason, at, by: by.clone() });
            }
            self.at.insert(id.clone(), self.report.attempts.len());
            self.report.attempts.push(Attempt {
                id: id.clone(),
                hazard: *hazard,
                target: target.clone(),
                shown: shown.clone(),
                digest: digest.clone(),
                guard: guard.clone(),
                override_reason: override_reason.clone(),
                edited: edited.clone(),
                seq: entry.seq,
                intended: at,
                by,
                started: None,
                ended: None,
                outcome: None,
                lost: None,
                settled: None,
            });
            return;
        }
        let known = id_of(event).and_then(|id| self.at.get(id));
        let Some(attempt) = known.map(|at| &mut self.report.attempts[*at]) else { return };
        match event {
            Event::AttemptStarted { .. } => attempt.started = Some(at),
            Event::AttemptEnded { outcome, .. } => {
                (attempt.ended, attempt.outcome) = (Some(at), Some((**outcome).clone()));
            }
            Event::AttemptLost { reason, .. } => {
                (attempt.ended, attempt.lost) = (Some(at), Some(reason.clone()));
            }
            Event::AttemptSettled { as_, proof, probe, .. } => {
                let probe = probe.map(|(_, meaning)| meaning);
                attempt.settled = Some(Settled { as_: *as_, proof: proof.clone(), probe, at, by });
            }
            _ => {}
        }
    }

    /// The decision of this step and attempt, begun by its first answer or by itself.
    fn open_decision(&mut self, step: &StepId, attempt: u32, entry: &Entry) -> &mut Decision {
        let decisions = &mut self.report.decisions;
        let same = |d: &Decision| d.step == *step && d.attempt == attempt;
        let place = decisions.iter().position(same).unwrap_or_else(|| {
            decisions.push(Decision {
                step: step.clone(),
                attempt,
                outcome: String::new(),
                why: String::new(),
                deviation: false,
                answers: Vec::new(),
                at: entry.at,
                by: entry.by.name(),
            });
            decisions.len() - 1
        });
        &mut decisions[place]
    }

    fn evidence(&self, step: &str, question: u32) -> Option<usize> {
        self.report.attempts.iter().rposition(|attempt| {
            let work = &attempt.id.work;
            work.step.as_str() == step && work.part == Part::Question(question)
        })
    }

    fn person(&mut self, by: &Identity, entry: &Entry, role: &str) {
        let (name, observed) = (by.name(), observed(by));
        let people = &mut self.report.people;
        match people.iter_mut().find(|p| p.name == name && p.observed == observed) {
            Some(person) => person.to = entry.at,
            None => people.push(Person {
                name,
                observed,
                role: role.into(),
                from: entry.at,
                to: entry.at,
            }),
        }
    }

    fn guest(&mut self, name: &str, entry: &Entry) {
        let people = &mut self.report.people;
        if !people.iter().any(|person| person.name == name) {
            people.push(Person {
                name: name.into(),
                observed: String::new(),
                role: "left a note".into(),
                from: entry.at,
                to: entry.at,
            });
        }
    }
}

fn observed(by: &Identity) -> String {
    let mut text = match &by.login {
        Some(login) => format!("{login} (uid {}) at {}", by.uid, by.host),
        None => format!("uid {} at {}", by.uid, by.host),
    };
    let facts = [
        by.tty.as_ref().map(|tty| format!(", {tty}")),
        by.ssh.as_ref().map(|from| format!(", ssh from {from}")),
        by.sudo_user.as_ref().map(|user| format!(", sudo by {user}")),
        by.loginuid.filter(|uid| *uid != by.uid).map(|uid| format!(", login uid {uid}")),
    ];
    text.extend(facts.into_iter().flatten());
    text
}

/// The attempt an event speaks of.
fn id_of(event: &Event) -> Option<&AttemptId> {
    match event {
        Event::AttemptIntended { id, .. }
        | Event::AttemptStarted { id, .. }
        | Event::AttemptEnded { id, .. }
        | Event::AttemptLost { id, .. }
        | Event::StopRequested { id }
        | Event::AttemptSettled { id, .. } => Some(id),
        _ => None,
    }
}
