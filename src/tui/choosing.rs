//! A line that holds one of some values and nothing else: a number or the first letters choose one, arrows go through them.

use super::key::Key;

/// What was typed to find a value; the arrows begin anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hunt {
    typed: String,
}

impl Hunt {
    /// Returns the text that a key puts into the line; `None` when it leads to no value, and nothing happens.
    pub fn key(&mut self, choices: &[String], now: &str, key: Key) -> Option<String> {
        match key {
            Key::Char(c) => self.letter(choices, c),
            Key::Left => self.turn(choices, now, false),
            Key::Right => self.turn(choices, now, true),
            Key::Backspace | Key::Delete | Key::Ctrl('w' | 'k') => {
                self.typed.clear();
                Some(String::new())
            }
            _ => None,
        }
    }

    /// Returns the value after or before the one that stands there.
    pub fn turn(&mut self, choices: &[String], now: &str, forward: bool) -> Option<String> {
        self.typed.clear();
        let all = choices.len();
        let next = match choices.iter().position(|choice| choice == now) {
            _ if all == 0 => return None,
            None if forward => 0,
            None => all - 1,
            Some(at) if forward => (at + 1) % all,
            Some(at) => (at + all - 1) % all,
        };
        choices.get(next).cloned()
    }

    fn letter(&mut self, choices: &[String], c: char) -> Option<String> {
        let begun = format!("{}{c}", self.typed);
        // A number may begin anew where a longer one counts too far; letters go on, so that a name typed in full is found.
        let tries = if c.is_ascii_digit() { vec![begun, c.to_string()] } else { vec![begun] };
        for typed in tries {
            if let Some(found) = found(choices, &typed) {
                self.typed = typed;
                return Some(found.clone());
            }
        }
        None
    }
}

/// The value that begins with what was typed, else the one of that number.
fn found<'c>(choices: &'c [String], typed: &str) -> Option<&'c String> {
    let wanted = typed.to_lowercase();
    let begins = choices.iter().find(|choice| choice.to_lowercase().starts_with(&wanted));
    begins.or_else(|| choices.get(typed.parse::<usize>().ok()?.checked_sub(1)?))
}

/// Says some values with their numbers, in one line.
pub fn numbered(choices: &[String]) -> String {
    let numbered = choices.iter().enumerate().map(|(at, choice)| format!("{} {choice}", at + 1));
    numbered.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices() -> Vec<String> {
        ["prod", "staging", "dev", "Development"].map(str::to_owned).to_vec()
    }

    fn typed(text: &str) -> String {
        let (mut hunt, mut line) = (Hunt::default(), String::new());
        for c in text.chars() {
            line = hunt.key(&choices(), &line, Key::Char(c)).unwrap_or(line);
        }
        line
    }

    #[test]
    fn a_number_or_the_first_letters_choose_and_nothing_else_gets_in() {
        assert_eq!(typed("2"), "staging");
        assert_eq!(typed("s"), "staging");
        assert_eq!(
            typed("PROD"),
            "prod",
            "a name typed in full is that name, whatever its letters begin"
        );
        assert_eq!(typed("deve"), "Development");
        assert_eq!(typed("x9-"), "");
        assert_eq!(typed("12"), "staging", "there is no twelfth");
    }

    #[test]
    fn the_tenth_is_chosen_by_its_number() {
        let many: Vec<String> = (b'a'..=b'l').map(|c| char::from(c).to_string()).collect();
        let mut hunt = Hunt::default();
        assert_eq!(hunt.key(&many, "", Key::Char('1')).unwrap(), "a");
        assert_eq!(hunt.key(&many, "a", Key::Char('0')).unwrap(), "j");
    }

    #[test]
    fn arrows_go_round_and_backspace_empties() {
        let mut hunt = Hunt::default();
        assert_eq!(hunt.key(&choices(), "", Key::Left).unwrap(), "Development");
        assert_eq!(hunt.key(&choices(), "Development", Key::Right).unwrap(), "prod");
        assert_eq!(hunt.key(&choices(), "prod", Key::Backspace).unwrap(), "");
        assert_eq!(hunt.key(&[], "", Key::Right), None);
    }
}
