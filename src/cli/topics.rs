//! The topics of `rutter help`: what is too long for a flag's line.

use super::exit;
use crate::runbook::lint;
use std::fmt::Write;

/// A topic: its name, what it is about, and its text.
pub struct Topic {
    /// What is typed.
    pub name: &'static str,
    /// One line for the list of topics.
    pub about: &'static str,
    text: fn() -> String,
}

impl Topic {
    /// Returns the text, at most eighty columns wide.
    pub fn text(&self) -> String {
        (self.text)()
    }
}

/// Every topic, in the order in which they are listed.
pub const ALL: [Topic; 7] = [
    Topic { name: "exit-codes", about: "what the program's exit says", text: exit_codes },
    Topic { name: "files", about: "where things lie, and in which order", text: || FILES.into() },
    Topic { name: "findings", about: "what `rutter check` looks for, by code", text: findings },
    Topic { name: "guards", about: "what is asked before a command runs", text: || GUARDS.into() },
    Topic {
        name: "journal",
        about: "what is recorded, and what proves it",
        text: || JOURNAL.into(),
    },
    Topic {
        name: "rehearsal",
        about: "what is simulated, and what a debrief counts",
        text: || REHEARSAL.into(),
    },
    Topic { name: "writing", about: "how to write a runbook", text: || WRITING.into() },
];

fn exit_codes() -> String {
    let mut text = String::from("How a command ends, for scripts.\n\n");
    for (_, code, meaning) in exit::TABLE {
        let _ = writeln!(text, "{code:>4}  {meaning}"); // writing to a string cannot fail
    }
    text.push_str("\nWhen several apply: 5, then 7, then 1, then 6.\n");
    text
}

fn findings() -> String {
    let mut text = String::from(
        "What `rutter check` looks for. Each finding says where, why, and what to do
next. Errors keep a runbook from being run; the rest are warnings, which
--strict counts as well. There is no way to switch one off: where it is wrong,
write the step so that it shows what is meant.

",
    );
    for (code, about) in lint::CODES {
        let _ = writeln!(text, "{code:>7}  {about}");
    }
    text
}

const REHEARSAL: &str = "\
A rehearsal is a run in which nothing is real but you.

Steps, keys, guards, journal and resume are those of a live run. Where a live
run starts the command that is shown, a rehearsal plays what a scenario of the
runbook answers. No command is run, no tool, account or secret is needed.

  rutter rehearse --list           what can be rehearsed, and when it was
  rutter rehearse --quick          a scenario of about five minutes
  rutter journal show --debrief    what the last one leaves to talk about

Time: a command takes a moment, three seconds at most; --speed N makes it
shorter or longer. Clocks show the time of the story, and the drill clock adds
up the story's commands and your own time. Away is not counted.

The world remembers. What a step changes there, later answers depend on, so a
step that was left out has its consequence. A command that was lost has
happened, though nobody saw it; one that was interrupted has not.

A debrief marks nobody. As wrong turns it lists, by these rules and no others:
  - tried again after a failure with nothing looked at and nothing changed
  - tried again, or skipped, without the fix that is known for the failure
  - done again while the outcome before was unknown
  - a question answered anew, a decision taken back

