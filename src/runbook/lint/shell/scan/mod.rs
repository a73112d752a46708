//! A reader of shell text that knows just enough: quotes, comments, here-documents, tests, cases, functions and where
//! commands begin.
//!
//! It is no parser. Where it cannot tell, it says nothing: a lint that cries wolf is switched off.

mod found;
mod heredoc;

pub use found::{Context, Output, Piece, Simple};

use heredoc::Heredoc;
use std::collections::VecDeque;
use std::ops::Range;

/// Finds what is worth a look in a script.
pub fn pieces(script: &str) -> Vec<Piece> {
    let mut scanner = Scanner::new(script);
    scanner.run();
    scanner.pieces
}

/// Finds the first thing that bash knows and `sh` may not.
pub fn only_bash(script: &str) -> Option<Range<usize>> {
    pieces(script).into_iter().find_map(|piece| match piece {
        Piece::Bash(range) => Some(range),
        _ => None,
    })
}

/// Finds the commands of a script. A function's output is taken for kept: where it goes is its caller's affair.
pub fn commands(script: &str) -> Vec<Simple> {
    let mut scanner = Scanner::new(script);
    scanner.run();
    for command in &mut scanner.commands {
        if command.function.is_some() && command.output == Output::Shown {
            command.output = Output::Kept;
        }
    }
    scanner.commands
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
    /// The function whose body begins next.
    defines: Option<String>,
    /// The functions that are being defined, each with the number of open braces outside its body.
    functions: Vec<(String, usize)>,
    /// Open `{` of groups and functions.
    braces: usize,
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
    /// Another command reads its output.
    piped: bool,
    /// Within the `( … )` of an array.
    array: bool,
    /// Open `case`s.
    cases: usize,
    /// A pattern of a `case` stands here, and no command.
    pattern: bool,
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
            defines: None,
            functions: Vec::new(),
            braces: 0,
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
                '#' if self.here.word.is_none() || (self.here.array && self.after_blank()) => {
                    self.at += rest.find('\n').unwrap_or(rest.len());
                }
                _ if self.here.array => {
                    self.here.array = c != ')';
                    self.step(c.len_utf8());
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
                _ if self.here.pattern => self.pattern(c),
                '<' | '>' if rest[1..].starts_with('(') => {
                    self.pieces.push(Piece::Bash(self.at..self.at + 2));
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
                '(' => self.open(rest),
                ')' => self.close(),
                ';' if self.here.cases > 0
                    && (rest.starts_with(";;") || rest.starts_with(";&")) =>
                {
                    self.end_command();
                    self.here.pattern = true;
                    self.at += if rest.starts_with(";;&") { 3 } else { 2 };
                }
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
        if name_at == 2 && rest[2 + end..].starts_with('[') {
            self.pieces.push(Piece::Bash(from..from + 2 + end + 1));
        }
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
        if rest.starts_with("<<<") {
            self.pieces.push(Piece::Bash(self.at..self.at + 3));
        }
        let long = ["<<<", ">>", ">&", ">|", "<&", "<>"].iter().find(|op| rest.starts_with(**op));
        self.at += long.map_or(1, |op| op.len());
    }

    /// Begins a subshell, an array or a function.
    fn open(&mut self, rest: &str) {
        let word = self.here.word.map(|start| start..self.at);
        if word.as_ref().is_some_and(|word| self.text[word.clone()].ends_with('=')) {
            self.pieces.extend(word.map(|word| Piece::Bash(word.start..self.at + 1)));
            self.here.array = true;
            self.step(1);
            return;
        }
        let name = word.or_else(|| self.here.words.first().cloned());
        if let Some(name) = name.filter(|_| rest.starts_with("()")) {
            self.defines = Some(self.text[name].to_owned());
            self.here.word = None;
            self.here.words.clear();
            self.at += 2;
            return;
        }
        self.end_command();
        self.here.parens += 1;
        self.at += 1;
    }

    /// Reads on in the pattern of a `case`: nothing of it is a command.
    fn pattern(&mut self, c: char) {
        match c {
            '|' | '(' | ';' => {
                self.end_word();
                self.at += 1;
            }
            ')' => {
                self.end_word();
                // Behind `esac` it closes something else.
                if !self.here.pattern {
                    self.close();
                    return;
                }
                self.here.pattern = false;
                self.at += 1;
            }
            c if c.is_whitespace() => {
                self.end_word();
                self.at += c.len_utf8();
                if c == '\n' {
                    self.read_heredocs();
                }
            }
            c => self.step(c.len_utf8()),
        }
        self.here.words.clear();
    }

    fn after_blank(&self) -> bool {
        self.text[..self.at].ends_with(char::is_whitespace)
    }

    /// Ends a subshell or a `$( … )`.
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
        let unsplit = self.is_assignment() && !self.here.array;
        if self.here.quoted || unsplit || self.here.pattern || self.command() == "case" {
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
        if !or {
            self.end_word();
            let harmless = matches!(self.command(), "echo" | "printf");
            self.pieces.push(Piece::Pipe { harmless, range: self.at..self.at + 1 });
            (self.here.output, self.here.piped) = (Output::Kept, true);
        }
        self.end_command();
        self.at += if or { 2 } else { 1 };
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
            "[[" => {
                if self.command().is_empty() {
                    self.pieces.push(Piece::Bash(word.clone()));
                }
                self.here.double_test = true;
            }
            "]]" => self.here.double_test = false,
            "esac" if self.here.pattern => {
                self.here.pattern = false;
                self.here.cases = self.here.cases.saturating_sub(1);
                return;
            }
            "{" if self
                .here
                .words
                .first()
                .is_some_and(|first| &self.text[first.clone()] == "function") =>
            {
                self.defines =
                    self.here.words.get(1).map(|name| self.text[name.clone()].to_owned());
                self.here.words.clear();
            }
            _ => {}
        }
        self.here.words.push(word);
        self.begin_case();
    }

    /// Behind `case WORD in` patterns begin.
    fn begin_case(&mut self) {
        let last = |back: usize| {
            let at = self.here.words.len().checked_sub(back)?;
            self.here.words.get(at).map(|word| &self.text[word.clone()])
        };
        if self.command() == "case" && last(1) == Some("in") && last(3) == Some("case") {
            self.end_command();
            self.here.cases += 1;
            self.here.pattern = true;
        }
    }

    fn end_command(&mut self) {
        self.end_word();
        if self.here.double_test {
            return;
        }
        let words = std::mem::take(&mut self.here.words);
        let mut output = std::mem::take(&mut self.here.output);
        let piped = std::mem::take(&mut self.here.piped);
        if !self.outside.is_empty() {
            output = Output::Kept;
        }
        let Some(first) = words.first().map(|word| &self.text[word.clone()]) else { return };
        match first {
            "{" => {
                self.functions.extend(self.defines.take().map(|name| (name, self.braces)));
                self.braces += 1;
            }
            "}" => self.braces = self.braces.saturating_sub(1),
            "esac" => self.here.cases = self.here.cases.saturating_sub(1),
            _ => {}
        }
        let function = self.functions.last().map(|(name, _)| name.clone());
        while self.functions.last().is_some_and(|(_, outside)| *outside == self.braces) {
            self.functions.pop();
        }
        // What only opens or closes a group is no command.
        if words.len() == 1 && matches!(first, "{" | "}") {
            return;
        }
        self.commands.push(Simple { words, output, piped, input: None, function });
        let owner = self.commands.len() - 1;
        for heredoc in self.heredocs.iter_mut().filter(|h| h.depth == self.outside.len()) {
            heredoc.owner.get_or_insert(owner);
        }
    }
}

#[cfg(test)]
mod tests;
