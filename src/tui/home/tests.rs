//! Home as it looks, and what its keys can lead to.

use super::Card;
use super::draw;
use super::facts::{Facts, Fault, Listed, Tale};
use super::keys::{Action, KEYS, Place};
use super::press::{Choice, press};
use super::state::State;
use crate::driver::{RunStatus, State as Stands};
use crate::engine::deferral::Due;
use crate::engine::event::{ClosedAs, Mode};
use crate::runbook::find::Index;
use crate::runbook::model::StepId;
use crate::tui::help::{self, Told};
use crate::tui::key::{Input, Key};
use crate::tui::look::{Look, Theme};
use crate::tui::{looked_at, table};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const PLAIN: Look = Look { theme: Theme::Mono, ascii: false };

fn now() -> DateTime<Utc> {
    "2026-11-21T03:12:04Z".parse().unwrap()
}

fn card(title: &str, symptoms: [&str; 2]) -> Card {
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let hour = Duration::from_secs(3600);
    Card {
        title: title.into(),
        version: "3.2".into(),
        summary: "Brings the service back on a new server, proves the data, then cuts over.".into(),
        use_when: texts(&["server or data is gone", "the damage is too wide to mend by row"]),
        not_when: vec![("only the app is broken".into(), Some("hub/app-rollback".into()))],
        symptoms: texts(&symptoms),
        rto: Some(4 * hour),
        rpo: Some(hour / 4),
        typical: Some(2 * hour),
        tools: texts(&["az 2.60+", "psql"]),
        phases: vec![("Establish facts".into(), 3, hour / 6), ("Restore".into(), 5, hour)],
        no_return: Some(("2.3".into(), "Drop the old server".into())),
        ..Card::default()
    }
}

fn listed(name: &str, card: Result<Card, Fault>) -> Listed {
    let text: Vec<String> = (1..60).map(|row| format!("{name}, row {row}")).collect();
    let tale = Tale { name: "release".into(), title: "A release breaks it".into(), quick: true };
    let tales = if name == "hub/full-restore" { vec![tale] } else { Vec::new() };
    let mut index = Index::named(name);
    for said in card.iter().flat_map(|card| &card.symptoms) {
        index.add("symptom", said, 5.0);
    }
    let (name, origin, built_in) = (name.into(), "built in".into(), true);
    Listed { name, origin, built_in, card, tales, text, index }
}

fn run(short: &str, mode: Mode, state: Stands, needs: &str) -> RunStatus {
    RunStatus {
        run: format!("2026-11-21-{short}"),
        short: short.into(),
        mode: Some(mode),
        environment: "PROD".into(),
        scenario: None,
        runbook: "hub/full-restore".into(),
        operator: "mara".into(),
        opened: Some("2026-11-09T03:05:00Z".parse().unwrap()),
        records: 7,
        state,
        needs: needs.into(),
        open_changes: 0,
        left_open: Vec::new(),
        continues: None,
        goes_on: None,
        deferred: Vec::new(),
        not_taken_in: 0,
    }
}

/// Somebody who has never run anything here.
fn first() -> Facts {
    let fault =
        Fault { what: "unknown key `timout`".into(), place: "broken.yaml:14".into(), more: 2 };
    let seen = ["the database is gone", "orders are missing"];
    Facts {
        runbooks: vec![
            listed(
                "hub/app-rollback",
                Ok(card("Take a release back", ["errors since a deploy", "pages fail"])),
            ),
            listed("hub/broken", Err(fault)),
            listed("hub/full-restore", Ok(card("Restore the database", seen))),
        ],
        runs: Vec::new(),
        now: now(),
        operator: "mara".into(),
        settings: ("~/.config/rutter/config.yaml".into(), false),
    }
}

/// Two runs need somebody, one drill was done.
fn busy() -> Facts {
    let runs = vec![
        run("8WAI", Mode::Live, Stands::Waiting, "3.1 waits for its start"),
        run("7F3K", Mode::Live, Stands::Unknown, "the end of 3.2 was not seen"),
        run("5XT9", Mode::Rehearsal, Stands::Closed(ClosedAs::Done), "closed"),
    ];
    Facts { runs, ..first() }
}

fn pressed(facts: &Facts, size: (u16, u16), keys: &[Key]) -> State {
    let mut state = State { size, ..State::default() };
    for key in keys {
        press(&mut state, facts, Input::Key(*key, now()));
    }
    state
}