Scenarios are files in scenarios/ beside runbook.yaml. For each command, by
its step's ID (ID/probe, ID/undo, ID/q2, needs/ID), they list answers; the
first that fits the attempt and the state of the world holds:

  restore:
    - {attempt: 1, trouble: lost, takes: 22m, set: {copy: ready}}
    - {output: \"{{ new_server }} is ready\", set: {copy: ready}}
  compare: [{when: {writers: running}, exit: 1}, {output_file: equal.txt}]
  ready: [{polls: [{exit: 3}, {output: Ready}]}]

What is judged by its exit alone, and every tool of `needs`, answers well when
nothing is written. A manual step may `set` too. `rutter check` names answers
that are missing.

A file in answers/ walks a scenario without a person. It is named after it, up
to its first dot: answers/lost.yaml, and other ways through the same story
answers/lost.second-try.yaml. Lists hold one answer for each time:

  point: {outcome: [other, use], why: the first was too late}
";

const FILES: &str = "\
Where things lie. `rutter paths` prints the places in use.

  $XDG_CONFIG_HOME/rutter/config.yaml      settings: environments, operator
  $XDG_CONFIG_HOME/rutter/runbooks/        your own runbooks
  $XDG_DATA_HOME/rutter/journals/RUN/      one folder for each run
  $XDG_DATA_HOME/rutter/anchors.jsonl      the newest known head of every run

Without these variables: ~/.config and ~/.local/share. A flag wins over a
variable: --config and RUTTER_CONFIG, --journal-dir and RUTTER_JOURNAL_DIR.

Runbooks are looked for in this order:

  1  --runbooks DIR, as often as given
  2  RUTTER_RUNBOOKS, folders separated as in PATH
  3  .rutter/runbooks and runbooks/ here and in every folder above
  4  your own folder beside the settings
  5  inside the program

A runbook is a folder SYSTEM/NAME with runbook.yaml, scenarios/ and whatever
it uses; a lone NAME.yaml will do. Same name and same bytes are one runbook.
Where they differ, the first is taken, `list` says so, and `run` asks for the
full name.

Settings, for a runbook that needs an environment:

  environments:
    prod:
      word: PROD                # shown on every screen
      class: prod               # prod, staging or dev
      values: {resource_group: rg-shop}   # fill parameters of that name
";

const GUARDS: &str = "\
What is asked before a command runs depends on its hazard, never on habit.

  read           nothing: it only looks
  change         the full command, its target and the way back are shown; then
                 it is armed and started by a word of its own
  destructive    as change; before that the target's name is typed
  irreversible   as destructive; before that a reason and a witness are named.
                 Without a terminal it is always refused

A hazard stands in the runbook. `rutter check` says when it looks too low for
what the command does, and nobody can switch a guard off.

A command that a person types for the runbook's (edit) counts as a change at
least, whatever its step is: nobody declared what it does. The target's name
and a reason are typed, and it stays an open change. A read-only run starts
none; a wait keeps its command, because it repeats it by itself; and no secret
may stand in it.

Without a terminal, --answers FILE gives every answer, the target's name
included; --confirm TARGET gives the name on the command line instead. An
answer that starts something again (retry, fix, not_started, an outcome that
opens steps again) counts once; a list holds one for each attempt. `fix` is for
the failure that was recognized; for any other the run stops for a person.

A command whose end was not seen is UNKNOWN. It is never repeated by itself:
its probe is asked, or a person says what happened. Until then nothing that
comes after it starts.
";

const JOURNAL: &str = "\
Every run writes a journal: one line for each thing that happened, with time,
observed identity, and a hash over the line and the one before it. A record
is on disk before anything it speaks of is believed.

  rutter journal list                     all runs, newest first
  rutter journal show RUN                 what happened, readable
  rutter journal verify RUN               is the chain whole, and how far
  rutter journal head RUN                 the code to keep elsewhere
  rutter journal export RUN --format md   for the review

The chain proves that nothing inside was changed. That nothing was cut off at
the end is proved by a head that is known outside the file: anchors.jsonl
keeps one for every run, and the code at the end of a run belongs into the
incident channel. `verify` says to which head its proof reaches.

What a command printed lies beside the journal, in output/, with its size and
hash in the record. Secrets are masked in both, before they are written.

A closed journal stays closed. What was put off in its run and was done since,
`rutter done RUN STEP TEXT` records in a chain of its own beside it, in later/;
`verify` reads that too, and what does not hold there counts as not done.
";

const WRITING: &str = "\
Begin with a copy of lab/example: it has every kind of step, with remarks.

  rutter show lab/example                 as people read it
  rutter check ./NAME                     every mistake at once, with its line
  rutter plan ./NAME -p name=value        the commands as they would run

Three ways to act:

  run:     one command line. It is split into words when the file is read, and
           a value fills a place inside a word: no shell, no second word.
  script:  constant shell text. Values reach it as variables, RB_NAME, to be
           used in double quotes.
  manual:  something a person does and ticks.

and two more: decide: asks for a decision, wait: asks a command again and
again until it says what is wanted.

Values under params: are asked for on the form before a run is open. Where a
person would have to look one up, write how, and the form offers it:

  server: {type: name, discover: {run: az server list, json: \"[].name\"}}
  tag:    {type: name, discover: {run: git tag, text: \"(?m)^v.+$\"}}

The command must only read. It is shown, runs when a key says so, for 10 s at
most, and is in no journal, for there is no run yet; json: or text: says what
of its answer is offered, and only what fits the type is. In a rehearsal the
scenario gives the values, so nothing is discovered.

A choice takes one of a list and nothing else: written, or, for what a step
asks inside the run, from the output of an earlier step:

  size:   {type: choice, choices: [small, large]}
  backup: {type: choice, choices: {from: list-backups, json: \"[].name\"}}

The second list is taken when that step ends, at most 4 KiB of it, and is in
the journal. Where the step was left out there is none, and the value is typed.

A night rarely ends where a procedure ends. What a step or an outcome may say:

  defer: {for: 24h, why: ...}      it may be put off; it is due then, in status
                                 and on the home screen
  closes: [build, switch]        these changes are not open any more: taken
                                 back, or meant to stay
  raises: {note, owner, due}     must be cleared before the run can close
  call: {who, after, after_failures}    whom to call, and when
  again: STEP                    an outcome that opens that step again, and
                                 what came after it
  go: SYSTEM/NAME                an outcome that ends this run and goes on in
                                 another runbook; with: gives it values
  not_when: [{when, go}]         of the runbook: which one is right instead

`hints` and `meanwhile` are read, and nothing shows them yet.

Write for somebody who is tired: imperative, present, short, one action for
each line. Name the real thing. Say what is expected, and what to do when it
does not come. At most nine steps in a phase, at most 76 columns in a line.
A step that changes something has a target, a way back or the reason why there
is none, and a probe that answers `did it happen?`.
";
