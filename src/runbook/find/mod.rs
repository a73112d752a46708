//! From what people see to the right runbook, with the reason.
//!
//! ```text
//! words ──fold──▶ each word against every text of every runbook ──▶ ranked, the best text as the reason
//! ```
//!
//! Words may come in any order, in any case, with or without accents, with another ending, and may be the beginning of a
//! word: that counts by how much of it is there, and little where the word as typed is one of its own. A word that nothing
//! holds is looked for in its parts (`CrashLoop`), and then with a slip of the finger in it. What is too common to tell
//! runbooks apart counts little, and so does a step's text beside what people say. "Not when …: take that one" speaks for
//! that one, and so does an outcome of a decision that leads there.
//!
//! Edit distance and not fuzzy subsequences: `403` must not be found in `4 of 30 at 3`.

mod stem;
mod text;

pub use text::folded;

use super::model::{Act, Decide, EnvironmentRule, Runbook, Step, Then};
use text::{FITS, SAME, Slips, Word, quality, words};

/// So much a word counts by where it stands.
const SYMPTOM: f64 = 5.0;
const USE_WHEN: f64 = 4.0;
const TITLE: f64 = 4.0;
const ELSEWHERE: f64 = 4.0;
const FAILURE: f64 = 3.0;
const SCENARIO: f64 = 3.0;
const SUMMARY: f64 = 2.0;
const DECISION: f64 = 1.5;
const STEP: f64 = 1.0;
/// What counts less than this part of the best is no answer beside it.
const BESIDE_THE_BEST: f64 = 0.4;
/// Where nothing real depends on it, it is for practice: on a bad night the others come first.
const FOR_PRACTICE: f64 = 0.33;
/// So much is left of a beginning when the word as typed is one of its own.
const BEGINS_ANOTHER: f64 = 0.3;

/// Words that say nothing about what is wrong.
const FILLERS: [&str; 70] = [
    "a",
    "an",
    "the",
    "is",
    "are",
    "was",
    "were",
    "be",
    "been",
    "has",
    "have",
    "had",
    "do",
    "does",
    "in",
    "on",
    "of",
    "to",
    "at",
    "by",
    "for",
    "from",
    "with",
    "and",
    "or",
    "it",
    "its",
    "we",
    "our",
    "my",
    "i",
    "can",
    "cannot",
    "not",
    "no",
    "after",
    "since",
    "all",
    "some",
    "please",
    "help",
    "prod",
    "production",
    "now",
    "just",
    "what",
    "why",
    "how",
    "when",
    "who",
    "there",
    "this",
    "that",
    "these",
    "they",
    "them",
    "any",
    "as",
    "so",
    "but",
    "if",
    "did",
    "keep",
    "keeps",
    "de",
    "la",
    "le",
    "les",
    "des",
    "du",
];

/// A text that is searched.
#[derive(Clone, Debug)]
struct Searched {
    /// Where it stands: `symptom`, `step 3.2`.
    place: String,
    text: String,
    weight: f64,
    words: Vec<Word>,
}

/// What of a runbook is searched.
#[derive(Clone, Debug, Default)]
pub struct Index {
    name: String,
    texts: Vec<Searched>,
    /// What speaks for other runbooks, by their names.
    elsewhere: Vec<(String, Searched)>,
    practice: bool,
}

/// A runbook that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<'a> {
    /// Its place in what was searched.
    pub at: usize,
    /// Where the best text stands, and the text; none when the name alone fits.
    pub reason: Option<(String, &'a str)>,
    /// What it counts; more is better.
    pub score: f64,
}

impl Index {
    /// Indexes a runbook that cannot be read: its name is all that is known.
    pub fn named(full_name: &str) -> Self {
        Self { name: full_name.to_owned(), ..Self::default() }
    }

