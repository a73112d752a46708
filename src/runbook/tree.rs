//! The spanned tree of a YAML file: every key and value with its bytes, and nothing that YAML could hide.
//!
//! We build it from parse events instead of deserializing, because a deserializer stops at its first complaint and an
//! author wants all of them. What makes a file mean something else than it shows is refused here, each with its
//! place: anchors and aliases (and with them every bomb), merge keys, tags, second documents, duplicate keys. Scalars
//! stay the text they were written as: `no` is "no", `1.0` is "1.0", `0o17` is "0o17".

use super::decode::span_of;
pub use super::decode::{LARGEST, decode};
use super::findings::{Findings, Says};
use super::place::{At, Place, Source};
use serde_yaml::granit_parser::{
    Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput, options,
};
use std::collections::HashSet;

/// Deeper than any runbook needs, far below what recursion could not bear.
const DEEPEST: usize = 32;

/// A file of one-letter items would reach this; a runbook of ten thousand steps does not.
const MOST_NODES: usize = 250_000;

/// A node and where it stands. The place of a mapping is its first key, of a list its first item.
#[derive(Debug)]
pub struct Node {
    /// What it holds.
    pub content: Content,
    /// Where it stands.
    pub place: Place,
}

/// What a node holds.
#[derive(Debug)]
pub enum Content {
    /// Nothing, `~` or `null`.
    Null,
    /// A text, number or boolean, as it was written.
    Scalar(String),
    /// Items.
    List(Vec<Node>),
    /// Keys and values, each key once.
    Map(Vec<(At<String>, Node)>),
    /// Something that was reported already; nobody should complain about it again.
    Broken,
}

impl Node {
    /// Says what it is, for "expected …, found …".
    pub fn kind(&self) -> &'static str {
        match self.content {
            Content::Null => "nothing",
            Content::Scalar(_) => "a plain value",
            Content::List(_) => "a list",
            Content::Map(_) => "a mapping",
            Content::Broken => "something unreadable",
        }
    }
}

/// The tree of a file, as far as it could be read.
#[derive(Debug)]
pub struct Tree {
    /// The outermost node.
    pub root: Node,
    /// False when reading stopped at a mistake: what is missing may be below it.
    pub whole: bool,
}

/// Reads the tree of a file. `None` when it could not be read to its end; the reason is among the findings.
pub fn read(source: &Source, findings: &mut Findings) -> Option<Node> {
    read_part(source, findings).filter(|tree| tree.whole).map(|tree| tree.root)
}

/// Reads the tree of a file as far as it can be read, so that the mistakes above a broken line are found as well.
pub fn read_part(source: &Source, findings: &mut Findings) -> Option<Tree> {
    if source.text.len() > LARGEST {
        findings.error(
            "RB001",
            Place::default(),
            Says::new(
                "the file is larger than 1 MiB",
                "runbooks are read by people",
                "Split it, and keep data in files beside it.",
            ),
        );
        return None;
    }
    if let Some(at) = source.text.find('\0') {
        findings.error(
            "RB002",
            span_of(at, at + 1),
            Says::new(
                "a NUL byte",
                "no command, file name or screen can hold it",
                "Remove it; a runbook is plain text.",
            ),
        );
        return None;
    }
    Builder::new(source, findings).build()
}

/// A mapping or list that is still open.
#[derive(Debug)]
enum Open {
    List { items: Vec<Node>, place: Place },
    Map(OpenMap),
}

#[derive(Debug)]
struct OpenMap {
    entries: Vec<(At<String>, Node)>,
    key: Option<Key>,
    seen: HashSet<String>,
    place: Place,
    /// It was reported as a whole: a value that begins with unquoted `{{`.
    broken: bool,
}

/// A key that waits for its value.
#[derive(Debug)]
enum Key {
    Text(At<String>),
    /// A key that was reported: its value is dropped.
    Bad,
}

struct Builder<'a> {
    source: &'a Source,
    findings: &'a mut Findings,
    stack: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
    /// Where the last value that begins with unquoted `{{` was reported.
    braces: Option<usize>,
}

impl<'a> Builder<'a> {
    fn new(source: &'a Source, findings: &'a mut Findings) -> Self {
        Self { source, findings, stack: Vec::new(), root: None, nodes: 0, braces: None }
    }

