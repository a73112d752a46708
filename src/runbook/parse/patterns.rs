//! Regular expressions are compiled while a file is read, so that a broken one is found before it is needed.
//!
//! A few bytes can ask for a very large automaton, and a file can ask for thousands of them. So each has a size limit,
//! all of one file together have a budget, and the same expression is compiled once.

use regex::RegexBuilder;
use std::collections::HashSet;

/// The largest automaton of one expression.
const LARGEST: usize = 1 << 20;

/// What all expressions of a file may cost together; a file of a thousand ordinary ones stays far below.
const BUDGET: usize = 300_000;

/// `.` and `\w` stand for all of Unicode, whatever their length.
const WIDE_CLASS: usize = 30;

/// The expressions of one file.
#[derive(Debug, Default)]
pub struct Patterns {
    good: HashSet<String>,
    spent: usize,
}

impl Patterns {
    /// Tries an expression. The error is the reason.
    pub fn check(&mut self, pattern: &str) -> Result<(), String> {
        if self.good.contains(pattern) {
            return Ok(());
        }
        self.spend(pattern)?;
        match RegexBuilder::new(pattern).size_limit(LARGEST).build() {
            Ok(_) => {
                self.good.insert(pattern.to_owned());
                Ok(())
            }
            Err(regex::Error::CompiledTooBig(_)) => Err("it is too large when compiled".to_owned()),
            // The last line is the reason; the lines before it draw the expression again.
            Err(error) => {
                let error = error.to_string();
                let reason = error.lines().last().unwrap_or_default().trim();
                Err(reason.trim_start_matches("error: ").to_owned())
            }
        }
    }

    /// Takes the cost of compiling this expression from the budget.
    pub fn spend(&mut self, pattern: &str) -> Result<(), String> {
        self.spent = self.spent.saturating_add(cost(pattern));
        if self.spent > BUDGET {
            return Err("the expressions of this file are too large together".to_owned());
        }
        Ok(())
    }
}

/// Estimates the size of an automaton: the length, multiplied by every counted repetition.
fn cost(pattern: &str) -> usize {
    let classes = pattern.matches(['.', '\\']).count();
    let mut cost = pattern.len() + 16 + WIDE_CLASS * classes;
    for counted in pattern.split('{').skip(1) {
        let counts = counted.split('}').next().unwrap_or_default();
        let most = counts.split(',').filter_map(|count| count.trim().parse::<usize>().ok()).max();
        cost = cost.saturating_mul(most.unwrap_or(1).max(1));
    }
    cost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_bytes_cannot_ask_for_a_very_large_automaton() {
        let mut patterns = Patterns::default();
        assert!(patterns.check(r"^\d{4}-\d{2}-\d{2}$").is_ok());
        assert!(patterns.check("((a{99}){99}){99}").is_err());
    }

    #[test]
    fn many_expressions_share_one_budget_and_the_same_one_costs_once() {
        let mut patterns = Patterns::default();
        assert!((0..5_000).all(|_| patterns.check("[a-z]{1,900}").is_ok()));
        assert!((0..900).any(|n| patterns.check(&format!("[a-z]{{{n},900}}")).is_err()));
    }
}