    /// Indexes a runbook.
    pub fn of(full_name: &str, runbook: &Runbook) -> Self {
        let mut index = Self::named(full_name);
        index.practice = runbook.environment == EnvironmentRule::Local;
        for text in &runbook.symptoms {
            index.add("symptom", text, SYMPTOM);
        }
        for text in &runbook.use_when {
            index.add("use when", text, USE_WHEN);
        }
        index.add("title", &runbook.title, TITLE);
        index.add("system", &runbook.system, TITLE);
        index.add("summary", &runbook.summary, SUMMARY);
        for (phase_at, phase) in runbook.phases.iter().enumerate() {
            for (step_at, step) in phase.steps.iter().enumerate() {
                index.step(&format!("step {}.{}", phase_at + 1, step_at + 1), step);
            }
        }
        for (at, step) in runbook.fixes.iter().enumerate() {
            index.step(&format!("fix F{}", at + 1), step);
        }
        for not in &runbook.not_when {
            if let Some(go) = &not.go {
                let place = format!("rather than {full_name}");
                let text = Searched::new(place, &not.when, ELSEWHERE);
                index.elsewhere.push((go.value.clone(), text));
            }
        }
        index
    }

    /// Adds the title of a scenario: trouble that is rehearsed is trouble that is seen.
    pub fn scenario(&mut self, title: &str) {
        self.add("scenario", title, SCENARIO);
    }

    /// Adds a text.
    pub fn add(&mut self, place: &str, text: &str, weight: f64) {
        self.texts.push(Searched::new(place.to_owned(), text, weight));
    }

    fn step(&mut self, place: &str, step: &Step) {
        self.add(place, &step.title.to_string(), STEP);
        for text in step.what.iter().chain(&step.why) {
            self.add(place, &text.to_string(), STEP);
        }
        if let Act::Decide(decide) = &step.act {
            self.decision(place, decide);
        }
        for failure in &step.failures {
            let place = format!("known failure of {place}");
            let mut text = Searched::new(place, &failure.means.to_string(), FAILURE);
            // What a tool prints is pasted into the search; what it means is what a person reads.
            text.words.extend(words(&failure.pattern));
            self.texts.push(text);
        }
    }

    fn decision(&mut self, place: &str, decide: &Decide) {
        for question in &decide.ladder {
            self.add(place, &question.ask.to_string(), DECISION);
        }
        for outcome in &decide.outcomes {
            let title = outcome.title.to_string();
            match &outcome.then {
                Some(Then::Go { runbook, .. }) => {
                    let place = format!("rather than {}", self.name);
                    let text = Searched::new(place, &title, DECISION);
                    self.elsewhere.push((runbook.value.clone(), text));
                }
                _ => self.add(place, &title, DECISION),
            }
        }
    }

    fn is_called(&self, name: &str) -> bool {
        self.name == name || self.name.rsplit('/').next() == Some(name)
    }
}

impl Searched {
    fn new(place: String, text: &str, weight: f64) -> Self {
        Self { place, text: text.to_owned(), weight, words: words(text) }
    }
}

/// Whether there is a word in it that can be looked for.
pub fn holds_a_word(query: &str) -> bool {
    !words(query).is_empty()
}

/// Finds the runbooks that fit, the best first. Without a word to look for, all of them as they stand.
pub fn find<'a>(query: &str, all: &[&'a Index]) -> Vec<Found<'a>> {
    if query.contains('/') {
        let called = called(query, all);
        // Otherwise it stands between words: `502/503`.
        if !called.is_empty() {
            return called;
        }
    }
    let texts: Vec<Vec<&Searched>> = all.iter().map(|index| texts_for(index, all)).collect();
    let names: Vec<Vec<Word>> = all.iter().map(|index| words(&index.name)).collect();
    // How well each word fits each text, runbook by runbook; behind the texts the name.
    let fits = |word: &Word, slips: Slips| -> Vec<Vec<f64>> {
        let of = |(texts, name): (&Vec<&Searched>, &Vec<Word>)| {
            let lists = texts.iter().map(|text| &text.words).chain([name]);
            lists.map(|list| quality(word, list, slips)).collect()
        };
        texts.iter().zip(&names).map(of).collect()
    };
    let best = |fits: &[Vec<f64>]| fits.iter().flatten().copied().fold(0.0, f64::max);
    let mut wanted = Vec::new();
    for word in words(query) {
        // Only what nobody has written as one word is taken apart.
        let whole = word.parts.is_empty() || best(&fits(&word, Slips::None)) >= SAME;
        wanted.extend(if whole { vec![word] } else { word.parts });
    }
    wanted.sort();
    wanted.dedup();
    if wanted.iter().any(|word| !FILLERS.contains(&word.text.as_str())) {
        wanted.retain(|word| !FILLERS.contains(&word.text.as_str()));
    }
    let fits: Vec<Vec<Vec<f64>>> = wanted
        .iter()
        .map(|word| {
            let mut exact = fits(word, Slips::None);
            match best(&exact) {
                best if best >= SAME => {
                    // It is a word of its own, so it is hardly meant as the beginning of another.
                    for fit in exact.iter_mut().flatten().filter(|fit| **fit < SAME) {
                        *fit *= BEGINS_ANOTHER;
                    }
                    exact
                }
                best if best >= FITS || wanted.len() == 1 && best > 0.0 => exact,
                _ => fits(word, Slips::Some),
            }
        })
        .collect();
    let mut found: Vec<Found<'a>> =
        (0..all.len()).filter_map(|at| judged(at, all[at], &texts[at], &fits)).collect();
    // Stable: equals stay in the order of their names.
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let best = found.first().map_or(0.0, |found| found.score);
    found.retain(|found| found.score >= best * BESIDE_THE_BEST);
    found
}

