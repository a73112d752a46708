//! Every occurrence of many needles, at the speed of the output that they are looked for in.
//!
//! An automaton over some hundred needles reads every byte and misses the cache; this looks at four bytes
//! in every few, asks a small bitmap whether any needle has them there, and compares only then.

use std::collections::HashMap;

/// The bytes that are looked at together.
const GROUP: usize = 4;

/// Looked at in every so many positions, at most. Needles of at least `GROUP + STRIDE - 1` bytes allow it.
const STRIDE: usize = 5;

/// The bitmap's size as a power of two: 2^18 bits are 32 KiB, which stay in the nearest cache.
const BITS: u32 = 18;

/// Looks for needles.
pub(super) struct Finder {
    needles: Vec<Vec<u8>>,
    stride: usize,
    bitmap: Vec<u64>,
    /// For a group of bytes: which needles have it, and where.
    places: HashMap<u32, Vec<(usize, usize)>>,
    /// Needles with fewer bytes than a group.
    short: Vec<usize>,
}

/// One occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    /// Its first byte.
    pub(super) start: usize,
    /// After its last byte.
    pub(super) end: usize,
    /// Which needle.
    pub(super) needle: usize,
}

impl Finder {
    /// Prepares to look for these; empty ones are never found.
    pub(super) fn new(needles: Vec<Vec<u8>>) -> Self {
        let lengths = needles.iter().map(Vec::len).filter(|len| *len >= GROUP);
        let stride = lengths.min().map_or(1, |shortest| (shortest - GROUP + 1).min(STRIDE));
        let mut finder = Self {
            stride,
            bitmap: vec![0; 1 << (BITS - 6)],
            places: HashMap::new(),
            short: Vec::new(),
            needles,
        };
        for (index, needle) in finder.needles.iter().enumerate() {
            if needle.len() < GROUP {
                finder.short.extend((!needle.is_empty()).then_some(index));
                continue;
            }
            // Wherever the needle stands, one of its first groups stands where we look.
            for offset in 0..stride {
                let group = group_at(needle, offset);
                let (word, bit) = slot(group);
                finder.bitmap[word] |= bit;
                finder.places.entry(group).or_default().push((index, offset));
            }
        }
        finder
    }

    /// The needles, in the order they were given.
    pub(super) fn needles(&self) -> &[Vec<u8>] {
        &self.needles
    }

    /// Finds every occurrence, overlapping ones too, in no particular order.
    pub(super) fn all(&self, text: &[u8]) -> Vec<Found> {
        let mut found = Vec::new();
        let last = (text.len() + 1).saturating_sub(GROUP);
        for at in (0..last).step_by(self.stride) {
            let group = group_at(text, at);
            let (word, bit) = slot(group);
            if self.bitmap[word] & bit != 0 {
                self.compare(text, at, group, &mut found);
            }
        }
        for index in &self.short {
            let needle = &self.needles[*index];
            let starts = text.windows(needle.len()).enumerate().filter(|(_, w)| *w == needle);
            found.extend(starts.map(|(start, _)| self.found(*index, start)));
        }
        found
    }

    #[cold]
    fn compare(&self, text: &[u8], at: usize, group: u32, found: &mut Vec<Found>) {
        for (index, offset) in self.places.get(&group).into_iter().flatten() {
            let Some(start) = at.checked_sub(*offset) else { continue };
            if text[start..].starts_with(&self.needles[*index]) {
                found.push(self.found(*index, start));
            }
        }
    }

    fn found(&self, needle: usize, start: usize) -> Found {
        Found { start, end: start + self.needles[needle].len(), needle }
    }
}

fn group_at(bytes: &[u8], at: usize) -> u32 {
    let group = bytes[at..].first_chunk::<GROUP>();
    u32::from_le_bytes(*group.unwrap_or(&[0; GROUP]))
}

/// Spreads groups that differ in few bits over the whole bitmap.
fn slot(group: u32) -> (usize, u64) {
    let hash = group.wrapping_mul(0x9E37_79B1) >> (32 - BITS);
    ((hash >> 6) as usize, 1 << (hash & 63))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aho_corasick::AhoCorasick;

    fn sorted(mut found: Vec<Found>) -> Vec<Found> {
        found.sort_unstable();
        found
    }

    #[test]
    fn overlapping_and_repeated_needles_are_all_found() {
        let finder = Finder::new(["aaaa", "aa", "", "baaa"].map(|n| n.as_bytes().to_vec()).into());
        let found = sorted(finder.all(b"baaaaa"));
        let starts =
            |needle| found.iter().filter(|f| f.needle == needle).map(|f| f.start).collect();
        let (long, short, none, other): (Vec<_>, Vec<_>, Vec<usize>, Vec<_>) =
            (starts(0), starts(1), starts(2), starts(3));
        assert_eq!((long, short, other), (vec![1, 2], vec![1, 2, 3, 4], vec![0]));
        assert!(none.is_empty());
        assert!(finder.all(b"").is_empty() && finder.all(b"a").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn it_finds_what_an_automaton_finds(
            needles in proptest::collection::vec("[ab]{1,12}", 1..8),
            text in "[abc]{0,300}",
        ) {
            let needles: std::collections::BTreeSet<String> = needles.into_iter().collect();
            let needles: Vec<Vec<u8>> = needles.into_iter().map(String::into_bytes).collect();
            let automaton = AhoCorasick::new(&needles).unwrap();
            let wanted = automaton.find_overlapping_iter(&text).map(|m| Found {
                start: m.start(),
                end: m.end(),
                needle: m.pattern().as_usize(),
            });
            let found = Finder::new(needles.clone()).all(text.as_bytes());
            proptest::prop_assert_eq!(sorted(found), sorted(wanted.collect()));
        }
    }
}
