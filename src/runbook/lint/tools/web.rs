//! curl: an error page is a good answer to it, unless it is told otherwise.

use super::super::command_line::Line;
use super::Said;
use crate::runbook::findings::Says;
use crate::runbook::place::Place;

/// Every rule on one command.
pub fn rules(line: &Line) -> Vec<Said> {
    if line.program() != "curl" {
        return Vec::new();
    }
    [error_pages_pass(line), any_certificate(line)].into_iter().flatten().collect()
}

/// Whether a bundle of short options (`-fsS`) holds this one.
fn bundled(line: &Line, short: char) -> Option<Place> {
    let bundle = |word: &str| {
        let letters = word.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
        letters.is_some_and(|l| l.chars().all(|c| c.is_ascii_alphabetic()) && l.contains(short))
    };
    line.words.iter().skip(1).find(|(word, _)| bundle(word)).map(|(_, place)| *place)
}

fn error_pages_pass(line: &Line) -> Option<Said> {
    // A file of settings may hold it as well; `--fail-early` is about the next transfer and not about error pages.
    let settings = ["--config", "-K", "--version", "-V"];
    let asks = line.has(&["--fail", "--fail-with-body"]) || line.has(&settings);
    // Whoever writes the status out judges it.
    let judged = line
        .words
        .iter()
        .any(|(word, _)| word.contains("http_code") || word.contains("response_code"));
    if asks || judged || line.open || bundled(line, 'f').is_some() {
        return None;
    }
    let says = Says::new(
        "`curl` without `--fail`",
        "it exits 0 on an error page, and saves it as if it were the answer",
        "Add `--fail-with-body`, or `--fail`.",
    );
    Some(("RL051", line.place(), says))
}

fn any_certificate(line: &Line) -> Option<Said> {
    let (_, place) = match (line.option(&["--insecure", "--proxy-insecure"]), bundled(line, 'k')) {
        (Some(long), _) => long,
        (None, place) => ("", place?),
    };
    let says = Says::new(
        "`curl` that takes any certificate",
        "whoever answers is believed, also with what is sent to it",
        "Name the authority with `--cacert FILE`, or the address with `--resolve`.",
    );
    Some(("RL052", place, says))
}
