//! A reader of shell text that knows just enough: quotes, comments, here-documents, tests and where commands begin.
//!
//! It is no parser. Where it cannot tell, it says nothing: a lint that cries wolf is switched off.

mod found;

pub use found::{Context, Output, Piece, Simple};

use std::collections::VecDeque;
use std::ops::Range;

/// Finds what is worth a look in a script.
pub fn pieces(script: &str) -> Vec<Piece> {
    let mut scanner = Scanner::new(script);
    scanner.run();
    scanner.pieces
}

/// Finds the commands of a script. A function's output is taken for kept: where it goes is its caller's affair.
pub fn commands(script: &str) -> Vec<Simple> {
    let mut scanner = Scanner::new(script);
    scanner.run();
    let functions: Vec<Range<usize>> = functions(script).collect();
    for command in &mut scanner.commands {
        let at = command.words.first().map_or(0, |word| word.start);
        if functions.iter().any(|body| body.contains(&at)) && command.output == Output::Shown {
            command.output = Output::Kept;
        }
    }
    scanner.commands
}

/// The bodies of `name() {`, up to the first `}` that stands as far to the left.
fn functions(script: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    let lines = script.split_inclusive('\n').map(move |line| {
        start += line.len();
        (start, line)
    });
    lines.filter_map(|(body, line)| {
        let indent = line.len() - line.trim_start().len();
        let (name, rest) = line.trim().split_once("()")?;
        if rest.trim() != "{" || name.contains(char::is_whitespace) {
            return None;
        }
        let end = format!("\n{}}}", &line[..indent]);
        let long = script[body - 1..].find(&end).unwrap_or(script.len() - body);
        Some(body..body + long)
    })
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    pieces: Vec<Piece>,
    commands: Vec<Simple>,
    /// The command that is being read.
    here: Frame,
    /// The commands around it, outermost first: each is waiting for its `$( … )` to end.
    outside: Vec<Frame>,
    /// Here-documents that begin after this line.
    heredocs: VecDeque<Heredoc>,
}

/// What is known of one command while it is read.
#[derive(Default)]
struct Frame {
    /// Its finished words.
    words: Vec<Range<usize>>,
    /// Where the word that is being read began.
    word: Option<usize>,
    /// Within double quotes.
    quoted: bool,
    /// Within `[[ … ]]`.
    double_test: bool,
    /// Open `(` of subshells.
    parens: usize,
    /// Open `((`.
    arithmetic: usize,
    /// The next word is the file of a redirection: whether of what is written to standard output.
    target: Option<bool>,
    /// Where its output goes.
    output: Output,
}

