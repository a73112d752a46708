//! The settings file: environments with their values, and who acts.

use crate::runbook::parse::fields::Fields;
use crate::runbook::parse::reader::Reader;
use crate::runbook::place::{At, Finding};
use crate::runbook::tree::{self, Content, Node};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The widest word for an environment; it stands in the frame of every screen.
const WIDEST_WORD: usize = 12;
/// Settings that the design names and no part of the program obeys yet. One that is silently ignored would be a lie.
const NOT_YET: [&str; 2] = ["anchor", "guard"];

/// What a settings file says; the defaults where it is silent or absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Environments by name.
    pub environments: BTreeMap<String, Environment>,
    /// Who acts, when the command line does not say.
    pub operator: Option<String>,
}

/// An environment a runbook can be run against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// The word on the screen: `PROD`.
    pub word: String,
    /// How careful to be.
    pub class: Class,
    /// Nothing above `read` may start.
    pub read_only: bool,
    /// Values that fill parameters of the same name.
    pub values: BTreeMap<String, String>,
}

/// How careful to be in an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// People depend on it.
    Prod,
    /// As production, without the people.
    Staging,
    /// For trying things out.
    Dev,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file is there, or was named, and cannot be read.
    #[error("the settings file {path} cannot be read: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file says something that cannot be.
    #[error("the settings file cannot be used")]
    Wrong(Vec<Finding>),
}

impl Settings {
    /// Reads the settings file. One that nobody named may be absent.
    pub fn read(path: &Path, named: bool) -> Result<Self, SettingsError> {
        match fs::read(path) {
            Ok(bytes) => Self::parse(&path.to_string_lossy(), &bytes).map_err(SettingsError::Wrong),
            Err(source) if source.kind() == io::ErrorKind::NotFound && !named => {
                Ok(Self::default())
            }
            Err(source) => Err(SettingsError::Io { path: path.to_path_buf(), source }),
        }
    }

    /// Reads the text of a settings file; every mistake is told at once.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self, Vec<Finding>> {
        let source = tree::decode(name, bytes).map_err(|finding| vec![*finding])?;
        let mut reader = Reader::new(&source);
        let settings = match tree::read(&source, &mut reader.findings) {
            // An empty file, or one of comments only.
            Some(Node { content: Content::Null, .. }) => Some(Self::default()),
            Some(node) => settings(&node, &mut reader),
            None => None,
        };
        match settings {
            Some(settings) if reader.findings.is_empty() => Ok(settings),
            _ => Err(reader.findings.into_sorted()),
        }
    }
}

fn settings(node: &Node, reader: &mut Reader<'_>) -> Option<Settings> {
    let fields =
        Fields::open(node, "settings file", &[&["environments", "operator"], &NOT_YET], reader)?;
    for (key, place) in fields.present(&NOT_YET) {
        let why = "nothing in this version obeys it, and a setting that is not obeyed misleads";
        reader.error("ST001", place, format!("`{key}`: not yet"), why, "Remove it.");
    }
    let operator = fields.get("operator").and_then(|node| reader.text(node));
    let found = fields.get("environments");
    let found = found.map(|node| reader.entries(node, "environments by name")).unwrap_or_default();
    let mut environments = BTreeMap::new();
    for (name, node) in found {
        if reader.check_id(name)
            && let Some(environment) = environment(name, node, reader)
        {
            environments.insert(name.value.clone(), environment);
        }
    }
    Some(Settings { environments, operator: operator.map(|text| text.value) })
}

fn environment(name: &At<String>, node: &Node, reader: &mut Reader<'_>) -> Option<Environment> {
    let keys = ["word", "class", "read_only", "values"];
    let fields = Fields::open(node, "environment", &[&keys], reader)?;
    let classes = [("prod", Class::Prod), ("staging", Class::Staging), ("dev", Class::Dev)];
    let word = fields.get("word").and_then(|node| reader.text(node));
    if let Some(word) = &word {
        let letter = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
        if word.len() > WIDEST_WORD || !word.chars().all(letter) {
            let why =
                format!("it is shown on every screen: capitals and digits, at most {WIDEST_WORD}");
            let next = "Write it as in `PROD` or `EU-TEST`.";
            reader.error("ST002", word.place, format!("the word `{word}`"), why, next);
        }
    }
    let class = fields.get("class").map(|node| reader.word_of(node, &classes));
    let read_only = fields.get("read_only").and_then(|node| reader.boolean(node));
    let values = fields.get("values");
    let values = values.map(|node| reader.entries(node, "names and values")).unwrap_or_default();
    let mut given = BTreeMap::new();
    for (name, node) in values {
        if reader.check_name(name)
            && let Some(text) = reader.text(node)
        {
            given.insert(name.value.clone(), text.value);
        }
    }
    Some(Environment {
        word: word.map_or_else(|| name.to_uppercase(), |word| word.value),
        // What nobody has called harmless is treated as production.
        class: class.flatten().unwrap_or(Class::Prod),
        read_only: read_only.unwrap_or(false),
        values: given,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Settings, Vec<Finding>> {
        Settings::parse("config.yaml", text.as_bytes())
    }

    #[test]
    fn an_environment_fills_parameters_and_is_production_unless_called_otherwise() {
        let settings = parse(
            "operator: mara\nenvironments:\n  prod: {values: {resource_group: rg-1, port: 5432}}\n  \
             lab: {word: LAB, class: dev, read_only: true}\n",
        )
        .unwrap();
        let prod = &settings.environments["prod"];
        assert_eq!((prod.word.as_str(), prod.class, prod.read_only), ("PROD", Class::Prod, false));
        assert_eq!(prod.values["port"], "5432");
        let lab = &settings.environments["lab"];
        assert_eq!((lab.class, lab.read_only), (Class::Dev, true));
        assert_eq!(settings.operator.as_deref(), Some("mara"));
    }

    #[test]
    fn an_empty_file_and_an_absent_one_are_the_defaults() {
        assert_eq!(parse("# nothing yet\n").unwrap(), Settings::default());
        let absent = Path::new("/nonexistent/config.yaml");
        assert_eq!(Settings::read(absent, false).unwrap(), Settings::default());
        assert!(matches!(Settings::read(absent, true), Err(SettingsError::Io { .. })));
    }

    #[test]
    fn every_mistake_is_told_at_once_and_nothing_is_silently_ignored() {
        let found = parse(
            "operatr: x\nguard: strict\nenvironments:\n  prod: {word: production, class: life}\n",
        )
        .unwrap_err();
        let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, ["RB010", "ST001", "ST002", "RB016"], "{found:?}");
    }
}
