//! Both ways back, walked by a person at the screen, by one at a terminal line by line, and by an answers file.

use super::home::Home;
use super::screens::screen;
use super::talk::{Mind, Talk};
use super::told::{parting, told};
use crate::support::damage;
use rutter::journal::anchor::Anchors;
use std::fs;
use std::path::PathBuf;
use std::thread;

/// One of the two ways back.
#[derive(Clone, Copy)]
pub struct Way {
    name: &'static str,
    /// The last answer of the ladder: do minutes count more than late orders?
    last: &'static str,
    /// The server that the shop ends on.
    server: &'static str,
}

pub const CUTOVER: Way = Way { name: "cutover", last: "yes", server: "new" };
pub const SELECTIVE: Way = Way { name: "selective", last: "no", server: "old" };

impl Way {
    /// The answers of its ladder.
    pub fn answers_of_ladders(self) -> [&'static str; 3] {
        ["no", "no", self.last]
    }

    /// The outcomes of its decisions.
    pub fn decisions(self) -> [&'static str; 3] {
        ["use", "good", self.name]
    }

    fn mind(self) -> Mind {
        Mind { answers: self.answers_of_ladders().into(), outcomes: self.decisions().into() }
    }

    fn answers(self) -> PathBuf {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/answers");
        folder.join(format!("lab-{}.yaml", self.name))
    }
}

/// The checksum of each table over the rows that were there before the damage, asked by the test itself.
fn sums(home: &Home, server: &str, before: &str) -> Vec<String> {
    let tables = before.lines().map(|line| line.split('|').collect::<Vec<_>>());
    let sum = |row: Vec<&str>| {
        let (table, last) = (row[0], row[2]);
        let sum = home.ask(
            server,
            &format!(
                "SET TimeZone = 'UTC'; SELECT '{table}', count(*), max(id), \
                 md5(string_agg(md5(t::text), '' ORDER BY id)) FROM {table} t WHERE id <= {last}"
            ),
        );
        sum.lines().last().unwrap_or_default().to_owned()
    };
    tables.map(sum).collect()
}

/// Looks at the lab while both servers still run: the tables, and what became of the late rows.
pub fn look(home: &Home, way: Way) {
    let work = home.builtin("run.work").unwrap();
    let before = fs::read_to_string(work.join("before.tsv")).unwrap();
    assert_eq!(before.lines().count(), 5);
    assert_eq!(sums(home, way.server, &before), before.lines().collect::<Vec<_>>());

    let late = fs::read_to_string(work.join("export/orders.csv")).unwrap();
    // Numbers are given again after a cutover; with its moment an order is only itself.
    let late: Vec<_> = late.lines().skip(1).map(|row| row.split(',').collect::<Vec<_>>()).collect();
    let listed = home.captured("late", "late_orders");
    assert_eq!(late.len().to_string(), listed, "what was counted is what was exported");
    assert!(late.len() >= 20, "{late:?}");
    let late: Vec<_> = late.iter().map(|row| format!("({}, '{}')", row[0], row[2])).collect();
    let there = home.ask(
        way.server,
        &format!(
            "SELECT count(*) FROM orders o \
             JOIN (VALUES {}) late (id, placed_at) ON o.id = late.id \
                  AND o.placed_at = late.placed_at::timestamptz \
             WHERE total_cents = \
                   (SELECT sum(quantity * price_cents) FROM order_lines WHERE order_id = o.id) \
             AND total_cents = (SELECT sum(amount_cents) FROM payments WHERE order_id = o.id)",
            late.join(", ")
        ),
    );
    let wrong = home.ask(way.server, "SELECT count(*) FROM payments WHERE amount_cents < 0");
    assert_eq!(wrong, "0", "the release's own bookings are gone");
    if way.name == "selective" {
        assert_eq!(there, listed, "late orders survive, with lines and payments");
    } else {
        assert_eq!(there, "0", "the copy never had them");
        let told = home.event("ticked", "tell-loss");
        assert!(told.is_some(), "and somebody was told so");
    }
}

