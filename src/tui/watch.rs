//! Which output is shown, and how it is looked at.

use super::draw::OutputRows;
use super::frame;
use super::keymap::Action;
use super::layout;
use super::look::Look;
use super::output::{self, Found, Led, Output, Size, View};
use super::state::State;
use super::update::OutputWish;
use crate::driver::Driver;
use crate::engine::event::{AttemptId, Part};
use crate::screen;
use ratatui::Frame;
use ratatui::layout::Rect;

/// How far a key goes to the side in a line that is not wrapped.
const SIDEWAYS: usize = 8;

/// The output that is shown.
#[derive(Default)]
pub struct Watched {
    shown: Option<Shown>,
    touched: bool,
}

struct Shown {
    id: AttemptId,
    number: String,
    output: Output,
    view: View,
    size: Size,
    /// Where the search led last.
    led: Option<Led>,
}

impl Watched {
    /// Follows the output that belongs on the screen. True if there is something new to show.
    pub fn follow(&mut self, driver: &Driver, state: &State) -> bool {
        let Some(id) = wanted(driver, state) else { return false };
        let other = self.shown.as_ref().is_none_or(|shown| shown.id != id);
        if other {
            let Some(path) = driver.spool(&id) else { return false };
            let began = driver.began(&id).unwrap_or_else(|| driver.clock().stamp().at);
            let step = driver.run().plan().step(&id.work.step);
            self.shown = Some(Shown {
                number: step.map_or(String::new(), |step| step.number.clone()),
                output: Output::open(&path, began),
                view: View::default(),
                size: Size { width: 0, height: 0 },
                led: None,
                id,
            });
        }
        let Some(shown) = &mut self.shown else { return false };
        shown.size = size(driver, state);
        let grown = shown.output.poll();
        if grown && let Some(led) = shown.view.settle(&shown.output, shown.size) {
            shown.led = Some(led);
        }
        other || grown
    }

    /// Notes that a key came.
    pub fn touch(&mut self) {
        self.touched = true;
    }

    /// Tells whether a key came since the last call.
    pub fn touched(&mut self) -> bool {
        std::mem::take(&mut self.touched)
    }

    /// Moves, searches, or turns something on or off. The error says why not.
    pub fn wish(&mut self, wish: &OutputWish) -> Result<(), String> {
        let shown = self.shown.as_mut().ok_or("there is no output yet")?;
        match wish {
            OutputWish::Move(action) => {
                shown.go(*action);
                Ok(())
            }
            OutputWish::Search(text) => shown.search(text),
        }
    }

    /// What the pane shows, as text.
    pub fn text(&self) -> Option<String> {
        let shown = self.shown.as_ref()?;
        let rows = shown.output.page(&shown.view, shown.size);
        Some(rows.iter().map(|row| row.text().trim_end().to_owned()).collect::<Vec<_>>().join("\n"))
    }

    /// The rows to be drawn.
    pub fn rows(&self) -> Option<&dyn OutputRows> {
        self.shown.as_ref().map(|shown| shown as &dyn OutputRows)
    }
}

impl Shown {
    fn go(&mut self, action: Action) {
        let (output, view, size) = (&self.output, &mut self.view, self.size);
        match action {
            Action::Up => view.up(output, size, 1),
            Action::Down => view.down(output, size, 1),
            Action::PageUp => view.page_up(output, size),
            Action::PageDown => view.page_down(output, size),
            Action::First => view.home(output, size),
            Action::Last => view.end(),
            Action::Left => view.left(SIDEWAYS),
            Action::Right => view.right(SIDEWAYS),
            Action::Follow => view.toggle_follow(output, size),
            Action::Wrap => view.toggle_wrap(),
            Action::Times => view.toggle_times(),
            Action::SearchNext => self.led = Some(view.next(output, size)),
            Action::SearchPrevious => self.led = Some(view.previous(output, size)),
            _ => {}
        }
    }

    fn search(&mut self, text: &str) -> Result<(), String> {
        if text.is_empty() {
            self.view.forget_search(&self.output);
            self.led = None;
            return Ok(());
        }
        let led = self.view.search(&self.output, self.size, text).map_err(|bad| bad.to_string())?;
        self.led = Some(led);
        Ok(())
    }

    /// What the search says: how many lines, and whether it still looks.
    fn searched(&self) -> Option<String> {
        let pattern = screen::line(self.view.pattern()?);
        let found = self.output.found().unwrap_or(Found { lines: 0, percent: 0 });
        let so_far =
            if found.percent < 100 { format!(" at {} %", found.percent) } else { String::new() };
        let led = match self.led {
            Some(Led::Nowhere) if found.lines == 0 && found.percent == 100 => " not found",
            Some(Led::Around(_)) => " went round",
            _ => "",
        };
        let lines = if found.lines == 1 { "line" } else { "lines" };
        Some(format!("/{pattern}{led} {} {lines}{so_far}", found.lines))
    }
}

/// The room for rows: that of the pane, or of the whole body while it is folded to a line.
fn size(driver: &Driver, state: &State) -> Size {
    let window = Rect::new(0, 0, state.size.0, state.size.1);
    let pane = layout::now(state, driver).output;
    let pane = if pane.height < 3 { frame::areas(window).body } else { pane };
    Size { width: pane.width.saturating_sub(4), height: pane.height.saturating_sub(2) }
}

/// The attempt whose output belongs on the screen: what runs, else the newest of the step that is shown, else the newest.
fn wanted(driver: &Driver, state: &State) -> Option<AttemptId> {
    let running = driver.running().into_iter().find(|id| id.work.part != Part::Fence);
    running.or_else(|| driver.newest_attempt(state.looked.as_ref()))
}

impl OutputRows for Shown {
    fn title(&self) -> (String, String) {
        let mut aside = Vec::new();
        aside.extend(self.searched());
        let new = self.view.new_since(&self.output);
        if !self.view.follows() {
            aside.push(if new > 0 { format!("+{new} new") } else { "follow off".into() });
        }
        let lines = self.output.lines();
        aside.push(format!("{lines} {}", if lines == 1 { "line" } else { "lines" }));
        (format!("{} {}", self.number, self.id.work), aside.join("  "))
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, look: Look) {
        let size = Size { width: area.width, height: area.height };
        let rows = self.output.page(&self.view, size);
        output::paint(&rows, self.view.gutter(area.width), area, frame.buffer_mut(), look);
    }
}