fn shown(facts: &Facts, state: &State, look: Look) -> String {
    looked_at::drawn(state.size, |frame| draw::draw(frame, state, facts, look))
}

type Scene = (&'static str, fn() -> Facts, &'static [Key]);

/// One or more of every place, and the keys that lead there.
const SCENES: &[Scene] = &[
    ("first start", first, &[]),
    ("first start, a broken runbook", first, &[Key::Down]),
    ("runs need somebody", busy, &[]),
    ("the other run that needs somebody", busy, &[Key::Right]),
    ("runbooks", busy, &[Key::Down, Key::Down]),
    ("what people see", busy, &[Key::Char('3')]),
    ("a filter", busy, &[Key::Char('/'), Key::Char('G'), Key::Char('o'), Key::Char('n')]),
    ("a filter that nothing fits", busy, &[Key::Char('/'), Key::Char('x'), Key::Char('y')]),
    ("reading", busy, &[Key::Tab, Key::Enter, Key::PageDown]),
    ("runs", busy, &[Key::Char('J'), Key::Down]),
    ("before a rehearsal", busy, &[Key::Tab, Key::Char('G'), Key::Char('r')]),
    ("no scenario", busy, &[Key::Tab, Key::Char('r')]),
    ("help", busy, &[Key::Tab, Key::Char('?')]),
    ("help for a filter, searched", busy, &[Key::Char('/'), Key::F1, Key::Char('k')]),
];

fn scenes(size: (u16, u16), look: Look) -> Vec<(&'static str, String)> {
    let scene = |(name, facts, keys): &Scene| {
        let facts = facts();
        (*name, shown(&facts, &pressed(&facts, size, keys), look))
    };
    SCENES.iter().map(scene).collect()
}

#[test]
fn home_at_80_by_24_is_as_it_was_looked_at() {
    looked_at::compare("home-80x24.txt", &scenes((80, 24), PLAIN));
}

#[test]
fn home_at_120_by_36_is_as_it_was_looked_at() {
    looked_at::compare("home-120x36.txt", &scenes((120, 36), PLAIN));
}

/// A run that is over, with a step that was put off until this day.
fn put_off(due: &str, mode: Mode) -> Facts {
    let mut over = run("9KQ2", mode, Stands::Closed(ClosedAs::Done), "closed");
    over.deferred = vec![Due {
        step: StepId::new("drop"),
        number: "6.3".into(),
        title: "Drop the old server".into(),
        due: format!("{due}T04:44:10Z"),
        reason: "night".into(),
    }];
    Facts { runs: vec![over], ..first() }
}

#[test]
fn what_was_put_off_and_is_due_stands_on_the_second_line_and_nothing_is_resumed() {
    let facts = put_off("2026-11-20", Mode::Live);
    let state = pressed(&facts, (80, 24), &[]);
    let screen = shown(&facts, &state, PLAIN);
    let line = screen.lines().nth(1).unwrap();
    assert!(line.contains("9KQ2") && line.contains("DUE since 2026-11-20: 6.3"), "{line}");
    let mut state = state;
    assert_eq!(press(&mut state, &facts, Input::Key(Key::Enter, now())), None);
    let told = state.said.unwrap().1;
    assert!(told.contains("rutter journal show 9KQ2"), "{told}");
    assert!(told.contains("rutter done 9KQ2 drop TEXT"), "{told}");
}

#[test]
fn what_is_due_in_an_open_run_is_said_before_its_next_step_and_after_an_unknown_outcome() {
    let mut facts = put_off("2026-11-20", Mode::Live);
    facts.runs[0].needs = "next: 7.1 Look".into();
    for (state, said) in [
        (Stands::Waiting, "DUE 6.3 Drop the old server; next: 7.1 Look"),
        (Stands::Unknown, "next: 7.1 Look; DUE 6.3 Drop the old server"),
    ] {
        facts.runs[0].state = state;
        assert_eq!((facts.needs(&facts.runs[0]).as_str(), facts.needy().len()), (said, 1));
    }
}

#[test]
fn what_is_not_due_yet_was_rehearsed_or_taken_up_again_asks_nobody() {
    let mut again = put_off("2026-11-08", Mode::Live);
    again.runs.push(run("8WAI", Mode::Live, Stands::Closed(ClosedAs::Done), "closed"));
    for facts in [put_off("2026-11-28", Mode::Live), put_off("2026-11-20", Mode::Rehearsal), again]
    {
        assert!(facts.needy().is_empty(), "{:?}", facts.needy());
    }
}

