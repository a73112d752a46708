//! Which output is shown, and how it is looked at.

use super::draw::OutputRows;
use super::keymap::Action;
use super::look::{Look, Role};
use super::state::State;
use super::update::OutputWish;
use crate::driver::Driver;
use crate::engine::event::{AttemptId, Part};
use crate::exec::spool::{Reader, Stream};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use std::collections::VecDeque;

/// The output that is shown.
#[derive(Default)]
pub struct Watched {
    shown: Option<Shown>,
    touched: bool,
}

struct Shown {
    id: AttemptId,
    title: String,
    reader: Option<Reader>,
    lines: VecDeque<(bool, String)>,
    total: u64,
}

impl Watched {
    /// Follows the output that belongs on the screen. True if it grew or is another one.
    pub fn follow(&mut self, driver: &Driver, state: &State) -> bool {
        let wanted = wanted(driver, state);
        let Some(id) = wanted else { return false };
        let other = self.shown.as_ref().is_none_or(|shown| shown.id != id);
        if other {
            let title =
                driver.run().plan().step(&id.work.step).map_or(String::new(), |s| s.number.clone());
            self.shown = Some(Shown {
                id: id.clone(),
                title,
                reader: None,
                lines: VecDeque::new(),
                total: 0,
            });
        }
        let Some(shown) = &mut self.shown else { return false };
        if shown.reader.is_none() {
            shown.reader = driver.spool(&id).and_then(|path| Reader::open(&path).ok());
        }
        let Some(reader) = &mut shown.reader else { return other };
        let mut grew = other;
        while let Ok(Some(frame)) = reader.next_frame() {
            for line in crate::screen::text(&frame.bytes) {
                shown.lines.push_back((frame.stream == Stream::Err, line));
                shown.total += 1;
                if shown.lines.len() > 2000 {
                    shown.lines.pop_front();
                }
            }
            grew = true;
        }
        grew
    }

    /// Notes that a key came.
    pub fn touch(&mut self) {
        self.touched = true;
    }

    /// Tells whether a key came since the last call.
    pub fn touched(&mut self) -> bool {
        std::mem::take(&mut self.touched)
    }

    /// Moves, or turns something on or off.
    pub fn wish(&mut self, wish: &OutputWish) -> Result<(), String> {
        match wish {
            OutputWish::Move(Action::Follow) if self.shown.is_some() => Ok(()),
            _ => Err("not yet".into()),
        }
    }

    /// What the pane shows, as text.
    pub fn text(&self) -> Option<String> {
        let shown = self.shown.as_ref()?;
        Some(shown.lines.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join("\n"))
    }

    /// The rows to be drawn.
    pub fn rows(&self) -> Option<&dyn OutputRows> {
        self.shown.as_ref().map(|shown| shown as &dyn OutputRows)
    }
}

/// The attempt whose output belongs on the screen: what runs, else the newest of the step that is shown, else the newest.
fn wanted(driver: &Driver, state: &State) -> Option<AttemptId> {
    if let Some(id) = driver.running().into_iter().find(|id| id.work.part != Part::Fence) {
        return Some(id);
    }
    driver.newest_attempt(state.looked.as_ref())
}

impl OutputRows for Shown {
    fn title(&self) -> (String, String) {
        (format!("{} {}", self.title, self.id.work), format!("{} lines", self.total))
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, look: Look) {
        let skip = self.lines.len().saturating_sub(usize::from(area.height));
        let lines: Vec<Line<'_>> = self
            .lines
            .iter()
            .skip(skip)
            .map(|(stderr, line)| {
                let (mark, role) =
                    if *stderr { ("! ", Role::Stderr) } else { ("  ", Role::Output) };
                Line::from(vec![
                    Span::styled(mark, look.style(role)),
                    Span::styled(line.clone(), look.style(role)),
                ])
            })
            .collect();
        frame.render_widget(Paragraph::new(lines), area);
    }
}