/// A closed, anchored journal proves itself, and says to what it is anchored.
pub fn verify(home: &Home) {
    let proof = home.done(&["journal", "verify"]);
    let said = String::from_utf8_lossy(&proof.stdout).into_owned();
    assert_eq!(proof.status.code(), Some(0), "{proof:?}");
    assert!(said.contains("closed") && said.contains("anchored to"), "{said}");
    let events = home.events();
    let closed = events.iter().rev().find(|event| event["type"] == "run_closed").unwrap();
    assert_eq!(closed["as_"], "done");
    assert_eq!(closed["open_changes"], serde_json::json!([]), "nothing is left to undo");
    assert!(!home.lab().exists(), "the lab is gone");
    assert!(home.builtin("run.work").unwrap().join("export/orders.csv").exists());
}

/// By an answers file. It says nothing about the clean-up at first, so that the servers can be looked at.
pub fn headless(way: Way) -> Home {
    let home = Home::new();
    let text = fs::read_to_string(way.answers()).unwrap();
    let (clean_up, walk): (Vec<_>, Vec<_>) = text
        .lines()
        .partition(|line| line.starts_with("  keep:") || line.starts_with("  remove-lab:"));
    let walk = home.file("walk.yaml", &walk.join("\n"));
    let rest = format!("format: 1\nsteps:\n{}", clean_up.join("\n"));
    let rest = home.file("clean-up.yaml", &rest);

    let first = home.done(&["run", "lab/postgres-restore", "--no-input", "--answers", &walk]);
    assert_eq!(first.status.code(), Some(2), "an answer is missing: {first:?}");
    let said = String::from_utf8_lossy(&first.stderr).into_owned();
    assert!(said.contains("keep"), "it names the step: {said}");
    look(&home, way);
    let last = home.done(&["resume", "--no-input", "--answers", &rest]);
    assert_eq!(last.status.code(), Some(0), "{last:?}");
    verify(&home);
    home
}

/// In line mode, by a person who reads and types.
fn line(way: Way) -> Home {
    let home = Home::new();
    let mut mind = way.mind();
    let mut talk = Talk::begin(&home, &["run", "lab/postgres-restore", "--line"]);
    talk.walk(&mut mind, Some("Nothing here is needed"));
    look(&home, way);
    talk.say("done seen");
    talk.walk(&mut mind, None);
    let end = talk.end();
    assert_eq!(end.code(), Some(0), "{}", talk.heard());
    verify(&home);
    home
}

/// Returns the home of the walk by the answers file.
fn all_faces(way: Way) -> Home {
    // Side by side: a walk waits more than it works.
    let (drawn, spoken, written) = thread::scope(|scope| {
        let drawn = scope.spawn(|| screen(way));
        let spoken = scope.spawn(|| line(way));
        let written = headless(way);
        (drawn.join().unwrap(), spoken.join().unwrap(), written)
    });
    let spoken = told(&spoken.events());
    for (face, home) in [("the screen", &drawn), ("the answers file", &written)] {
        if let Some(parting) = parting(&spoken, &told(&home.events())) {
            panic!("line mode and {face} part at {parting}");
        }
    }
    written
}

/// Both readers find every damage to the journal of this real run.
fn survives_damage(home: &Home) {
    let run = home.run_folder().unwrap();
    let data = run.ancestors().nth(2).unwrap();
    damage::survives_sampled_damage(&run, &Anchors::new(data).path(), 2_000);
}

#[test]
#[ignore = "needs postgresql"]
fn the_shop_moves_to_the_copy_and_all_faces_tell_the_same_story() {
    survives_damage(&all_faces(CUTOVER));
}

#[test]
#[ignore = "needs postgresql"]
fn damaged_tables_are_copied_back_and_all_faces_tell_the_same_story() {
    all_faces(SELECTIVE);
}