/// A run that ended in another runbook, and what came after it.
fn handed_over(mode: Mode, continued: bool) -> Facts {
    let mut over = run("9KQ2", mode, Stands::Closed(ClosedAs::ContinuedIn), "closed: goes on");
    over.goes_on = Some("hub/app-rollback".into());
    over.open_changes = 1;
    let mut next = run("8WAI", mode, Stands::Closed(ClosedAs::Done), "closed");
    next.continues = continued.then(|| over.run.clone());
    Facts { runs: vec![next, over], ..first() }
}

#[test]
fn a_hand_over_that_nobody_took_up_stands_on_the_second_line_and_enter_goes_on_there() {
    let facts = handed_over(Mode::Live, false);
    let mut state = pressed(&facts, (80, 24), &[]);
    let screen = shown(&facts, &state, PLAIN);
    let line = screen.lines().nth(1).unwrap();
    assert!(line.contains("9KQ2") && line.contains("GOES ON in hub/app-rollb"), "{line}");
    assert!(screen.contains("go on from 9KQ2"), "{screen}");
    let chosen = press(&mut state, &facts, Input::Key(Key::Enter, now()));
    assert_eq!(chosen, Some(Choice::GoOn("2026-11-21-9KQ2".into())));
    let list = shown(&facts, &pressed(&facts, (80, 24), &[Key::Char('J'), Key::Down]), PLAIN);
    assert!(list.contains("goes on"), "{list}");
    assert!(list.contains("GOES ON in hub/app-rollback, not taken up; 1 change is open"), "{list}");
}

#[test]
fn a_hand_over_that_was_taken_up_and_a_drill_need_nobody() {
    for facts in [handed_over(Mode::Live, true), handed_over(Mode::Rehearsal, false)] {
        assert!(facts.needy().is_empty(), "{:?}", facts.needy());
    }
    let facts = handed_over(Mode::Live, true);
    let mut state = pressed(&facts, (80, 24), &[Key::Char('J'), Key::Down]);
    assert_eq!(press(&mut state, &facts, Input::Key(Key::Enter, now())), None);
}

#[test]
fn a_card_leads_to_the_runbook_that_is_right_when_it_is_not_and_back() {
    let mut facts = busy();
    if let Ok(card) = &mut facts.runbooks[2].card {
        card.not_when.push(("it is cold".into(), Some("broken".into())));
    }
    let at = |presses: usize| {
        let keys = [vec![Key::Tab, Key::Char('G')], vec![Key::Char('x'); presses]].concat();
        let state = pressed(&facts, (80, 24), &keys);
        state.meant(&facts).unwrap().to_owned()
    };
    let walked: Vec<String> = (0..=3).map(at).collect();
    assert_eq!(walked, ["hub/full-restore", "hub/app-rollback", "hub/broken", "hub/full-restore"]);
}

#[test]
fn home_in_ascii_has_nothing_else() {
    for (name, screen) in scenes((80, 24), Look { ascii: true, ..PLAIN }) {
        assert!(screen.is_ascii(), "{name}:\n{screen}");
    }
}

#[test]
fn home_is_drawn_at_any_size_and_says_when_it_is_too_small() {
    for size in [(1, 1), (59, 40), (200, 15), (60, 16), (100, 30), (250, 80)] {
        for (name, screen) in scenes(size, PLAIN) {
            let small = size.0 < 60 || size.1 < 16;
            assert_eq!(
                screen.contains("60x16 is needed"),
                small && size.0 > 30,
                "{name}:\n{screen}"
            );
        }
    }
}

#[test]
fn no_hint_is_clipped_and_the_suggested_one_is_always_there() {
    for (_, facts, keys) in SCENES {
        let facts = facts();
        for size in [(60, 16), (80, 24)] {
            let state = pressed(&facts, size, keys);
            let (hints, help) = draw::hints(&state, &facts);
            let told: Vec<String> = hints
                .iter()
                .chain([&help])
                .map(|hint| format!("{} {}", hint.keys, hint.words))
                .collect();
            let seen = looked_at::hinted(&shown(&facts, &state, PLAIN));
            assert!(seen.iter().all(|hint| told.contains(hint)), "{seen:?} of {told:?}");
            assert_eq!((seen.first(), seen.last()), (told.first(), told.last()));
        }
    }
}