/// What has a `/` in it is a name, or its beginning or end: nothing else is meant by it.
fn called<'a>(query: &str, all: &[&'a Index]) -> Vec<Found<'a>> {
    let query = folded(query.trim());
    let fits = all.iter().enumerate().filter(|(_, index)| folded(&index.name).contains(&query));
    fits.map(|(at, _)| Found { at, reason: None, score: TITLE }).collect()
}

/// The texts that speak for a runbook: its own, and what others say of it.
fn texts_for<'a>(index: &'a Index, all: &[&'a Index]) -> Vec<&'a Searched> {
    let pointed = all.iter().flat_map(|other| &other.elsewhere);
    let pointed = pointed.filter(|(name, _)| index.is_called(name)).map(|(_, text)| text);
    index.texts.iter().chain(pointed).collect()
}

/// Judges one runbook; `fits` is by word, runbook and text.
fn judged<'a>(
    at: usize,
    index: &Index,
    texts: &[&'a Searched],
    fits: &[Vec<Vec<f64>>],
) -> Option<Found<'a>> {
    let mut score = 0.0;
    let mut held = 0;
    let lone = fits.len() == 1;
    let mut lines = vec![0.0; texts.len()];
    for by_runbook in fits {
        let fit = &by_runbook[at];
        let known = by_runbook.iter().filter(|fit| fit.iter().any(|f| *f >= FITS)).count();
        let all = u32::try_from(by_runbook.len()).unwrap_or(u32::MAX);
        let known = u32::try_from(known.max(1)).unwrap_or(u32::MAX);
        // A word that every runbook holds tells nothing about which one it is.
        let rare = (1.0 + f64::from(all) / f64::from(known)).ln();
        let name = fit.last().map_or(0.0, |fit| fit * TITLE);
        let mut best = name;
        for ((line, text), fit) in lines.iter_mut().zip(texts).zip(fit) {
            let counts = text.weight * fit;
            *line += counts * rare;
            best = best.max(counts);
        }
        let fits = fit.iter().copied().fold(0.0, f64::max);
        // Of a lone word even the first letters count: it is being typed.
        held += usize::from(fits >= FITS || (lone && fits > 0.0));
        score += best * rare;
    }
    if held * 2 < fits.len() {
        return None;
    }
    // One text that holds several of the words is more than several that hold one each. Of equals the first.
    let mut reason: Option<(usize, f64)> = None;
    for (line, counts) in lines.iter().enumerate() {
        if *counts > reason.map_or(0.0, |(_, most)| most) {
            reason = Some((line, *counts));
        }
    }
    score += reason.map_or(0.0, |(_, counts)| counts);
    if index.practice {
        score *= FOR_PRACTICE;
    }
    let reason = reason.map(|(line, _)| (texts[line].place.clone(), texts[line].text.as_str()));
    Some(Found { at, reason, score })
}

#[cfg(test)]
mod tests;
