//! How the form looks.

use super::facts::Facts;
use super::field::{Field, Subject};
use super::keys::{Action, KEYS, Place};
use super::lookup::pane;
use super::preview;
use super::state::{State, check, choices, definition};
use crate::engine::event::Mode;
use crate::line::span;
use crate::screen;
use crate::tui::choosing;
use crate::tui::frame::{self, Areas, Hint, Pane, Piece};
use crate::tui::help;
use crate::tui::look::{Look, Role, Surroundings};
use crate::tui::prose::{self, Prose, Row};
use crate::tui::table;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// The words of this screen.
const WORDS: &[(&str, &str)] = &[
    ("FROM", "where a value comes from: typed, discovered, a flag, the settings, the default"),
    ("DISCOVER", "a read-only command that finds values; shown first, run when you say so"),
    ("ENVIRONMENT", "where the run acts; it is never taken over from an earlier run"),
    ("INCIDENT START", "the incident clock counts from here, not from the start of the run"),
    ("MOMENT", "in UTC or with an offset: 02:37Z, -20m, 2026-11-21T02:37:00Z"),
    ("SECRET", "never shown, never written into the journal"),
];

/// What going back does where nothing is behind the form.
const LEAVES: &str = "leave";

/// Draws the form.
pub fn draw(frame: &mut Frame<'_>, state: &State, facts: &Facts, look: Look) {
    let window = frame.area();
    let lead = [format!("LIVE {}", facts.name), "the form of a new run".into()];
    if frame::too_small(frame, window, look, &lead, "Esc  back") {
        return;
    }
    let areas = frame::areas(window);
    let around = surroundings(state, facts);
    head(frame, &areas, state, facts, look, around);
    let [form, about] = panes(state, facts, areas.body);
    lines(frame, form, state, facts, look, around);
    beside(frame, about, state, facts, look);
    if let Some(reading) = &state.help {
        let place = state.under_help(facts);
        let rows: Vec<help::Told> = table::bindings(KEYS, place).map(help::Told::from).collect();
        let width = usize::from(areas.body.width.saturating_sub(4));
        let text = help::text(&rows, WORDS, &reading.wanted, width, look);
        help::draw(frame, areas.body, look, around, place.words(), &text, reading.top);
    }
    if let Some((role, text)) = &state.said {
        let text = look.text(&format!(" {}", screen::line(text)));
        let text = frame::cut(look, &text, usize::from(areas.message.width));
        frame.render_widget(Line::from(Span::styled(text, look.style(*role))), areas.message);
    }
    let (hints, help) = hints(state, facts);
    frame::hints(frame, areas.hints, look, &hints, &help);
}

fn surroundings(state: &State, facts: &Facts) -> Surroundings {
    let word = state.environment(facts).map_or("", |place| place.word.as_str());
    Surroundings::of(&Mode::Live, word)
}

fn head(
    frame: &mut Frame<'_>,
    areas: &Areas,
    state: &State,
    facts: &Facts,
    look: Look,
    around: Surroundings,
) {
    let place = match state.environment(facts) {
        Some(place) if place.read_only => format!("{} READ ONLY", place.word),
        Some(place) => place.word.clone(),
        None if facts.needs_environment() => "(not chosen)".into(),
        None => "LOCAL".into(),
    };
    let version = &facts.plan.runbook().version;
    let left = [
        Piece::new("LIVE", 0),
        Piece::new(screen::line(place), 0),
        Piece::new(screen::line(&facts.name), 0),
        Piece::new(screen::line(format!("v{version}")), 3),
        Piece::new(
            facts
                .before
                .as_ref()
                .map_or("new run".into(), |before| format!("continues {}", before.short)),
            2,
        ),
    ];
    let right = [
        Piece::new(screen::line(&facts.operator), 1),
        Piece::new(facts.now.format("%H:%M:%SZ").to_string(), 0),
    ];
    frame::head_line(frame, areas.head[0], look, around.role(), &left, &right);
    let (set, of) = state.count(facts);
    let left = [
        Piece::new(format!("Parameters {set} of {of} set"), 0),
        Piece::new("nothing is changed from here", 1),
    ];
    let right = [Piece::new(clock(state, facts), 0)];
    frame::head_line(frame, areas.head[1], look, around.role(), &left, &right);
}

/// The incident clock, once its start is known.
fn clock(state: &State, facts: &Facts) -> String {
    let Some(passed) = since(state, facts) else { return String::new() };
    let passed = span(std::time::Duration::from_secs(passed / 60 * 60));
    match facts.plan.runbook().objectives.rto {
        Some(rto) => format!("incident {passed} of RTO {}", span(rto)),
        None => format!("incident {passed}"),
    }
}

