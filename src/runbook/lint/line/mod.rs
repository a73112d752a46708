//! One command with its words, wherever it was written: in `run`, in a script, in a file beside the runbook.

use super::super::shell::scan::{self, Output};
use crate::runbook::place::Place;
use crate::runbook::template::{Part, Word};
use std::ops::Range;

/// Words that stand before a program and start it.
const BEFORE: [&str; 18] = [
    "!", "if", "then", "else", "elif", "while", "until", "do", "{", "(", "sudo", "exec", "command",
    "nohup", "setpriv", "time", "timeout", "xargs",
];

/// A command as it is looked at.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its words without quotes, values by their names, each with its place. The first is the program.
    pub words: Vec<(String, Place)>,
    /// Where its output goes.
    pub output: Output,
    /// Nothing comes after it: its exit is the exit of the whole.
    pub last: bool,
    /// A list fills it with words that nobody can know here.
    pub open: bool,
}

impl Line {
    /// Reads a command line.
    pub fn of_words(words: &[Word]) -> Option<Self> {
        let spread = |part: &Part| matches!(part, Part::Var { spread: true, .. });
        let open = words.iter().any(|word| word.parts.iter().any(spread));
        let words = words.iter().map(|word| (word.to_string(), word.place)).collect();
        Self::of(words, Output::Shown, true, open)
    }

    /// Reads every command of a script; `place` finds its bytes again.
    pub fn of_script(script: &str, place: &dyn Fn(Range<usize>) -> Place) -> Vec<Self> {
        let commands = scan::commands(script);
        let count = commands.len();
        let lines = commands.into_iter().enumerate().filter_map(|(at, command)| {
            let word = |range: &Range<usize>| {
                let raw = &script[range.clone()];
                (raw.replace(['"', '\''], "").replace("\\\n", ""), place(range.clone()))
            };
            let words: Vec<_> = command.words.iter().map(word).collect();
            let open = words.iter().any(|(text, _)| text.contains("[@]") || text == "$@");
            Self::of(words, command.output, at + 1 == count, open)
        });
        lines.collect()
    }

    fn of(mut words: Vec<(String, Place)>, output: Output, last: bool, open: bool) -> Option<Self> {
        let sets = |word: &str| {
            let name = word.split_once('=').map(|(name, _)| name);
            name.is_some_and(|n| n.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
        };
        let program = words.iter().position(|(word, _)| {
            let number = word.starts_with(|c: char| c.is_ascii_digit());
            !BEFORE.contains(&word.as_str()) && !sets(word) && !number && !word.starts_with('-')
        })?;
        words.drain(..program);
        Some(Self { words, output, last, open })
    }

    /// Returns the program without its folder; a variable of that name stands for it.
    pub fn program(&self) -> &str {
        let word = self.words.first().map_or("", |(word, _)| word.as_str());
        let word = word.rsplit('/').next().unwrap_or(word);
        word.trim_matches(['$', '{', '}', ' '])
    }

    /// The place of the program.
    pub fn place(&self) -> Place {
        self.words.first().map_or(Place { start: 0, end: 0 }, |(_, place)| *place)
    }

    /// Whether it is this program with these subcommands.
    pub fn is(&self, program: &str, subcommands: &[&str]) -> bool {
        let words = self.words.iter().skip(1).map(|(word, _)| word.as_str());
        self.program() == program && words.take(subcommands.len()).eq(subcommands.iter().copied())
    }

    /// Whether it is this program, and the last of its subcommands this one.
    pub fn ends_in(&self, program: &str, verb: &str) -> bool {
        let words = self.words.iter().skip(1).map(|(word, _)| word.as_str());
        let last = words.take_while(|word| !word.starts_with('-')).last();
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
