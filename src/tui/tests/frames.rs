//! Every place at every size and in every look: nothing breaks, nothing is missing, nothing lies.

use super::reached::{Reached, usual};
use super::stage::Stage;
use super::world::World;
use crate::engine::event::Mode;
use crate::tui::draw;
use crate::tui::key::Key;
use crate::tui::keymap;
use crate::tui::layout;
use crate::tui::look::{Look, Theme};
use crate::tui::page;
use crate::tui::place::Place;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

const MONO: Look = Look { theme: Theme::Mono, ascii: true };
const LOOKS: [Look; 4] = [
    MONO,
    Look { theme: Theme::Mono, ascii: false },
    Look { theme: Theme::Terminal, ascii: true },
    Look { theme: Theme::Terminal, ascii: false },
];

/// Windows that show a run, each beside an edge of the layout.
const SHOWN: [(u16, u16); 12] = [
    (60, 16),
    (61, 17),
    (79, 23),
    (80, 24),
    (80, 60),
    (99, 30),
    (100, 29),
    (100, 30),
    (120, 36),
    (140, 36),
    (200, 16),
    (200, 60),
];

/// Windows that do not.
const SMALL: [(u16, u16); 9] =
    [(1, 1), (2, 1), (1, 2), (3, 3), (10, 4), (59, 15), (59, 40), (60, 15), (200, 15)];

/// Draws a place in its window; one string for each row.
pub fn drawn(stage: &Stage, look: Look) -> Vec<String> {
    let (width, height) = stage.state.size;
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw::draw(frame, &stage.state, &stage.world, look, None)).unwrap();
    let buffer = terminal.backend().buffer();
    let cell = |x, y| buffer[(x, y)].symbol();
    (0..height).map(|y| (0..width).map(|x| cell(x, y)).collect()).collect()
}

fn sized(stage: &Stage, size: (u16, u16)) -> Stage {
    let mut stage = stage.clone();
    stage.resize(size);
    stage
}

#[test]
fn every_place_is_drawn_in_every_window_and_every_look() {
    for (at, Reached { stage, .. }) in usual().iter().enumerate() {
        for (nth, size) in SMALL.iter().chain(&SHOWN).enumerate() {
            drawn(&sized(stage, *size), LOOKS[(at + nth) % LOOKS.len()]);
        }
        for look in LOOKS {
            drawn(stage, look);
        }
    }
}

#[test]
fn every_frame_says_where_it_is_how_far_and_what_is_open() {
    for Reached { name, stage, .. } in usual() {
        for size in SHOWN {
            let stage = sized(&stage, size);
            let rows = drawn(&stage, MONO);
            let (first, second) = (rows[0].as_str(), rows[1].as_str());
            let at = format!("{name} at {size:?}:\n{first}\n{second}");
            for word in ["LIVE", "PROD", "7F3K"] {
                assert!(first.split_whitespace().any(|said| said == word), "{word} in {at}");
            }
            let now = crate::tui::sight::Sight::now(&stage.world);
            let time = now.format("%H:%M:%SZ").to_string();
            assert!(first.contains(&time), "{time} in {at}");
            let outline = crate::tui::sight::Sight::run(&stage.world).outline();
            assert!(second.contains(&format!("/{}", outline.in_force)), "n/m in {at}");
            assert!(second.contains(" of 4:00"), "the budget in {at}");
            for (word, count) in
                [("running", outline.running.len()), ("open", outline.open_changes.len())]
            {
                assert!(second.contains(&format!("{count} {word}")), "{count} {word} in {at}");
            }
            let unknown = outline.unknown.len();
            assert_eq!(second.contains("UNKNOWN"), unknown > 0, "{at}");
        }
    }
}

/// Whether the marked line of what is listed is on the screen; none where nothing is listed.
fn marked_is_seen(stage: &Stage) -> Option<bool> {
    let (shown, world) = (&stage.state, &stage.world);
    let panes = layout::now(shown, world);
    let marked = page::text(shown, world, layout::inside(panes.text)).marked()?;
    let room = usize::from(panes.text.height.saturating_sub(2));
    Some((shown.text_top..shown.text_top + room).contains(&marked))
}

