//! A command that a person changes before it runs: the text they get, and what becomes of it.
//!
//! Only the program is theirs: the words, or the script. What it is given besides (variables, made files, standard input)
//! stays as the runbook has it, so no secret can be moved to where it would be seen.

use super::resolve::{Resolved, ResolvedProgram, quote};

/// Why a text is no command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Nothing is left of it.
    #[error("nothing is left to run")]
    Empty,
    /// A quote is not closed.
    #[error("a quote is not closed, or a backslash stands at the end")]
    Unclosed,
    /// What would need a shell, as it is written.
    #[error(
        "there is no shell here: `{0}` would be text like any other. Quote it if that is meant; write sh -c '…' if not"
    )]
    Operator(String),
    /// It is what the runbook has.
    #[error("nothing was changed; to run it as it is, retry it")]
    Same,
}

/// Returns the text that a person changes: the words quoted as a shell would want them, or the script.
pub fn text(of: &Resolved) -> String {
    match &of.program {
        ResolvedProgram::Words(words) => in_lines(words),
        ResolvedProgram::Script { text, .. } => text.clone(),
    }
}

/// Returns the same with the words in one line, or the script.
pub fn line(of: &Resolved) -> String {
    match &of.program {
        ResolvedProgram::Words(words) => {
            let quoted: Vec<_> = words.iter().map(|word| quote(word)).collect();
            quoted.join(" ")
        }
        ResolvedProgram::Script { text, .. } => text.clone(),
    }
}

/// How wide a line of words may become, in characters; what is wider goes on below. A new line is a
/// blank like any other.
const WIDEST: usize = 68;

fn in_lines(words: &[String]) -> String {
    let mut text = String::new();
    let mut width = 0;
    for word in words.iter().map(|word| quote(word)) {
        let wide = word.chars().count();
        if width > 0 && width + 1 + wide > WIDEST {
            text.push_str("\n   ");
            width = 3;
        }
        if width > 0 {
            text.push(' ');
            width += 1;
        }
        text.push_str(&word);
        width += wide;
    }
    text
}

/// Returns what a changed text becomes: shown and hashed like any other command.
pub fn edited(of: &Resolved, text: &str) -> Result<Resolved, EditError> {
    if text.trim().is_empty() {
        return Err(EditError::Empty);
    }
    let program = match &of.program {
        ResolvedProgram::Words(_) => {
            let words = shlex::split(&without_continuations(text)).ok_or(EditError::Unclosed)?;
            if let Some(operator) = for_a_shell(text) {
                return Err(EditError::Operator(operator));
            }
            if words.first().is_none_or(String::is_empty) {
                return Err(EditError::Empty);
            }
            ResolvedProgram::Words(words)
        }
        ResolvedProgram::Script { shell, .. } => {
            ResolvedProgram::Script { shell: *shell, text: text.to_owned() }
        }
    };
    if program == of.program {
        return Err(EditError::Same);
    }
    Ok(of.with(program))
}

/// A character of a text of words with the quote it stands in, if any; what a backslash hides counts as quoted by it.
fn quoted(text: &str) -> impl Iterator<Item = (char, Option<char>)> + '_ {
    let (mut quote, mut hidden) = (None, false);
    text.chars().map(move |c| {
        if std::mem::take(&mut hidden) {
            return (c, Some('\\'));
        }
        match (c, quote) {
            ('\\', None | Some('"')) => hidden = true,
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            _ => {}
        }
        (c, quote)
    })
}

/// A backslash at the end of a line joins it to the next one for a shell; here the new line alone parts words.
fn without_continuations(text: &str) -> String {
    let chars: Vec<(char, Option<char>)> = quoted(text).collect();
    let next = |at: usize| chars.get(at + 1).map(|(c, _)| *c);
    let continues = |at: usize| chars[at] == ('\\', None) && next(at) == Some('\n');
    (0..chars.len()).filter(|at| !continues(*at)).map(|at| chars[at].0).collect()
}

/// Returns the first place where a shell would do something that nothing does here: an operator outside quotes, a
/// variable or a command's output outside single ones.
fn for_a_shell(text: &str) -> Option<String> {
    let chars: Vec<(char, Option<char>)> = quoted(text).collect();
    let next = |at: usize| chars.get(at + 1).map_or(' ', |(c, _)| *c);
    let at = (0..chars.len()).find(|at| {
        let (c, quote) = chars[*at];
        let open = matches!(quote, None | Some('"'));
        match c {
            '|' | '&' | ';' | '<' | '>' => quote.is_none(),
            '`' => open,
            '$' => open && (next(*at).is_alphabetic() || "_({".contains(next(*at))),
            _ => false,
        }
    })?;
    let whole = chars[at..].iter().take_while(|(c, _)| !c.is_whitespace());
    Some(whole.take(20).map(|(c, _)| *c).collect())
}

#[cfg(test)]
mod tests {
    use super::super::model::Shell;
    use super::super::resolve::{ResolvedStdin, ResolvedValue};
    use super::*;

    fn call(program: ResolvedProgram) -> Resolved {
        let secret = ResolvedValue::Secret("password".into());
        let given = Resolved {
            program: ResolvedProgram::Words(Vec::new()),
            env: vec![("PGPASSWORD".into(), secret)],
            cwd: "/work".into(),
            stdin: ResolvedStdin::Value(ResolvedValue::Text("SELECT 1".into())),
            files: Vec::new(),
            shown: String::new(),
            digest: String::new(),
        };
        given.with(program)
    }

