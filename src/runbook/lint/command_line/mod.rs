//! One command with its words, wherever it was written: in `run`, in a script, in a file beside the runbook.
//!
//! The one reader of command lines for every lint. It sees through what only starts another program (`env`, `sudo`,
//! `timeout`) and into the text of `bash -c`: each program on the way is a line of its own.

mod wrappers;

use super::shell::scan::{self, Output, Simple};
use crate::runbook::place::Place;
use crate::runbook::template::{Part, Word};
use std::ops::Range;
use wrappers::{Behind, behind, is_keyword};

/// So deep one command line may stand within another.
const DEEPEST: usize = 8;

/// A command as it is looked at.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its words without quotes, values by their names, each with its place. The first is the program.
    pub words: Vec<(String, Place)>,
    /// Where its output goes.
    pub output: Output,
    /// Another command reads its output.
    pub piped: bool,
    /// Nothing comes after it: its exit is the exit of the whole.
    pub last: bool,
    /// A list fills it with words that nobody can know here.
    pub open: bool,
    /// A shell reads it: `*` and `$x` in it are not what they look like.
    pub shell: bool,
    /// The here-document that it reads.
    pub input: String,
}

/// The text of another shell in a command: `bash -c 'TEXT'`.
#[derive(Clone, Debug)]
pub struct Inner {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// The shell is told to mind the failures inside pipelines.
    pub pipefail: bool,
}

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// The commands, those that start others before what they start.
    pub lines: Vec<Line>,
    /// The texts of other shells among them.
    pub inner: Vec<Inner>,
}

impl Lines {
    /// Reads a command line.
    pub fn of_words(words: &[Word]) -> Self {
        let spread = |part: &Part| matches!(part, Part::Var { spread: true, .. });
        let open = words.iter().any(|word| word.parts.iter().any(spread));
        let words = words.iter().map(|word| (word.to_string(), word.place)).collect();
        let (output, input) = (Output::Shown, String::new());
        let mut lines = Self::default();
        let line = Line { words, output, piped: false, last: true, open, shell: false, input };
        lines.read(line, 0);
        lines
    }

    /// Reads every command of a script; `place` finds its bytes again.
    pub fn of_script(script: &str, place: &dyn Fn(Range<usize>) -> Place) -> Self {
        let mut lines = Self::default();
        lines.script(script, place, None, 0);
        lines
    }

    /// Reads a script; `around` is the command that has it among its words.
    fn script(
        &mut self,
        script: &str,
        place: &dyn Fn(Range<usize>) -> Place,
        around: Option<&Line>,
        depth: usize,
    ) {
        let commands = scan::commands(script);
        let ends = ends(script, &commands);
        for (at, command) in commands.into_iter().enumerate() {
            let word =
                |range: &Range<usize>| (unquoted(&script[range.clone()]), place(range.clone()));
            let words: Vec<_> = command.words.iter().map(word).collect();
            let mut line = Line {
                open: words.iter().any(|(text, _)| text.contains("[@]") || text == "$@"),
                words,
                output: command.output,
                piped: command.piped,
                last: ends.contains(&at),
                shell: true,
                input: command.input.map(|range| script[range].to_owned()).unwrap_or_default(),
            };
            if let Some(around) = around {
                line.last &= around.last;
                line.piped |= around.piped;
                if line.output == Output::Shown {
                    line.output = around.output;
                }
            }
            self.read(line, depth);
        }
    }

    /// Takes a line, and the one that it starts.
    fn read(&mut self, mut line: Line, depth: usize) {
        let keywords = line.words.iter().take_while(|(word, _)| is_keyword(word)).count();
        line.words.drain(..keywords);
        let texts: Vec<&str> = line.words.iter().map(|(word, _)| word.as_str()).collect();
        let part =
            |from: usize, to: usize| Line { words: line.words[from..to].to_vec(), ..line.clone() };
        let end = line.words.len();
        if end == 0 {
            return;
        }
        let next = behind(&texts);
        if depth >= DEEPEST || next == Behind::Nothing {
            self.lines.push(line);
            return;
        }
        match next {
            Behind::Program(at) => {
                self.lines.push(part(0, at));
                self.read(part(at, end), depth + 1);
            }
            Behind::Between(from, to) => {
                self.lines.push(line.clone());
                if from < to {
                    let mut inner = part(from, to);
                    inner.words = place_found(&inner.words, &line.words[1..]);
                    self.read(inner, depth + 1);
                }
            }
            Behind::Text(at) => {
                let (text, place) = line.words[at].clone();
                let pipefail = texts[..at].contains(&"pipefail");
                self.lines.push(line.clone());
                // Its quotes are gone, so nothing smaller than the word can be pointed at.
                self.script(&text, &|_| place, Some(&line), depth + 1);
                self.inner.push(Inner { text, place, pipefail });
            }
            Behind::Keyword(_) | Behind::Nothing => {}
        }
    }
}