#[test]
fn what_enter_would_choose_is_always_on_the_screen() {
    let mut lists = 0;
    for Reached { name, mut stage, .. } in usual() {
        if !stage.state.layers.is_empty() || stage.place() == Place::Tiny {
            continue;
        }
        let Some(seen) = marked_is_seen(&stage) else { continue };
        lists += 1;
        assert!(seen, "{name}:\n{}", drawn(&stage, MONO).join("\n"));
        let (before, place) = (stage.state.text_top, stage.place());
        stage.press(Key::Char('o'));
        stage.press(Key::Esc);
        if stage.place() == place {
            assert_eq!(stage.state.text_top, before, "{name} after a look at the output");
        }
    }
    assert!(lists > 10, "{lists}");
}

#[test]
fn the_hint_line_begins_with_a_key_ends_with_help_and_cuts_nothing() {
    let names: Vec<String> = keymap::KEYS
        .iter()
        .flat_map(|row| row.keys)
        .map(|key| MONO.text(&key.to_string()))
        .collect();
    for Reached { name, stage, .. } in usual() {
        if stage.place() == Place::Tiny {
            continue; // its screen says its one key in a sentence
        }
        for size in SHOWN {
            let stage = sized(&stage, size);
            let rows = drawn(&stage, MONO);
            let line = rows.last().unwrap();
            let at = format!("{name} at {size:?}: {line}");
            let place = stage.place();
            let help = format!("{} help", keymap::help_key(place));
            let hints = line.trim_end().strip_suffix(&help).unwrap_or_else(|| panic!("{at}"));
            assert!(!line.starts_with(' ') && hints.ends_with("  "), "{at}");
            for hint in hints.trim_end().split("  ").filter(|hint| !hint.is_empty()) {
                let (key, words) =
                    hint.trim_start().split_once(' ').unwrap_or_else(|| panic!("{at}"));
                assert!(names.iter().any(|name| name == key), "`{key}` in {at}");
                assert!(!words.is_empty() && !words.contains('~'), "`{hint}` in {at}");
            }
        }
    }
}

#[test]
fn the_first_hint_does_what_it_says() {
    for Reached { name, stage, .. } in usual() {
        if stage.place() == Place::Tiny {
            continue;
        }
        let rows = drawn(&stage, LOOKS[1]);
        let first = rows.last().unwrap().split(' ').next().unwrap().to_owned();
        let row = keymap::bindings(stage.place())
            .find(|row| row.keys.iter().any(|key| key.to_string() == first));
        assert!(row.is_some(), "{first} means nothing at {name}");
    }
}

#[test]
fn help_names_its_place_and_lists_every_key_of_it() {
    let mut seen = Vec::new();
    for Reached { name, stage, place } in usual() {
        if matches!(place, Place::Help | Place::Tiny) || seen.contains(&place) {
            continue;
        }
        seen.push(place);
        let mut stage = sized(&stage, (120, 60));
        let key = if place.types() { Key::F1 } else { Key::Char('?') };
        stage.press(key);
        let text = everything(&mut stage);
        assert!(text.contains("Help: "), "{name}");
        for row in keymap::bindings(place) {
            assert!(text.contains(row.help), "{} at {name}:\n{text}", row.help);
            let shown: Vec<String> = row.keys.iter().map(ToString::to_string).collect();
            let range = [shown[0].clone(), shown[shown.len() - 1].clone()].join("-");
            let listed = shown.iter().all(|key| text.contains(key)) || text.contains(&range);
            assert!(listed, "{shown:?} at {name}:\n{text}");
        }
    }
    assert_eq!(seen.len(), Place::ALL.len() - 2);
}

/// Reads a help from its top to its end.
fn everything(stage: &mut Stage) -> String {
    let mut text = String::new();
    for _ in 0..6 {
        text.push_str(&drawn(stage, LOOKS[1]).join("\n"));
        stage.press(Key::PageDown);
    }
    text
}

#[test]
fn help_is_searched_by_what_a_key_does() {
    for place in [Place::Step, Place::Output, Place::Note] {
        let found = usual().into_iter().find(|reached| reached.place == place).unwrap();
        for row in keymap::bindings(place).filter(|row| row.help.is_ascii()) {
            let mut stage = sized(&found.stage, (120, 60));
            stage.press(if place.types() { Key::F1 } else { Key::Char('?') });
            stage.types(row.help);
            let text = drawn(&stage, MONO).join("\n");
            assert!(text.matches(row.help).count() >= 2, "{} in {text}", row.help);
        }
    }
}