    fn words(words: &[&str]) -> Resolved {
        call(ResolvedProgram::Words(words.iter().map(ToString::to_string).collect()))
    }

    #[test]
    fn words_are_offered_quoted_and_read_back_as_the_same_words() {
        let psql = words(&["psql", "-d", "host=a dbname=b", "it's"]);
        assert_eq!(text(&psql), r"psql -d 'host=a dbname=b' 'it'\''s'");
        assert_eq!(edited(&psql, &text(&psql)), Err(EditError::Same));
    }

    #[test]
    fn a_long_command_goes_on_below_and_is_still_the_same_words() {
        let long: Vec<_> = (0..40).map(|n| format!("--option-{n}=a b")).collect();
        let call = call(ResolvedProgram::Words(long));
        let text = text(&call);
        assert!(
            text.lines().count() > 5 && text.lines().all(|line| line.len() <= WIDEST + 2),
            "{text}"
        );
        assert_eq!(edited(&call, &text), Err(EditError::Same));
        let pasted = text.replace('\n', " \\\n");
        assert_eq!(edited(&call, &pasted), Err(EditError::Same), "as it is pasted from a shell");
    }

    #[test]
    fn a_new_line_within_quotes_stays_what_it_is() {
        let psql = words(&["psql", "-c", "SELECT 1"]);
        let changed = edited(&psql, "psql -c 'SELECT \\\n2'").unwrap();
        let words = ["psql", "-c", "SELECT \\\n2"].map(ToOwned::to_owned);
        assert_eq!(changed.program, ResolvedProgram::Words(words.into()));
    }

    #[test]
    fn a_changed_command_is_shown_and_hashed_like_any_other() {
        let psql = words(&["psql", "-d", "orders"]);
        let changed = edited(&psql, "psql -d orders --no-password").unwrap();
        assert!(
            changed.shown.contains("PGPASSWORD=‹secret:password› psql -d orders --no-password")
        );
        assert!(changed.shown.contains("SELECT 1"), "{}", changed.shown);
        assert_eq!(changed.digest, words(&["psql", "-d", "orders", "--no-password"]).digest);
        assert_ne!(changed.digest, psql.digest);
        assert_eq!(changed.env, psql.env, "what it is given stays");
    }

    #[test]
    fn what_would_need_a_shell_is_refused_and_what_is_quoted_is_not() {
        let list = words(&["az", "list"]);
        assert_eq!(edited(&list, "az list | head"), Err(EditError::Operator("|".into())));
        assert_eq!(edited(&list, "az 'list"), Err(EditError::Unclosed));
        assert_eq!(edited(&list, "  "), Err(EditError::Empty));
        assert_eq!(edited(&list, "'' list"), Err(EditError::Empty));
        let queried = edited(&list, "az list --query '[?a>`0`] | [0]'").unwrap();
        assert!(
            queried.shown.ends_with("'[?a>`0`] | [0]' <<'END'\nSELECT 1\nEND"),
            "{}",
            queried.shown
        );
    }

    #[test]
    fn an_operator_that_is_quoted_is_a_word_like_any_other() {
        let rows = words(&["psql", "-At", "-F", "|", "-c", "SELECT 1"]);
        assert_eq!(text(&rows), "psql -At -F '|' -c 'SELECT 1'");
        let changed = edited(&rows, r"psql -At -F '|' -R \; -c 'SELECT $1 > 2; -- `x`'").unwrap();
        let expected = ["psql", "-At", "-F", "|", "-R", ";", "-c", "SELECT $1 > 2; -- `x`"];
        assert_eq!(changed.program, ResolvedProgram::Words(expected.map(Into::into).into()));
    }

    #[test]
    fn what_a_shell_would_do_is_refused_wherever_in_a_word_it_stands() {
        let list = words(&["az", "list"]);
        let refused = |text: &str, operator: &str| {
            assert_eq!(edited(&list, text), Err(EditError::Operator(operator.into())), "{text}");
        };
        refused("az list 2>/dev/null", ">/dev/null");
        refused("az list; az show", ";");
        refused("az list -n $NAME -g g", "$NAME");
        refused("az list -n \"${NAME}\"", "${NAME}\"");
        refused("az list -n $(cat name)", "$(cat");
        refused("az list -n \"`cat name`\"", "`cat");
        refused("curl https://x/?a=1&b=2", "&b=2");
        for kept in
            ["az list -n '^a$'", "az list -n \"^a$\"", "az list -n '$NAME'", "az list -n 5$"]
        {
            assert!(edited(&list, kept).is_ok(), "{kept}");
        }
    }

    #[test]
    fn a_script_is_changed_as_a_text_and_keeps_its_shell() {
        let script = call(ResolvedProgram::Script { shell: Shell::Bash, text: "a | b\n".into() });
        assert_eq!(text(&script), "a | b\n");
        let changed = edited(&script, "a | c\n").unwrap();
        let expected = ResolvedProgram::Script { shell: Shell::Bash, text: "a | c\n".into() };
        assert_eq!(changed.program, expected);
    }
}
