//! Ten thousand steps of somebody who presses anything, in a window that will not keep still.

use super::dice::Dice;
use super::frames::drawn;
use super::keys::lawful;
use super::reached::usual;
use super::stage::{Change, Stage};
use super::world::Ends;
use crate::tui::key::Key;
use crate::tui::look::{Look, Theme};
use crate::tui::sight::Sight;
use crate::tui::state::{Layer, MESSAGES};
use chrono::TimeDelta;

/// Keys that lead somewhere, so that the walk does not stand still.
const LIKELY: [Key; 20] = [
    Key::Enter,
    Key::Enter,
    Key::Enter,
    Key::Char('R'),
    Key::Char('R'),
    Key::Tab,
    Key::BackTab,
    Key::Down,
    Key::Down,
    Key::PageDown,
    Key::Up,
    Key::Char('Y'),
    Key::Char('N'),
    Key::Char('a'),
    Key::Char('v'),
    Key::Char('2'),
    Key::Char('z'),
    Key::Char('o'),
    Key::Char('?'),
    Key::Esc,
];

const STEPS: usize = 10_000;

/// A walk, and what it has started.
struct Walk {
    at: Stage,
    dice: Dice,
    changes: usize,
}

impl Walk {
    /// Takes one step, whatever it is.
    fn step(&mut self) {
        if self.dice.below(20) == 0 {
            let size = (self.dice.below(300) + 1, self.dice.below(100) + 1);
            self.at.resize((u16::try_from(size.0).unwrap(), u16::try_from(size.1).unwrap()));
        }
        let running = !self.at.world.run().outline().running.is_empty();
        if running && self.dice.below(6) == 0 {
            let ends =
                [Ends::Passed, Ends::Failed, Ends::Lost, Ends::Interrupted, Ends::Answers(0)];
            self.at.ends(self.dice.of(&ends));
        }
        if self.dice.below(8) == 0 {
            return self.types_what_is_wanted();
        }
        if self.dice.below(40) == 0 {
            assert_eq!(self.at.paste("R\ndb-orders\nR"), None);
        }
        let key = match self.dice.below(8) {
            0 | 1 => self.dice.key(),
            // Half of those who arm something mean it.
            2..=5 if self.at.state.armed.is_some() => Key::Char('R'),
            _ => self.dice.of(&LIKELY),
        };
        self.press(key);
    }

    fn press(&mut self, key: Key) {
        let wait =
            self.dice.of(&[5, 30, 200, 200, 400, 500, 800, 900, 1_000, 2_000, 5_000, 61_000]);
        let wait = TimeDelta::milliseconds(wait);
        let before = self.at.clone();
        let change = self.at.press_after(key, wait);
        self.holds(&before, key, change.as_ref());
        self.changes += usize::from(change.is_some());
    }

    /// What must be so after every key.
    fn holds(&self, before: &Stage, key: Key, change: Option<&Change>) {
        let (old, new) = (&before.state, &self.at.state);
        if let Some(change) = change {
            // The time passed before the key came, so it counts for what was armed.
            let mut then = before.clone();
            then.world.pass(self.at.world.now() - before.world.now());
            assert!(lawful(&then, key, change), "{key}: {change:?}");
        }
        let armed = |work: Option<&crate::tui::state::Armed>| work.map(|armed| armed.work.clone());
        if new.armed.is_some() && armed(old.armed.as_ref()) != armed(new.armed.as_ref()) {
            assert_eq!(key, Key::Enter, "only Enter arms");
        }
        assert!(
            new.armed.is_none() || new.layers.is_empty(),
            "what is armed is covered by something"
        );
        assert!(new.armed.is_none() || !new.too_small(), "what is armed cannot be seen");
        assert!(new.layers.len() <= 8, "{key} piles up lists: {}", new.layers.len());
        assert!(new.messages.len() <= MESSAGES);
        if let Some(Layer::Menu(menu)) = new.layers.last() {
            assert!(menu.at < menu.items.len());
        }
        let outline = self.at.world.run().outline();
        assert!(outline.running.len() <= 1, "two commands run");
    }

    /// Types the name that a guard wants, or any word, as a person who means it would.
    fn types_what_is_wanted(&mut self) {
        use crate::tui::fields::Accepts;
        let Some(Layer::Fields(fields)) = self.at.state.layers.last() else { return };
        let Some(field) = fields.field().filter(|field| field.typed().is_empty()) else { return };
        let text = match &field.accepts {
            Accepts::Exactly(name) => name.clone(),
            _ => "because".into(),
        };
        for c in text.chars() {
            self.at.press_after(Key::Char(c), TimeDelta::milliseconds(150));
        }
    }
}

#[test]
fn ten_thousand_random_keys_and_windows_break_nothing_and_start_only_what_was_meant() {
    let places = usual();
    let mut walk = Walk { at: places[0].stage.clone(), dice: Dice::new(), changes: 0 };
    for step in 0..STEPS {
        let away = walk.at.left || walk.at.world.run().closed().is_some();
        if away || step % 60 == 0 {
            walk.at = places[walk.dice.below(places.len())].stage.clone();
        }
        walk.step();
        if step % 25 == 0 {
            let theme = if step % 2 == 0 { Theme::Mono } else { Theme::Terminal };
            drawn(&walk.at, Look { theme, ascii: step % 3 == 0 });
        }
    }
    assert!(walk.changes > 10, "the walk stood still: {} changes", walk.changes);
}