/// More folders than these are not put in the place of each `{}`.
const FOLDERS: usize = 8;

/// Puts the folders that `find` looks in for the `{}` that stands for what it finds in them.
fn place_found(words: &[(String, Place)], find: &[(String, Place)]) -> Vec<(String, Place)> {
    let folders = || find.iter().take_while(|(word, _)| !word.starts_with(['-', '(', '!']));
    let words = words.iter().flat_map(|word| {
        let found = word.0 == "{}" && (1..=FOLDERS).contains(&folders().take(FOLDERS + 1).count());
        let words: Vec<_> = if found { folders().cloned().collect() } else { vec![word.clone()] };
        words
    });
    words.collect()
}

/// The commands whose exit is that of the script: its last, and the last of a function that it ends in.
fn ends(script: &str, commands: &[Simple]) -> Vec<usize> {
    let text = |command: &Simple| -> Vec<String> {
        command.words.iter().map(|word| unquoted(&script[word.clone()])).collect()
    };
    let closes = |command: &Simple| {
        let first = text(command).swap_remove(0);
        ["}", "fi", "done", "esac"].contains(&first.as_str())
    };
    let last = |function: Option<&str>| {
        let within = |command: &Simple| command.function.as_deref() == function;
        commands.iter().rposition(|command| within(command) && !closes(command))
    };
    let mut ends: Vec<usize> = Vec::new();
    let mut next = last(None);
    while let Some(at) = next.filter(|at| !ends.contains(at)) {
        ends.push(at);
        let words = text(&commands[at]);
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        while let Behind::Keyword(program) | Behind::Program(program) = behind(&words) {
            words.drain(..program);
        }
        next = words.first().and_then(|name| last(Some(name)));
    }
    ends
}

/// Takes the quotes off a word of a shell.
fn unquoted(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut quote = None;
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            ('\\', None) => text.extend(chars.next().filter(|next| *next != '\n')),
            ('\\', Some('"')) => match chars.peek() {
                Some('"' | '\\' | '$' | '`') => text.extend(chars.next()),
                Some('\n') => _ = chars.next(),
                _ => text.push(c),
            },
            (c, _) => text.push(c),
        }
    }
    text
}

impl Line {
    /// Returns the program without its folder; a variable of that name stands for it.
    pub fn program(&self) -> &str {
        let word = self.words.first().map_or("", |(word, _)| word.as_str());
        let word = word.rsplit('/').next().unwrap_or(word);
        word.trim_matches(['$', '{', '}', ' '])
    }

    /// Returns the words behind the program.
    pub fn rest(&self) -> impl Iterator<Item = &str> {
        self.words.iter().skip(1).map(|(word, _)| word.as_str())
    }

    /// The place of the program.
    pub fn place(&self) -> Place {
        self.words.first().map_or(Place { start: 0, end: 0 }, |(_, place)| *place)
    }

    /// Whether it is this program with these subcommands.
    pub fn is(&self, program: &str, subcommands: &[&str]) -> bool {
        self.program() == program
            && self.rest().take(subcommands.len()).eq(subcommands.iter().copied())
    }

    /// Whether it is this program, and the last of its subcommands this one.
    pub fn ends_in(&self, program: &str, verb: &str) -> bool {
        let last = self.rest().take_while(|word| !word.starts_with('-')).last();
        self.program() == program && last == Some(verb)
    }

    /// Whether one of these options is there, alone or with its value behind `=`.
    pub fn has(&self, options: &[&str]) -> bool {
        self.option(options).is_some()
    }

    /// Returns the value and the place of the first of these options: what stands behind `=`, or the next word.
    pub fn option(&self, options: &[&str]) -> Option<(&str, Place)> {
        self.values(options).next()
    }

    /// Returns every value of these options.
    pub fn values(&self, options: &[&str]) -> impl Iterator<Item = (&str, Place)> {
        let next = |at: usize| self.words.get(at + 1).map_or("", |(word, _)| word.as_str());
        self.words.iter().enumerate().filter_map(move |(at, (word, place))| {
            if options.contains(&word.as_str()) {
                return Some((next(at), *place));
            }
            let (name, value) = word.split_once('=')?;
            options.contains(&name).then_some((value, *place))
        })
    }
}
