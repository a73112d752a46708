//! Help for a place: its keys from the one table, and the words. Typing searches both.

use super::super::frame::{self, Pane};
use super::super::keymap::{self, Group};
use super::super::look::{Look, Role, Surroundings};
use super::super::place::Place;
use super::super::prose::Prose;
use super::super::sight::Sight;
use super::super::state::{Layer, State};
use ratatui::Frame;
use ratatui::layout::Rect;

/// The words that the screens use, each with its one meaning.
const WORDS: &[(&str, &str)] = &[
    ("ARMED", "shown in full, only R runs it; disarms after 60 s or when you move"),
    ("READ ONLY", "alters nothing"),
    ("CHANGE", "alters something and has a way back, or says why there is none"),
    ("DESTRUCTIVE", "loses something; the target's name is typed"),
    ("IRREVERSIBLE", "has no way back; a reason and a witness are needed too"),
    ("VERIFIED", "a check proved it"),
    ("ATTESTED", "you said so"),
    ("UNKNOWN", "started, and its end was not seen; nothing repeats it by itself"),
    ("OPEN", "a change of this run that is neither undone nor made permanent"),
    ("DEVIATION", "done differently from the runbook; always has a reason"),
];

/// Draws the help of the place under it.
#[expect(clippy::too_many_arguments, reason = "a drawing function of its own state")]
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    sight: &dyn Sight,
    look: Look,
    around: Surroundings,
    top: usize,
    wanted: &str,
) {
    let place = under(state, sight);
    let rows = text(place, wanted, usize::from(area.width.saturating_sub(4)), look);
    let room = usize::from(area.height.saturating_sub(2));
    let last = rows.len().saturating_sub(room);
    let top = top.min(last);
    let more = last - top;
    let pane = Pane {
        title: format!("Help: {}", place.words(sight)),
        aside: if more > 0 { format!("{more} more ↓  Esc closes") } else { "Esc closes".into() },
        focus: true,
        role: None,
    };
    let inside = frame::pane(frame, area, look, around, &pane);
    super::rows(frame, inside, look, &rows, top);
}

/// The place that the help is about.
fn under(state: &State, sight: &dyn Sight) -> Place {
    let mut below = state.clone();
    while matches!(below.layers.last(), Some(Layer::Help { .. })) {
        below.layers.pop();
    }
    Place::of(&below, &sight.run().outline())
}

/// All rows of the help of a place that hold what is searched.
pub fn text(place: Place, wanted: &str, width: usize, look: Look) -> Prose {
    let mut prose = Prose::new(width);
    prose.row(vec![(Role::Dim, "type to search: ".into()), (Role::Strong, format!("{wanted}_"))]);
    let wanted = wanted.to_lowercase();
    let fits = |text: &str| wanted.is_empty() || text.to_lowercase().contains(&wanted);
    for (group, title) in [
        (Group::Now, "NOW"),
        (Group::Look, "LOOK"),
        (Group::Move, "MOVE"),
        (Group::Anywhere, "ANYWHERE"),
    ] {
        let mut rows = keymap::bindings(place).filter(|row| row.group == group).peekable();
        if rows.peek().is_none() {
            continue;
        }
        let mut titled = false;
        for row in rows {
            let keys: Vec<String> =
                row.keys.iter().map(|key| look.text(&key.to_string())).collect();
            let keys = if keys.len() > 3 {
                format!("{}-{}", keys[0], keys[keys.len() - 1])
            } else {
                keys.join(" ")
            };
            if !fits(&format!("{keys} {}", row.help)) {
                continue;
            }
            if !titled {
                prose.gap();
                prose.row(vec![(Role::Title, title.into())]);
                titled = true;
            }
            prose.labelled(&format!("  {keys:<11}"), Role::Key, Role::Text, row.help);
        }
    }
    let mut titled = false;
    for (word, means) in WORDS.iter().filter(|(word, means)| fits(&format!("{word} {means}"))) {
        if !titled {
            prose.gap();
            prose.row(vec![(Role::Title, "WORDS".into())]);
            titled = true;
        }
        prose.labelled(&format!("  {word:<13}"), Role::Strong, Role::Text, means);
    }
    prose
}