#[test]
fn every_key_is_told_in_the_help_of_its_place_and_means_one_thing_there() {
    for place in Place::ALL {
        let rows: Vec<Told> = table::bindings(KEYS, place).map(Told::from).collect();
        let text = help::text(&rows, &[], "", 76, PLAIN);
        let text: Vec<String> = text
            .rows
            .iter()
            .map(|row| row.iter().map(|(_, text)| text.as_str()).collect())
            .collect();
        let mut meant: BTreeMap<Key, Action> = BTreeMap::new();
        for row in table::bindings(KEYS, place) {
            assert!(
                text.iter()
                    .any(|line| line.contains(&row.keys[0].to_string()) && line.contains(row.help)),
                "{row:?}"
            );
            for key in row.keys {
                assert_eq!(meant.insert(*key, row.action), None, "{key} in {place:?}");
                assert!(!place.types() || !matches!(key, Key::Char(_)), "{key} in {place:?}");
            }
        }
    }
}

#[test]
fn no_three_keys_lead_anywhere_but_where_the_screen_says() {
    let keys: BTreeSet<Key> = KEYS
        .iter()
        .flat_map(|row| row.keys)
        .copied()
        .chain([Key::Char('x'), Key::Delete])
        .collect();
    for facts in [first(), busy(), handed_over(Mode::Live, false)] {
        let mut states = vec![pressed(&facts, (80, 24), &[])];
        for _ in 0..3 {
            let mut next: Vec<State> = Vec::new();
            for before in &states {
                for key in &keys {
                    let mut state = before.clone();
                    let choice = press(&mut state, &facts, Input::Key(*key, now()));
                    let place = before.place(&facts);
                    let fits = match &choice {
                        None => true,
                        Some(Choice::Resume(_) | Choice::GoOn(_)) => {
                            *key == Key::Enter && matches!(place, Place::Needy | Place::Runs)
                        }
                        Some(Choice::Live(_)) => *key == Key::Char('R'),
                        Some(Choice::Rehearse { .. }) => {
                            *key == Key::Enter && place == Place::Rehearsal
                        }
                        Some(Choice::Leave) => matches!(key, Key::Char('q') | Key::Ctrl('c')),
                        Some(Choice::Suspend) => *key == Key::Ctrl('z'),
                        Some(Choice::Redraw) => *key == Key::Ctrl('l'),
                    };
                    assert!(fits, "{key} in {place:?} led to {choice:?}");
                    if choice.is_none() && !next.contains(&state) {
                        next.push(state);
                    }
                }
            }
            states = next;
        }
    }
}

#[test]
fn a_paste_does_nothing_but_fill_a_filter() {
    let facts = busy();
    let mut state = pressed(&facts, (80, 24), &[]);
    assert_eq!(press(&mut state, &facts, Input::Paste("\rR\r".into())), None);
    assert_eq!(state.place(&facts), Place::Needy);
    let mut state = pressed(&facts, (80, 24), &[Key::Char('/')]);
    assert_eq!(press(&mut state, &facts, Input::Paste("gone\nR".into())), None);
    assert_eq!(state.filter, "gone");
    assert_eq!(state.meant(&facts), Some("hub/full-restore"));
}

#[test]
fn a_broken_runbook_stays_in_the_list_and_cannot_be_run() {
    let facts = first();
    let mut state = pressed(&facts, (80, 24), &[Key::Down]);
    assert_eq!(state.meant(&facts), Some("hub/broken"));
    assert_eq!(press(&mut state, &facts, Input::Key(Key::Char('R'), now())), None);
    let said = state.said.map(|(_, text)| text).unwrap();
    assert_eq!(said, "hub/broken cannot run: unknown key `timout` (broken.yaml:14)");
}

#[test]
fn the_drill_column_tells_how_old_the_last_drill_is() {
    let facts = busy();
    let drilled = facts.runbook("hub/full-restore").unwrap();
    assert_eq!(facts.drill(drilled), "12d  ok");
    let later = |days| Facts { now: now() + chrono::TimeDelta::days(days), ..busy() };
    assert_eq!(later(70).drill(drilled), "82d  due");
    assert_eq!(later(100).drill(drilled), "112d stale");
    assert_eq!(facts.drill(facts.runbook("hub/app-rollback").unwrap()), "never");
}