/// Seconds since the incident began.
fn since(state: &State, facts: &Facts) -> Option<u64> {
    let field = state.fields.iter().find(|field| field.subject == Subject::Since)?;
    let began = check(facts, field).ok()??.parse::<chrono::DateTime<chrono::Utc>>().ok()?;
    u64::try_from((facts.now - began).num_seconds()).ok()
}

/// The pane of the lines, and the one beside or below it.
pub fn panes(state: &State, facts: &Facts, body: Rect) -> [Rect; 2] {
    if body.width >= 100 {
        let width = body.width * 3 / 5;
        let left = Rect { width, ..body };
        return [left, Rect { x: body.x + width, width: body.width - width, ..body }];
    }
    // Every line, the check below the current one, and the button.
    let wanted = u16::try_from(state.fields.len() + 5).unwrap_or(u16::MAX);
    // A command to be read, or a list, has the larger part.
    let most = match state.under_help(facts) {
        Place::Asked | Place::Found => 0,
        _ => body.height * 3 / 5,
    };
    let height = wanted.min(most).max(body.height.min(7));
    let upper = Rect { height, ..body };
    [upper, Rect { y: body.y + height, height: body.height - height, ..body }]
}

fn lines(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    facts: &Facts,
    look: Look,
    around: Surroundings,
) {
    let aside = match state.at {
        at if at < state.fields.len() => format!("{} of {}", at + 1, state.fields.len()),
        _ => String::new(),
    };
    let focus = !state.lookup.as_ref().is_some_and(|look| look.open);
    let pane = Pane { title: "Parameters".into(), aside, focus, role: None };
    let inside = frame::pane(frame, area, look, around, &pane);
    let width = usize::from(inside.width);
    let label =
        state.fields.iter().map(|field| field.label().width()).max().unwrap_or(0).min(width / 3);
    let (mut rows, mut current, mut cursor) = (Vec::new(), 0, None);
    for (at, field) in state.fields.iter().enumerate() {
        let here = at == state.at;
        if here {
            current = rows.len();
            cursor = Some(typed_width(field, width.saturating_sub(label + 15)) + label + 4);
        }
        rows.push(line(look, facts, field, here, label, width));
        let told = check(facts, field);
        let row = match &told {
            Err(wrong)
                if field.left && !field.typed().is_empty() || here && !field.typed().is_empty() =>
            {
                Some((Role::Warning, format!("{} {wrong}", look.pick("✗", "!"))))
            }
            Err(wrong) if field.left || here => Some((Role::Warning, format!("! {wrong}"))),
            Ok(Some(value)) if here => {
                Some((Role::Verified, good(look, state, facts, field, value)))
            }
            _ => None,
        };
        rows.extend(row.map(|(role, text)| {
            let text = screen::fit(&screen::line(text), width.saturating_sub(label + 4));
            vec![(role, format!("{}{text}", " ".repeat(label + 4)))]
        }));
    }
    let at_button = state.at == state.fields.len();
    if at_button {
        current = rows.len();
    }
    let mark = if at_button { format!("{} ", look.cursor()) } else { "  ".into() };
    let role = if at_button { Role::Selection } else { Role::Text };
    rows.push(vec![
        (Role::Now, format!("{}{mark}", " ".repeat(label + 2))),
        (role, "[ Check and go on ]".into()),
    ]);
    let room = usize::from(inside.height);
    let top = (current + 2).min(rows.len()).saturating_sub(room);
    let mut text = Prose::new(width);
    text.rows = rows;
    prose::draw(frame, inside, look, &text, top);
    if let Some(x) = cursor.and_then(|x| u16::try_from(x).ok())
        && let Ok(y) = u16::try_from(current - top)
    {
        // The terminal's own cursor, so that magnifiers and readers follow.
        let x = inside.x + x.min(inside.width.saturating_sub(1));
        frame.set_cursor_position(Position::new(x, inside.y + y));
    }
}

/// What is shown of a value, never of a secret.
fn shown(field: &Field) -> String {
    let text = field.text.lines().join("");
    if field.is_secret() { "*".repeat(text.chars().count()) } else { screen::visible_line(&text) }
}

/// How far in the cursor stands.
fn typed_width(field: &Field, room: usize) -> usize {
    let column = field.text.cursor().1;
    let before: String = shown(field).chars().take(column).collect();
    before.width().min(room)
}