    fn build(mut self) -> Option<Tree> {
        let whole = self.events();
        // What was still open ends here.
        while !self.stack.is_empty() {
            self.close();
        }
        let nothing = Node { content: Content::Null, place: Place::default() };
        let root = self.root.or_else(|| whole.then_some(nothing));
        root.map(|root| Tree { root, whole })
    }

    /// Takes every event of the file; false when reading stopped at a mistake.
    fn events(&mut self) -> bool {
        let source = self.source.clone();
        let limits = options! {
            emit_unresolved_aliases: true,
            emit_anchor_events: true,
            flow_nesting_limit: DEEPEST * 2,
            block_nesting_limit: DEEPEST * 2,
        };
        let mut documents = 0;
        for next in Parser::<StrInput<'_>>::new_from_str_with_options(&source.text, limits) {
            let (event, span) = match next {
                Ok(next) => next,
                Err(error) => {
                    self.syntax(&error);
                    return false;
                }
            };
            if let Event::DocumentStart(..) = event {
                documents += 1;
                if documents > 1 {
                    self.second_document(span);
                    return true;
                }
            }
            if !self.event(event, span) {
                return false;
            }
        }
        true
    }

    /// Takes one event; false when reading on would be pointless.
    fn event(&mut self, event: Event<'_>, span: Span) -> bool {
        let place = self.place(span);
        if event.tag().is_some() {
            let place = span.tag_span().map_or(place, |tag| self.place(tag));
            self.tag(place);
        }
        match event {
            Event::Scalar(text, style, _, _) => {
                let null = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null");
                let content = if null { Content::Null } else { Content::Scalar(text.into_owned()) };
                self.node(Node { content, place });
            }
            Event::SequenceStart(..) => self.stack.push(Open::List { items: Vec::new(), place }),
            Event::MappingStart(..) => {
                let (entries, seen) = (Vec::new(), HashSet::new());
                let map = OpenMap { entries, key: None, seen, place, broken: false };
                self.stack.push(Open::Map(map));
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.alias(place, "an alias");
                self.node(Node { content: Content::Broken, place });
            }
            Event::Anchor(..) => self.alias(place, "an anchor"),
            _ => {}
        }
        self.within_limits(place)
    }

    fn within_limits(&mut self, place: Place) -> bool {
        let (what, why) = if self.stack.len() > DEEPEST {
            ("nested too deep", format!("a runbook never needs more than {DEEPEST} levels"))
        } else if self.nodes > MOST_NODES {
            ("too many parts", format!("more than {MOST_NODES} keys and values"))
        } else {
            return !self.findings.is_full();
        };
        let next = "Flatten it, or split the runbook.";
        self.findings.error("RB008", place, Says::new(what, why, next));
        false
    }

    fn close(&mut self) {
        let node = match self.stack.pop() {
            Some(Open::List { items, place }) => {
                let first = items.first().map(|item| item.place);
                let place = first.filter(|_| place.start == place.end).unwrap_or(place);
                Node { content: Content::List(items), place }
            }
            Some(Open::Map(OpenMap { entries, place, broken, .. })) => {
                let first = entries.first().map(|(key, _)| key.place);
                let content = if broken { Content::Broken } else { Content::Map(entries) };
                // A block mapping has no bracket to point at.
                let place = first.filter(|_| place.start == place.end).unwrap_or(place);
                Node { content, place }
            }
            None => return,
        };
        self.node(node);
    }

    /// Puts a finished node where it belongs: into the list, behind its key, or as a key.
    fn node(&mut self, node: Node) {
        self.nodes += 1;
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map(map)) => match map.key.take() {
                Some(Key::Text(key)) => map.entries.push((key, node)),
                Some(Key::Bad) => {}
                None => {
                    map.key = Some(Self::key(map, node, self.findings));
                    if map.broken {
                        self.braces = Some(map.place.start as usize);
                    }
                }
            },
        }
    }

    fn key(map: &mut OpenMap, node: Node, findings: &mut Findings) -> Key {
        let place = node.place;
        let name = match node.content {
            Content::Scalar(name) => name,
            Content::Null => "null".to_owned(),
            Content::Map(_) => {
                map.broken = true;
                findings.error("RB014", map.place, unquoted_braces());
                return Key::Bad;
            }
            Content::List(_) => {
                let next = "Write a word before the colon.";
                findings.error(
                    "RB012",
                    place,
                    Says::new("a list as a key", "keys are plain words", next),
                );
                return Key::Bad;
            }
            Content::Broken => return Key::Bad,
        };
        if name == "<<" {
            findings.error(
                "RB005",
                place,
                Says::new(
                    "a merge key",
                    "what is merged in would not be visible here, where it is read",
                    "Write the keys out.",
                ),
            );
            return Key::Bad;
        }
        if !map.seen.insert(name.clone()) {
            findings.error(
                "RB003",
                place,
                Says::new(
                    format!("duplicate key `{name}`"),
                    "the same key stands above it in the same mapping",
                    "Keep one of the two.",
                ),
            );
            return Key::Bad;
        }
        Key::Text(At::new(name, place))
    }

    fn tag(&mut self, place: Place) {
        self.findings.error(
            "RB006",
            place,
            Says::new(
                "a YAML tag",
                "every value is the text it is written as, and its key says its type",
                "Remove the tag; quote the value if it begins with `!`.",
            ),
        );
    }

    fn alias(&mut self, place: Place, what: &str) {
        self.findings.error(
            "RB004",
            place,
            Says::new(
                what,
                "a runbook is read top to bottom, so everything stands where it applies",
                "Write the value out; quote it if it begins with `&` or `*`.",
            ),
        );
    }

    fn second_document(&mut self, span: Span) {
        let place = self.place(span);
        self.findings.error(
            "RB007",
            place,
            Says::new(
                "a second document",
                "one file is one runbook",
                "Remove the `---`, or move the rest to a file of its own.",
            ),
        );
    }

    fn syntax(&mut self, error: &ScanError) {
        let at = self.byte(*error.marker());
        let place = span_of(at, at);
        let text = error.to_string();
        let text = text.split(" at char").next().unwrap_or(&text);
        let text = text.split(" at line").next().unwrap_or(text).trim();
        if text.contains("recursion limit") {
            let next = "Flatten it, or split the runbook.";
            let why = format!("a runbook never needs more than {DEEPEST} levels");
            self.findings.error("RB008", place, Says::new("nested too deep", why, next));
            return;
        }
        let line = line_around(&self.source.text, at);
        if self
            .braces
            .is_some_and(|before| before <= at && !self.source.text[before..at].contains('\n'))
        {
            // `{{ name }}/more` was reported already, and this is the rest of it.
            return;
        }
        let value = line.trim_start().trim_start_matches("- ");
        let value = value.split_once(": ").map_or(value, |(_, value)| value);
        let says = if value.trim_start().starts_with("{{") {
            unquoted_braces()
        } else {
            let next = "Mend this line and check again; what follows it was not read.";
            Says::new(format!("not valid YAML: {text}"), hint(text, line), next)
        };
        self.findings.error("RB002", place, says);
    }

    fn place(&self, span: Span) -> Place {
        span_of(self.byte(span.start), self.byte(span.end))
    }

    fn byte(&self, marker: Marker) -> usize {
        let text = &self.source.text;
        // Scan errors know characters only; everything else knows bytes.
        let count = || text.char_indices().nth(marker.index()).map_or(text.len(), |(byte, _)| byte);
        marker.byte_offset().unwrap_or_else(count).min(text.len())
    }
}

fn line_around(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |i| i + 1);
    let end = text[at..].find('\n').map_or(text.len(), |i| at + i);
    &text[start..end]
}

fn unquoted_braces() -> Says {
    Says::new(
        "a value that begins with an unquoted `{{`",
        "to YAML this is a mapping inside a mapping",
        "Quote the whole value: `\"{{ name }}\"`.",
    )
}

fn hint(message: &str, line: &str) -> &'static str {
    if line.contains('\t') && message.contains("tab") {
        "indentation is spaces only"
    } else if message.contains("mapping values are not allowed") {
        "a `: ` inside a value ends it; quote the value"
    } else {
        "the reader cannot go on from here"
    }
}