/// A here-document that was announced.
struct Heredoc {
    /// The word that ends it.
    end: String,
    /// Whether values are expanded in it.
    expands: bool,
    /// The command that reads it.
    command: String,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            pieces: Vec::new(),
            commands: Vec::new(),
            here: Frame::default(),
            outside: Vec::new(),
            heredocs: VecDeque::new(),
        }
    }

    fn run(&mut self) {
        while let Some(c) = self.text[self.at..].chars().next() {
            let rest = &self.text[self.at..];
            match c {
                '\\' if rest.starts_with("\\\n") && !self.here.quoted => {
                    self.end_word();
                    self.at += 2;
                }
                '\\' => self.step(2),
                '\'' if !self.here.quoted => {
                    let end = rest[1..].find('\'').map_or(rest.len(), |end| end + 2);
                    self.step(end);
                }
                '"' => {
                    self.here.quoted = !self.here.quoted;
                    self.step(1);
                }
                '$' if rest.starts_with("$((") => {
                    self.step(3);
                    self.here.arithmetic += 1;
                }
                '$' => self.dollar(rest),
                _ if self.here.quoted => self.step(c.len_utf8()),
                '#' if self.here.word.is_none() => {
                    self.at += rest.find('\n').unwrap_or(rest.len());
                }
                '(' if rest.starts_with("((")
                    && self.here.words.is_empty()
                    && self.here.word.is_none() =>
                {
                    self.here.arithmetic += 1;
                    self.at += 2;
                }
                ')' if self.here.arithmetic > 0 && rest.starts_with("))") => {
                    self.here.arithmetic -= 1;
                    self.step(2);
                }
                _ if self.here.arithmetic > 0 => self.step(c.len_utf8()),
                '<' if rest.starts_with("<<") && !rest.starts_with("<<<") => self.heredoc(rest),
                '<' | '>' if rest[1..].starts_with('(') => {
                    self.step(2);
                    self.outside.push(std::mem::take(&mut self.here));
                }
                '<' | '>' if !self.here.double_test => self.redirect(rest),
                '&' if rest.starts_with("&>") => self.at += 1,
                '|' => self.bar(rest),
                '\n' => {
                    self.end_command();
                    self.at += 1;
                    self.read_heredocs();
                }
                '(' => {
                    self.end_command();
                    self.here.parens += 1;
                    self.at += 1;
                }
                ')' => self.close(),
                ';' | '&' | '`' => {
                    self.end_command();
                    self.at += 1;
                }
                c if c.is_whitespace() => {
                    self.end_word();
                    self.at += c.len_utf8();
                }
                c => self.step(c.len_utf8()),
            }
        }
        self.end_command();
    }

    /// Takes characters into the current word.
    fn step(&mut self, bytes: usize) {
        self.here.word.get_or_insert(self.at);
        self.at = (self.at + bytes).min(self.text.len());
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
    }

    fn dollar(&mut self, rest: &str) {
        let from = self.at;
        let name_at = if rest.starts_with("${") { 2 } else { 1 };
        let name = &rest[name_at..];
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
        let name = &name[..end];
        // `$(` begins a command of its own, also within quotes: `"$(cat "$x")"`.
        if rest.starts_with("$(") {
            self.step(2);
            self.outside.push(std::mem::take(&mut self.here));
            return;
        }
        let context = self.context();
        // `${x#*|}`: what stands behind the name is a pattern, not shell text.
        let braces = if name_at == 2 { rest.find('}').map(|end| end + 1) } else { None };
        self.step(braces.unwrap_or(name_at + end));
        if !name.starts_with("RB_") {
            return;
        }
        let command = match context {
            Context::Quoted => self.program_text(),
            _ => String::new(),
        };
        let (name, range) = (name.to_owned(), from..self.at);
        self.pieces.push(Piece::Value { name, context, command, range });
    }

    /// Reads the operator of a redirection; the word that follows is its file.
    fn redirect(&mut self, rest: &str) {
        let before = self.here.word.map(|start| &self.text[start..self.at]);
        let stream = before.filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
        let output = rest.starts_with('>') && stream.is_none_or(|stream| stream == "1");
        if stream.is_some() {
            self.here.word = None;
        } else {
            self.end_word();
        }
        self.here.target = Some(output);
        let long = ["<<<", ">>", ">&", ">|", "<&", "<>"].iter().find(|op| rest.starts_with(**op));
        self.at += long.map_or(1, |op| op.len());
    }

    /// Ends a subshell, a pattern of a `case`, or a `$( … )`.
    fn close(&mut self) {
        self.end_command();
        self.at += 1;
        if self.here.parens > 0 {
            self.here.parens -= 1;
        } else if let Some(outside) = self.outside.pop() {
            self.here = outside;
        }
    }

    fn context(&self) -> Context {
        if self.here.arithmetic > 0 || self.command() == "let" {
            return Context::Arithmetic;
        }
        if self.here.double_test {
            let line = self.text[self.here.words.first().map_or(self.at, |word| word.start)..]
                .lines()
                .next();
            let compares = |op: &str| line.is_some_and(|line| line.contains(op));
            let number =
                [" -eq ", " -ne ", " -lt ", " -le ", " -gt ", " -ge "].into_iter().any(compares);
            return if number { Context::NumberTest } else { Context::Quoted };
        }
        if self.here.quoted || self.is_assignment() || self.command() == "case" {
            return Context::Quoted;
        }
        Context::Bare
    }

    /// Whether the current word is `name=…` before any command: the shell does not split it.
    fn is_assignment(&self) -> bool {
        let Some(start) = self.here.word else { return false };
        let word = &self.text[start..self.at];
        let plain = |name: &str| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let leads =
            self.here.words.is_empty() || ["export", "local", "readonly"].contains(&self.command());
        leads && word.split_once('=').is_some_and(|(name, _)| plain(name))
    }

    /// The command that is being read, without its folder.
    fn command(&self) -> &str {
        let words = self.here.words.iter().map(|word| &self.text[word.clone()]);
        let mut words = words.skip_while(|word| {
            word.contains('=')
                || matches!(
                    *word,
                    "!" | "then"
                        | "do"
                        | "else"
                        | "if"
                        | "while"
                        | "until"
                        | "sudo"
                        | "exec"
                        | "{"
                        | "setpriv"
                        | "nohup"
                        | "time"
                )
        });
        let word = words.next().unwrap_or_default();
        word.rsplit('/').next().unwrap_or(word)
    }

    /// The command, if the current word is one that it reads as a program: after `-c` or `-e`, or ssh's command.
    fn program_text(&self) -> String {
        let command = self.command();
        let last = self.here.words.last().map(|word| &self.text[word.clone()]).unwrap_or_default();
        let flag = last.starts_with('-') && !last.starts_with("--") && last.ends_with(['c', 'e']);
        let remote = command == "ssh" && self.here.words.len() > 1 && !last.starts_with('-');
        let first = matches!(command, "awk" | "jq") && self.here.words.len() == 1;
        if flag || remote || first { command.to_owned() } else { String::new() }
    }

    fn bar(&mut self, rest: &str) {
        let or = rest.starts_with("||");
        if !or && !self.in_case_pattern() {
            self.end_word();
            let harmless = matches!(self.command(), "echo" | "printf");
            self.pieces.push(Piece::Pipe { harmless, range: self.at..self.at + 1 });
            self.here.output = Output::Kept;
        }
        self.end_command();
        self.at += if or { 2 } else { 1 };
    }

    /// `a|b)` of a `case`: nothing but words stands between the line's start and its first `)`.
    fn in_case_pattern(&self) -> bool {
        let start = self.text[..self.at].rfind('\n').map_or(0, |at| at + 1);
        let line = self.text[start..].lines().next().unwrap_or_default();
        let Some((pattern, _)) = line.split_once(')') else { return false };
        let word = |word: &str| !word.is_empty() && !word.contains([' ', '(', '$']);
        start + pattern.len() > self.at && pattern.trim().split('|').all(|w| word(w.trim()))
    }

    fn end_word(&mut self) {
        let Some(start) = self.here.word.take() else { return };
        let word = start..self.at;
        if let Some(output) = self.here.target.take() {
            match &self.text[word] {
                "/dev/null" if output => self.here.output = Output::Dropped,
                "2" => {}
                _ if output => self.here.output = Output::Kept,
                _ => {}
            }
            return;
        }
        match &self.text[word.clone()] {
            "eval" if self.command().is_empty() => self.pieces.push(Piece::Eval(word.clone())),
            "[[" => self.here.double_test = true,
            "]]" => self.here.double_test = false,
            _ => {}
        }
        self.here.words.push(word);
    }

    fn end_command(&mut self) {
        self.end_word();
        if self.here.double_test {
            return;
        }
        let words = std::mem::take(&mut self.here.words);
        let mut output = std::mem::take(&mut self.here.output);
        if !self.outside.is_empty() {
            output = Output::Kept;
        }
        if !words.is_empty() {
            self.commands.push(Simple { words, output });
        }
    }

    fn heredoc(&mut self, rest: &str) {
        self.end_word();
        let after = rest[2..].strip_prefix('-').unwrap_or(&rest[2..]);
        let after = after.trim_start_matches([' ', '\t']);
        let length = after
            .find(|c: char| c.is_whitespace() || matches!(c, ';' | '|' | '&' | ')'))
            .unwrap_or(after.len());
        let word = &after[..length];
        let end: String = word.chars().filter(|c| !matches!(c, '\'' | '"' | '\\')).collect();
        let (expands, command) = (end == word, self.command().to_owned());
        self.heredocs.push_back(Heredoc { end, expands, command });
        self.at += rest.len() - after.len() + length;
    }

    fn read_heredocs(&mut self) {
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

#[cfg(test)]
mod tests;
