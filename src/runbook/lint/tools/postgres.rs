//! PostgreSQL's programs: SQL whose errors do not count, and a dump that was only looked at from outside.

use super::super::command_line::Line;
use super::super::shell::scan::Output;
use super::Said;
use crate::runbook::findings::Says;

/// Every rule on one command.
pub fn rules(line: &Line) -> Vec<Said> {
    [errors_that_do_not_count(line), listed_as_proof(line)].into_iter().flatten().collect()
}

fn errors_that_do_not_count(line: &Line) -> Option<Said> {
    if line.program() != "psql" || line.open {
        return None;
    }
    let words = || line.words.iter().map(|(word, _)| word.as_str());
    if words().any(|word| word.contains("ON_ERROR_STOP")) {
        return None;
    }
    // These run no SQL of others, and a single `-c` fails with its statement.
    let asks = ["--version", "-V", "--help", "-l", "--list"];
    let given = |long: &str, short: char| {
        let short =
            |word: &str| word.starts_with('-') && !word.starts_with("--") && word.ends_with(short);
        words().filter(|word| *word == long || short(word)).count()
    };
    let reads_file = given("--file", 'f') > 0;
    if words().any(|word| asks.contains(&word)) || (given("--command", 'c') == 1 && !reads_file) {
        return None;
    }
    let says = Says::new(
        "`psql` without ON_ERROR_STOP",
        "it goes on after an error and exits 0",
        "Add `-v ON_ERROR_STOP=1`.",
    );
    Some(("RL053", line.place(), says))
}

fn listed_as_proof(line: &Line) -> Option<Said> {
    if line.program() != "pg_restore" || line.output == Output::Kept {
        return None;
    }
    let (_, place) = line.option(&["--list", "-l"])?;
    // A list that is kept in a file is worked with.
    if line.option(&["--file", "-f"]).is_some_and(|(file, _)| !["-", "/dev/null"].contains(&file)) {
        return None;
    }
    let says = Says::new(
        "`pg_restore --list` as a proof",
        "it reads the table of contents alone; a dump that was cut in half passes",
        "Read all of it: `pg_restore -f /dev/null FILE`.",
    );
    Some(("RL054", place, says))
}
