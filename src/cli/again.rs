//! The command line, written out: the flags without which a command would be another one.

use super::context::Context;
use super::run::Args;
use crate::runbook::resolve::quote;
use std::path::Path;

/// The flags that decide what is found and where it is kept, with whole paths: the command is typed elsewhere, later.
pub fn globals(context: &Context) -> Vec<String> {
    let (globals, current) = (&context.globals, &context.places.current);
    let named = |flag: &str, path: &Path| {
        [flag.to_owned(), tidy(&current.join(path)).display().to_string()]
    };
    let mut words: Vec<String> =
        globals.runbooks.iter().flat_map(|folder| named("--runbooks", folder)).collect();
    words.extend(globals.config.iter().flat_map(|file| named("--config", file)));
    words.extend(globals.journal_dir.iter().flat_map(|folder| named("--journal-dir", folder)));
    words.extend(globals.read_only.then(|| "--read-only".to_owned()));
    words
}

/// Takes `.` out of a path; `..` stays, because of links.
fn tidy(path: &Path) -> std::path::PathBuf {
    path.components().collect()
}

/// The words as a shell reads them.
pub fn quoted(words: &[String]) -> String {
    words.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ")
}

/// Writes the command that shows the form of a run again with what stands in it; `values` are the words for that.
pub fn form(args: &Args, values: Vec<String>, context: &Context) -> String {
    let mut words = ["rutter", "run", &args.runbook].map(str::to_owned).to_vec();
    words.extend(values);
    let mut flag = |name: &str, value: Option<&String>| {
        words.extend(value.iter().flat_map(|value| [name.to_owned(), (*value).clone()]));
    };
    flag("--operator", args.operator.as_ref());
    flag("--continues", args.continues.as_ref());
    words.extend(args.again.then(|| "--again".to_owned()));
    words.extend(globals(context));
    quoted(&words)
}