/// Says where a value comes from.
fn origin(facts: &Facts, field: &Field) -> String {
    match &facts.before {
        Some(before) if field.from.is_before() => format!("run {}", before.short),
        _ => field.from.word().to_owned(),
    }
}

fn line(look: Look, facts: &Facts, field: &Field, here: bool, label: usize, width: usize) -> Row {
    let name = screen::fit(&screen::line(field.label()), label);
    let pad = label - name.width();
    let room = width.saturating_sub(label + 15);
    let value = shown(field);
    let (role, value) = match (value.is_empty(), here, field.is_optional()) {
        (true, false, true) => (Role::Dim, "(optional)".into()),
        (true, false, false) => (Role::Warning, "(missing)".into()),
        (_, true, _) => (Role::Value, tail(&value, room)),
        (false, false, _) => (Role::Text, screen::fit(&value, room)),
    };
    let gap = room.saturating_sub(value.width()) + 1;
    vec![
        (Role::Now, if here { format!("{} ", look.cursor()) } else { "  ".into() }),
        (if here { Role::Strong } else { Role::Text }, format!("{name}{}  ", " ".repeat(pad))),
        (role, value),
        (Role::Dim, format!("{}{}", " ".repeat(gap), origin(facts, field))),
    ]
}

/// The end of a text that is too wide: there it is typed.
fn tail(text: &str, room: usize) -> String {
    let mut start = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let from = start.find(|at| text[*at..].width() <= room).unwrap_or(text.len());
    text[from..].to_owned()
}

/// What is said of a value that does.
fn good(look: Look, state: &State, facts: &Facts, field: &Field, value: &str) -> String {
    let tick = look.pick("✓", "x");
    match &field.subject {
        Subject::Since => since(state, facts).map_or(format!("{tick} {value}"), |passed| {
            let passed = span(std::time::Duration::from_secs(passed / 60 * 60));
            format!("{tick} {value}, {passed} ago")
        }),
        Subject::Environment => {
            let place = facts.environments.get(value);
            let word = place.map_or("", |place| place.word.as_str());
            let only = place.is_some_and(|place| place.read_only);
            format!("{tick} acts on {word}{}", if only { ", read only" } else { "" })
        }
        _ if !field.is_secret() && value.replace('\n', ",") != field.typed() => {
            format!("{tick} {value}")
        }
        _ => format!("{tick} valid"),
    }
}

fn beside(frame: &mut Frame<'_>, area: Rect, state: &State, facts: &Facts, look: Look) {
    if area.height < 3 {
        return;
    }
    let width = usize::from(area.width.saturating_sub(4));
    let room = usize::from(area.height - 2);
    let open = state.lookup.as_ref().filter(|look| look.open);
    let (title, text, seen) = if let Some(look) = open {
        pane::text(look, width)
    } else {
        let mut text = Prose::new(width);
        match state.field() {
            Some(field) => about(&mut text, state, facts, field),
            None => button(&mut text, state, facts),
        }
        (state.field().map_or("what happens next", Field::label).to_owned(), text, None)
    };
    let top = state.top.max(seen.map_or(0, |row| (row + 1).saturating_sub(room)));
    let top = top.min(text.len().saturating_sub(room));
    let more = text.len().saturating_sub(top + room);
    let aside = match seen {
        // Below the last value stands only where they come from.
        Some(row) => format!("at {}", row + 1),
        None if more > 0 => format!("{more} more, PgDn"),
        None => String::new(),
    };
    let pane = Pane { title, aside, focus: open.is_some(), role: None };
    let inside = frame::pane(frame, area, look, Surroundings::Review, &pane);
    prose::draw(frame, inside, look, &text, top);
}

fn about(text: &mut Prose, state: &State, facts: &Facts, field: &Field) {
    if let Some(before) = facts.before.as_ref().filter(|_| field.from.is_before()) {
        let said = format!("run {}, which acted on {}", before.short, before.environment);
        text.label("FROM", Role::Strong, &said);
    }
    match &field.subject {
        Subject::Trust => {
            if let Some(trust) = &facts.trust {
                text.text(
                    Role::Warning,
                    "This runbook is not built in, and nothing in the command says where it lies.",
                );
                text.label("FROM", Role::Text, &trust.origin);
                text.label("DIGEST", Role::Text, &trust.digest);
                text.text(Role::Text, "Type yes to run it.");
            }
        }
        Subject::Environment => environment(text, facts),
        Subject::Since => {
            text.text(
                Role::Text,
                "When the incident began. The incident clock and the budget count from here.",
            );
            text.label(
                "FORMAT",
                Role::Text,
                "02:37Z   -20m   2026-11-21T02:37:00Z   (local time is refused)",
            );
        }
        Subject::Incident => {
            text.text(
                Role::Text,
                "The number under which others know this incident. It is written into the journal.",
            );
        }
        Subject::Param(asked) => param(text, state, facts, field, &asked.name),
    }
}

