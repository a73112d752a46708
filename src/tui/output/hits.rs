//! Where a search has found something: how many lines, and enough about which to find any of them by reading little.

/// The most groups; then two and two become one.
const MOST: usize = 1 << 16;

/// Lines with hits that lie near each other in the spool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub first: u64,
    pub last: u64,
    /// How many there are, with the first and the last.
    pub count: u64,
}

impl Group {
    /// A group of one line.
    pub fn of(line: u64) -> Self {
        Self { first: line, last: line, count: 1 }
    }

    /// Adds a later line.
    pub fn add(&mut self, line: u64) {
        self.last = line;
        self.count += 1;
    }
}

/// A hit that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Near {
    /// It is this line.
    Line(u64),
    /// It is in this group: its lines must be read to know which it is.
    Inside(Group),
}

/// The hits of one search so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Hits {
    groups: Vec<Group>,
    count: u64,
    /// Of the lines that have not ended, those with a hit.
    unfinished: Vec<u64>,
    /// How many lines were searched.
    pub lines: u64,
    /// How far in the file.
    pub at: u64,
}

impl Hits {
    /// Adds a group behind the others.
    pub fn push(&mut self, group: Group) {
        self.count += group.count;
        self.groups.push(group);
        if self.groups.len() > MOST {
            let pairs = self.groups.chunks(2).filter_map(|pair| {
                let (first, last) = (pair.first()?, pair.last()?);
                let count = pair.iter().map(|group| group.count).sum();
                Some(Group { first: first.first, last: last.last, count })
            });
            self.groups = pairs.collect();
        }
    }

    /// Says which of the unfinished lines have a hit now.
    pub fn set_unfinished(&mut self, lines: Vec<u64>) {
        self.unfinished = lines;
    }

    /// Returns how many lines have a hit.
    pub fn count(&self) -> u64 {
        self.count + self.unfinished.len() as u64
    }

    /// Returns the first hit in a line or behind it.
    pub fn at_or_after(&self, line: u64) -> Option<Near> {
        let number = self.groups.partition_point(|group| group.last < line);
        match self.groups.get(number) {
            Some(group) if group.first >= line => Some(Near::Line(group.first)),
            Some(group) if group.last == line => Some(Near::Line(line)),
            Some(group) => Some(Near::Inside(*group)),
            None => self.unfinished.iter().find(|hit| **hit >= line).copied().map(Near::Line),
        }
    }

    /// Returns the last hit before a line.
    pub fn before(&self, line: u64) -> Option<Near> {
        if let Some(hit) = self.unfinished.iter().rfind(|hit| **hit < line) {
            return Some(Near::Line(*hit));
        }
        let number = self.groups.partition_point(|group| group.first < line);
        let group = self.groups.get(number.checked_sub(1)?)?;
        Some(if group.last < line { Near::Line(group.last) } else { Near::Inside(*group) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(lines: &[u64]) -> Group {
        let mut group = Group::of(lines[0]);
        lines[1..].iter().for_each(|line| group.add(*line));
        group
    }

    #[test]
    fn the_edges_of_groups_are_known_and_what_is_inside_is_looked_up() {
        let mut hits = Hits::default();
        let (a, b) = (group(&[3, 5, 8]), group(&[12]));
        hits.push(a);
        hits.push(b);
        hits.set_unfinished(vec![20]);
        assert_eq!(hits.count(), 5);
        let after: Vec<_> = [0, 3, 4, 8, 9, 13, 21].map(|n| hits.at_or_after(n)).into();
        let line = |n| Some(Near::Line(n));
        assert_eq!(
            after,
            [line(3), line(3), Some(Near::Inside(a)), line(8), line(12), line(20), None]
        );
        let before: Vec<_> = [3, 4, 8, 9, 12, 13, 20, 21].map(|n| hits.before(n)).into();
        let inside = Some(Near::Inside(a));
        assert_eq!(before, [None, inside, inside, line(8), line(8), line(12), line(12), line(20)]);
    }

    #[test]
    fn many_groups_are_joined_and_none_of_their_lines_is_lost() {
        let mut hits = Hits::default();
        for line in 0..3 * MOST as u64 {
            hits.push(Group::of(line * 2));
        }
        assert!(hits.groups.len() <= MOST);
        assert_eq!(hits.count(), 3 * MOST as u64);
        assert_eq!(hits.groups.iter().map(|group| group.count).sum::<u64>(), hits.count());
        assert!(hits.groups.windows(2).all(|pair| pair[0].last < pair[1].first));
    }
}