#[test]
fn what_is_armed_or_guarded_is_on_the_screen() {
    let said = [
        ("armed", "make-server --from db-orders"),
        ("armed after a failure", "make-server --from db-orders"),
        ("an undo, armed", "delete-server db-orders-r0"),
        ("a long command, read to its end", "the-last-word-of-it"),
        ("a change by hand, armed", "Pull the blue cable"),
        ("an undo by hand, armed", "Put the blue cable into port 1 again"),
        ("a guard of work by hand", "Put every page of the folder into the shredder"),
        ("a guard", "empty-server --all db-orders"),
        ("a guard", "All rows of the old server."),
        ("a guard with a witness", "THIS CANNOT BE UNDONE"),
        ("a guard with a witness", "purge-server db-orders-old --with-backups"),
    ];
    for (name, words) in said {
        let found = usual().into_iter().find(|reached| reached.name == name).unwrap();
        for size in [(80, 24), (100, 30), (140, 36)] {
            let stage = sized(&found.stage, size);
            if found.stage.state.armed.is_some() && stage.state.armed.is_none() {
                continue; // it did not fit any more, and was disarmed
            }
            let text = drawn(&stage, MONO).join("\n");
            assert!(text.contains(words), "{words} at {name} {size:?}:\n{text}");
        }
    }
}

#[test]
fn a_long_command_is_locked_until_its_end_was_on_the_screen() {
    let named = |name| usual().into_iter().find(|reached| reached.name == name).unwrap().stage;
    let end = "the-last-word-of-it";
    for size in SHOWN {
        let mut stage = sized(&named("a command longer than the pane"), size);
        stage.enter();
        let mut seen = false;
        for _ in 0..200 {
            seen |= drawn(&stage, MONO).join("\n").contains(end);
            let runs = stage.clone().press(Key::Char('R')).is_some();
            assert_eq!(runs, seen, "{size:?}:\n{}", drawn(&stage, MONO).join("\n"));
            if seen {
                break;
            }
            stage.press(if size.1 < 30 { Key::PageDown } else { Key::Down });
        }
        assert!(seen, "{size:?}: its end cannot be reached");
    }
}

#[test]
fn a_guard_is_locked_until_its_end_was_on_the_screen() {
    let named = |name| usual().into_iter().find(|reached| reached.name == name).unwrap().stage;
    let mut locked = 0;
    for size in SHOWN {
        let mut stage = sized(&named("an irreversible step"), size);
        stage.enter();
        let mut seen = false;
        for _ in 0..100 {
            seen |= drawn(&stage, MONO).join("\n").contains("to be gone tonight.");
            assert_eq!(stage.fields().read, seen, "{size:?}:\n{}", drawn(&stage, MONO).join("\n"));
            if seen {
                break;
            }
            locked += 1;
            stage.press(Key::Down);
        }
        assert!(seen, "{size:?}: its end cannot be reached");
    }
    assert!(locked > 0, "it fits everywhere, so nothing was tried");
}

#[test]
fn environments_differ_without_colour_and_without_unicode() {
    let book = include_str!("book.yaml");
    let frame = |mode, environment: &str| {
        let stage = Stage::over(World::of(book, mode, environment), (80, 24));
        drawn(&stage, MONO)
    };
    let prod = frame(Mode::Live, "PROD");
    let other = frame(Mode::Live, "STAGING");
    let rehearsal = frame(Mode::Rehearsal, "SIMULATED");
    assert!(prod[0].contains("LIVE | PROD"), "{}", prod[0]);
    assert!(other[0].contains("LIVE | STAGING"), "{}", other[0]);
    assert!(rehearsal[0].contains("REHEARSAL | SIMULATED"), "{}", rehearsal[0]);
    // The border of the first pane.
    let end = |frame: &[String]| frame[2].trim_end().chars().rev().nth(1);
    let ends = [end(&prod), end(&other), end(&rehearsal)];
    assert_eq!(ends, [Some('='), Some('-'), Some('.')]);
}
