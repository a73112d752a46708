//! Draws what is so. A pure function of state, sight, look and size; nothing is remembered here.

mod edit;
mod fields;
mod head;
mod help;
mod hints;
mod layers;
mod steps;

use super::frame::{self, Pane, SMALLEST};
use super::layout::{self, Panes};
use super::look::{Look, Role, Surroundings};
use super::page;
use super::place::Place;
use super::prose::{self, Prose};
use super::sight::Sight;
use super::state::{Focus, Layer, State};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// The rows of an output pane, as it wants to be drawn.
pub trait OutputRows {
    /// What its title says at the left and at the right.
    fn title(&self) -> (String, String);
    /// Draws its rows.
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, look: Look);
}

/// Draws a run.
pub fn draw(
    frame: &mut Frame<'_>,
    state: &State,
    sight: &dyn Sight,
    look: Look,
    output: Option<&dyn OutputRows>,
) {
    let window = frame.area();
    if state.too_small() || window.width < SMALLEST.0 || window.height < SMALLEST.1 {
        too_small(frame, window, sight, look);
        return;
    }
    let areas = frame::areas(window);
    let around = surroundings(sight);
    let outline = sight.run().outline();
    head::draw(frame, &areas, sight, look, around, &outline);
    match state.layers.last() {
        // The whole width belongs to a guard: the rest is hidden on purpose.
        Some(Layer::Fields(fields)) if fields.is_guard() => {
            fields::guard(frame, areas.body, sight, look, around, fields);
        }
        layer => {
            body(frame, state, sight, look, around, output);
            if let Some(layer) = layer {
                layers::draw(frame, areas.body, state, sight, look, around, layer);
            }
        }
    }
    message(frame, areas.message, state, look);
    let place = Place::of(state, &outline);
    let (hints, help) = hints::hints(state, sight, &outline, place);
    frame::hints(frame, areas.hints, look, &hints, &help);
}

/// Where this run acts.
pub fn surroundings(sight: &dyn Sight) -> Surroundings {
    sight
        .run()
        .opened()
        .map_or(Surroundings::Other, |opened| Surroundings::of(&opened.mode, &opened.environment))
}

fn body(
    frame: &mut Frame<'_>,
    state: &State,
    sight: &dyn Sight,
    look: Look,
    around: Surroundings,
    output: Option<&dyn OutputRows>,
) {
    let panes = layout::now(state, sight);
    steps::draw(frame, &panes, state, sight, look, around);
    text(frame, &panes, state, sight, look, around);
    command(frame, &panes, state, sight, look, around);
    output_pane(frame, panes.output, state, look, around, output);
}

fn text(
    frame: &mut Frame<'_>,
    panes: &Panes,
    state: &State,
    sight: &dyn Sight,
    look: Look,
    around: Surroundings,
) {
    if panes.text.height < 3 {
        return;
    }
    let (aside, role) = page::aside(state, sight);
    let prose = page::text(state, sight, layout::inside(panes.text));
    let room = usize::from(panes.text.height - 2);
    let more = prose.len().saturating_sub(state.text_top + room);
    let aside = if more > 0 { format!("{aside}  {more} more ↓") } else { aside };
    let pane = Pane {
        title: page::title(state, sight),
        aside: aside.trim().into(),
        focus: state.focus == Focus::Text,
        role: (role != Role::Dim).then_some(role),
    };
    let inside = frame::pane(frame, panes.text, look, around, &pane);
    rows(frame, inside, look, &prose, state.text_top);
}