fn environment(text: &mut Prose, facts: &Facts) {
    text.text(Role::Text, "Where this run acts. It is chosen anew for every run.");
    if let Some(before) = &facts.before {
        text.label(
            "BEFORE",
            Role::Text,
            &format!("run {} acted on {}", before.short, before.environment),
        );
    }
    if facts.environments.is_empty() {
        text.text(Role::Warning, "The settings name no environment yet. Write this and come back:");
        text.label("FILE", Role::Text, &facts.settings);
        text.command("environments:\n  prod: {word: PROD}");
        return;
    }
    let widest = facts.environments.keys().map(|name| name.width()).max().unwrap_or(0);
    for (at, (name, place)) in facts.environments.iter().enumerate() {
        let only = if place.read_only { ", read only" } else { "" };
        let values = place.values.len();
        let name = format!("{} {name:widest$}", at + 1);
        text.label(&name, Role::Text, &format!("{}{only}, {values} values", place.word));
    }
}

fn param(text: &mut Prose, state: &State, facts: &Facts, field: &Field, name: &str) {
    let Some(definition) = definition(facts, field) else { return };
    let known = state.known(facts);
    if let Some(ask) = &definition.ask {
        text.text(Role::Strong, &ask.render_known(&known));
    }
    if let Some(help) = &definition.help {
        text.text(Role::Text, &help.render_known(&known));
    }
    text.label("FORMAT", Role::Text, &definition.kind.expected().replace('`', ""));
    if let Some(example) = &definition.example {
        text.label("EXAMPLE", Role::Text, example);
    }
    if let Some(default) = &definition.default {
        text.label("DEFAULT", Role::Text, &default.render_known(&known));
    }
    let choices = choices(facts, field);
    if !choices.is_empty() {
        text.label("CHOICES", Role::Text, &choosing::numbered(&choices));
        text.text(Role::Dim, "A number or the first letters choose one.");
    }
    let lead = format!("{name}: ");
    let lost = facts.before.iter().flat_map(|before| &before.handed.left_out);
    for why in lost.filter_map(|why| why.strip_prefix(&lead)) {
        text.label("NOT TAKEN OVER", Role::Warning, why);
    }
    pane::told(text, state, facts, field);
    if field.is_secret() {
        text.text(Role::Dim, "Never shown, never written into the journal.");
    }
    let uses = preview::uses(state, facts, name);
    if uses.is_empty() {
        return;
    }
    let numbers: Vec<&str> = uses.iter().map(|one| one.number.as_str()).collect();
    text.gap();
    text.label("USED IN", Role::Text, &numbers.join(", "));
    for one in &uses {
        text.label(&one.number, Role::Dim, "");
        text.command(&one.command);
    }
}

fn button(text: &mut Prose, state: &State, facts: &Facts) {
    if let Some(before) = &facts.before {
        let said = format!("run {}, which acted on {}", before.short, before.environment);
        text.label("CONTINUES", Role::Strong, &said);
        for why in &before.handed.left_out {
            text.label("NOT TAKEN OVER", Role::Warning, why);
        }
        for open in &before.left_open {
            text.label("STILL OPEN", Role::Warning, &format!("{open}; {}", open.way_back()));
        }
    }
    let (set, of) = state.count(facts);
    if set < of {
        text.text(Role::Warning, &format!("{} of {of} values are missing or wrong.", of - set));
    }
    text.text(Role::Text, "The run is opened and its journal begins. Then come the checks of preflight. Nothing is changed before you arm a step.");
    if let Some(place) = state.environment(facts) {
        text.label("WHERE", Role::Strong, &place.word);
    }
}

/// Returns the hints of this moment, and the one for help.
pub fn hints(state: &State, facts: &Facts) -> (Vec<Hint>, Hint) {
    let place = state.place(facts);
    let shown = table::bindings(KEYS, place).filter(|row| !row.hint.is_empty());
    let hints = shown.map(|row| {
        let keys = if matches!(row.action, Action::ChooseNext | Action::DownList) {
            "↑↓".into()
        } else {
            row.keys[0].to_string()
        };
        let leaves = row.action == Action::Back && !facts.kept && place != Place::Help;
        Hint { keys, words: if leaves { LEAVES } else { row.hint }.into() }
    });
    (hints.collect(), Hint { keys: "F1".into(), words: "help".into() })
}
