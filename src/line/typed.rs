//! What can be typed at the prompt of line mode. One table feeds reading, the hint line and help.

/// A verb of the prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Start what is shown.
    Run,
    /// Tick what was said or done by hand.
    Done,
    /// Answer yes.
    Yes,
    /// Answer no.
    No,
    /// Answer that one cannot tell.
    Unsure,
    /// Run the evidence check.
    Check,
    /// Choose an outcome.
    Choose,
    /// Run the probe.
    Probe,
    /// Say what was seen: `settle done how`.
    Settle,
    /// Do the fix that belongs to the failure.
    Fix,
    /// Start a step again.
    Again,
    /// Take the way back of a step.
    Undo,
    /// Change the command first.
    Edit,
    /// Put off, where the runbook offers it.
    Defer,
    /// Skip with a reason.
    Skip,
    /// Clear what a step raised.
    Clear,
    /// Show the whole output of the last command of a step.
    Output,
    /// Show all steps.
    Steps,
    /// Take a note.
    Note,
    /// Ask the running command to stop.
    Interrupt,
    /// Put on hold and leave.
    Hold,
    /// Stop the run on purpose.
    Stop,
    /// End the run and go on in another runbook.
    Instead,
    /// Close the run.
    Close,
    /// Leave; commands go on.
    Quit,
    /// Explain.
    Help,
}

/// Every verb: the word, what follows it, what it does.
pub const VERBS: &[(Verb, &str, &str, &str)] = &[
    (Verb::Run, "run", "", "start what is shown; a change asks once more"),
    (Verb::Done, "done", "[words]", "it is said, or done by hand"),
    (Verb::Yes, "yes", "[why]", "answer the question"),
    (Verb::No, "no", "[why]", "answer the question"),
    (Verb::Unsure, "unsure", "[why]", "answer the question: cannot tell"),
    (Verb::Check, "check", "", "run the read-only evidence check of the question"),
    (Verb::Choose, "choose", "OUTCOME [why]", "decide"),
    (Verb::Probe, "probe", "", "read only: did it happen?"),
    (Verb::Settle, "settle", "done|not-started|failed HOW", "say what you saw, and how you know"),
    (Verb::Fix, "fix", "[FIX]", "do the known fix first, then this step again"),
    (Verb::Again, "again", "[STEP]", "start a step again; take up one that was put off"),
    (Verb::Edit, "edit", "", "change the command, then start the step; recorded as a deviation"),
    (Verb::Undo, "undo", "STEP", "take the way back of an open change"),
    (Verb::Defer, "defer", "WHY", "put this step off, as its runbook offers; it becomes due"),
    (Verb::Skip, "skip", "WHY", "leave this step out; recorded as a deviation"),
    (Verb::Clear, "clear", "STEP HOW", "clear what a step raised"),
    (Verb::Output, "output", "[STEP]", "the whole output of the last command"),
    (Verb::Steps, "steps", "", "all steps and how they stand"),
    (Verb::Note, "note", "TEXT", "take a note into the journal"),
    (Verb::Interrupt, "interrupt", "", "ask the running command to stop"),
    (Verb::Hold, "hold", "WHY", "put the run on hold and leave"),
    (Verb::Stop, "stop", "WHY", "end the run here; what is open is listed"),
    (Verb::Instead, "instead", "RUNBOOK WHY", "end the run here, go on in a runbook it names"),
    (Verb::Close, "close", "", "close the run"),
    (Verb::Quit, "quit", "", "leave; commands go on; `rutter resume` comes back"),
    (Verb::Help, "help", "", "this list"),
];

/// The word of a verb.
pub fn word(verb: Verb) -> &'static str {
    VERBS.iter().find(|(v, ..)| *v == verb).map_or("", |(_, word, ..)| word)
}

/// How a verb is typed, with what follows it.
pub fn usage(verb: Verb) -> String {
    let row = VERBS.iter().find(|(known, ..)| *known == verb);
    row.map_or(String::new(), |(_, word, more, _)| format!("{word} {more}"))
}

/// The first word of what follows a verb, and the rest.
pub fn first_word(text: &str) -> (String, String) {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (first.to_owned(), rest.trim().to_owned())
}

/// A typed line, split into its verb and the rest; or what could have been meant.
pub fn read(line: &str) -> Result<(Verb, &str), Option<&'static str>> {
    let line = line.trim();
    let (first, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let found = VERBS.iter().find(|(_, word, ..)| *word == first);
    if let Some((verb, ..)) = found {
        return Ok((*verb, rest.trim()));
    }
    let near = VERBS.iter().map(|(_, word, ..)| (strsim::damerau_levenshtein(word, first), *word));
    // At least one typed letter has to be right, or every short word would be near to every other.
    let limit = first.chars().count().saturating_sub(1).min(2);
    Err(near.filter(|(distance, _)| *distance <= limit).min().map(|(_, word)| word))
}

/// Says which words can be typed now: `Type run, skip, note, help or quit.`
pub fn hint(verbs: &[Verb]) -> String {
    let words: Vec<_> = verbs.iter().map(|verb| word(*verb)).collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => format!("Type {last}."),
        Some((last, rest)) => format!("Type {} or {last}.", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_verb_and_the_rest() {
        assert_eq!(read("  skip  the copy exists "), Ok((Verb::Skip, "the copy exists")));
        assert_eq!(read("run"), Ok((Verb::Run, "")));
    }

    #[test]
    fn a_near_miss_is_named_and_never_run() {
        assert_eq!(read("rnu"), Err(Some("run")));
        assert_eq!(read("destroy everything"), Err(None));
        assert_eq!(read("r"), Err(None), "no abbreviation starts anything");
    }

    #[test]
    fn no_word_is_listed_twice() {
        let mut words: Vec<_> = VERBS.iter().map(|(_, word, ..)| *word).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), VERBS.len());
    }

    #[test]
    fn a_hint_names_the_suggested_word_first() {
        assert_eq!(hint(&[Verb::Run, Verb::Skip, Verb::Quit]), "Type run, skip or quit.");
    }
}
