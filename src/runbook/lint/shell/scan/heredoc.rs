//! Here-documents: text in a script that a command reads.

use super::{Context, Piece, Scanner};
use std::ops::Range;

/// A here-document that was announced.
pub(super) struct Heredoc {
    /// The word that ends it.
    end: String,
    /// Whether values are expanded in it.
    expands: bool,
    /// The command that reads it.
    command: String,
    /// How many `$( … )` are open around that command.
    pub(super) depth: usize,
    /// That command's place in the list, once it is read.
    pub(super) owner: Option<usize>,
}

impl Scanner<'_> {
    pub(super) fn heredoc(&mut self, rest: &str) {
        self.end_word();
        let after = rest[2..].strip_prefix('-').unwrap_or(&rest[2..]);
        let after = after.trim_start_matches([' ', '\t']);
        let length = after
            .find(|c: char| c.is_whitespace() || matches!(c, ';' | '|' | '&' | ')'))
            .unwrap_or(after.len());
        let word = &after[..length];
        let end: String = word.chars().filter(|c| !matches!(c, '\'' | '"' | '\\')).collect();
        let (expands, command) = (end == word, self.command().to_owned());
        let depth = self.outside.len();
        self.heredocs.push_back(Heredoc { end, expands, command, depth, owner: None });
        self.at += rest.len() - after.len() + length;
    }

    pub(super) fn read_heredocs(&mut self) {
        while let Some(heredoc) = self.heredocs.pop_front() {
            let from = self.at;
            let mut to = self.text.len();
            for line in self.text[from..].split_inclusive('\n') {
                let here = self.at;
                self.at += line.len();
                if line.trim() == heredoc.end {
                    to = here;
                    break;
                }
            }
            if let Some(owner) = heredoc.owner {
                self.commands[owner].input = Some(from..to);
            }
            if heredoc.expands {
                self.values_in(from..to, &heredoc.command);
            }
        }
    }

    fn values_in(&mut self, range: Range<usize>, command: &str) {
        let text = &self.text[range.clone()];
        for (at, _) in text.match_indices('$') {
            let rest = text[at + 1..].trim_start_matches('{');
            let end =
                rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            let name = &rest[..end];
            if name.starts_with("RB_") && !text[..at].ends_with('\\') {
                self.pieces.push(Piece::Value {
                    name: name.to_owned(),
                    context: Context::Heredoc,
                    command: command.to_owned(),
                    range: range.start + at..range.start + at + 1 + name.len(),
                });
            }
        }
    }
}