fn command(
    frame: &mut Frame<'_>,
    panes: &Panes,
    state: &State,
    sight: &dyn Sight,
    look: Look,
    around: Surroundings,
) {
    if panes.command.height < 3 {
        return;
    }
    let Some(prose) = page::command(state, sight, layout::inside(panes.command)) else { return };
    let room = usize::from(panes.command.height - 2);
    let below = prose.len().saturating_sub(state.command_top + room);
    let (title, role) = match &state.armed {
        Some(armed) if armed.seen_to_end => {
            ("Command  ARMED: R runs it, Esc disarms", Some(Role::Armed))
        }
        Some(_) => ("Command  ARMED: ↓ read it to its end, then R", Some(Role::Armed)),
        None => (page::command_title(state, sight), None),
    };
    let pane = Pane {
        title: title.into(),
        aside: if below > 0 { format!("{below} more ↓") } else { "as it will run".into() },
        focus: state.focus == Focus::Command,
        role,
    };
    let inside = frame::pane(frame, panes.command, look, around, &pane);
    rows(frame, inside, look, &prose, state.command_top);
}

/// Draws the rows of a text that fit.
pub(super) fn rows(frame: &mut Frame<'_>, area: Rect, look: Look, prose: &Prose, top: usize) {
    let shown = prose.rows.iter().skip(top).take(usize::from(area.height));
    let lines: Vec<Line<'_>> = shown.map(|row| prose::line(row, look)).collect();
    frame.render_widget(Paragraph::new(lines), area);
}

fn output_pane(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    look: Look,
    around: Surroundings,
    output: Option<&dyn OutputRows>,
) {
    if area.height == 0 {
        return;
    }
    let simulated = around == Surroundings::Rehearsal;
    let word = if simulated { "Simulated output" } else { "Output" };
    let (title, aside) = output.map_or((format!("{word}  none yet"), String::new()), |output| {
        let (title, aside) = output.title();
        (format!("{word}  {title}"), aside)
    });
    if area.height < 3 {
        let line = look.pick("─", "-");
        let text = frame::cut(
            look,
            &look.text(&format!("{title}  (o opens)")),
            usize::from(area.width.saturating_sub(8)),
        );
        let lead = format!("{line} {text} ");
        let used = unicode_width::UnicodeWidthStr::width(lead.as_str());
        let rest = line.repeat(usize::from(area.width).saturating_sub(used));
        let row = Line::from(Span::styled(format!("{lead}{rest}"), look.style(Role::Border)));
        frame.render_widget(row, Rect { height: 1, ..area });
        return;
    }
    let pane = Pane { title, aside, focus: state.focus == Focus::Output, role: None };
    let inside = frame::pane(frame, area, look, around, &pane);
    if let Some(output) = output {
        output.draw(frame, inside, look);
    }
}

fn message(frame: &mut Frame<'_>, area: Rect, state: &State, look: Look) {
    let Some(message) = state.message() else { return };
    let text =
        format!(" {} {}", message.at.format("%H:%M:%SZ"), crate::screen::line(&message.text));
    let text = frame::cut(look, &look.text(&text), usize::from(area.width));
    frame.render_widget(Line::from(Span::styled(text, look.style(message.role))), area);
}

/// The screen for a window that is too small for any other.
fn too_small(frame: &mut Frame<'_>, window: Rect, sight: &dyn Sight, look: Look) {
    let run = sight.run();
    let outline = run.outline();
    let opened = run.opened();
    let mode = opened.map_or("", |opened| head::mode_word(opened.mode));
    let environment = opened.map_or("", |opened| opened.environment.as_str());
    let running = if outline.running.is_empty() { "" } else { " running" };
    let number = run.current().map_or(String::new(), |step| step.number.clone());
    let lines = [
        format!("{mode} {environment} {}", sight.short_id()),
        format!("{}/{} {number}{running}", outline.settled, outline.in_force),
        String::new(),
        format!(
            "Window is {}x{}; {}x{} is needed.",
            window.width, window.height, SMALLEST.0, SMALLEST.1
        ),
        "Nothing has stopped.".into(),
        String::new(),
        "q  leave, keep the run".into(),
    ];
    let lines: Vec<Line<'_>> = lines.iter().map(|line| Line::raw(look.text(line))).collect();
    frame.render_widget(Paragraph::new(lines), window);
}
