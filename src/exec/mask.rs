//! Secrets out of a stream, whatever the boundaries of its pieces.

use super::finder::Finder;
use super::forms::forms;
use super::secret::Secrets;
use super::shadow::Shadow;
use secrecy::ExposeSecret;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// At the end of a stream, a beginning of a secret this long is masked like the whole.
const PARTIAL: usize = 4;

/// So much of what was written is remembered: a secret that is broken by colours or line ends may have begun there.
const CONTEXT: usize = 64;

/// What is looked for. Cheap to share between streams.
pub(super) struct Masks {
    /// Its needles are sorted, so that those with a given beginning stand together.
    finder: Finder,
    /// What each needle is replaced by.
    replacements: Vec<String>,
    /// Pairs of bytes that some needle begins with.
    beginnings: Vec<bool>,
    longest: usize,
}

/// One stream's end, which may be the beginning of a secret.
#[derive(Default)]
pub(super) struct Carry {
    bytes: Vec<u8>,
    /// So many of them are written already, and kept for what they may turn out to belong to.
    done: usize,
    /// So many of them stand under a mask that is written already.
    covered: usize,
}

/// A stretch of secrets that overlap, and the name it goes by.
struct Stretch<'a> {
    start: usize,
    end: usize,
    mask: &'a str,
}

impl Masks {
    /// Looks for these.
    pub(super) fn new(secrets: &Secrets) -> Self {
        let forms = secrets.iter().flat_map(|(name, value)| {
            let mask = format!("‹secret:{name}›");
            forms(value.expose_secret()).into_iter().map(move |form| (form, mask.clone()))
        });
        // One form of two secrets goes by the first name.
        let mut sorted: BTreeMap<Vec<u8>, String> = BTreeMap::new();
        for (form, mask) in forms {
            sorted.entry(form).or_insert(mask);
        }
        let (needles, masks): (Vec<_>, Vec<_>) = sorted.into_iter().unzip();
        let longest = needles.iter().map(Vec::len).max().unwrap_or(0);
        let mut beginnings = vec![false; 1 << 16];
        for needle in &needles {
            if let Some(pair) = needle.first_chunk() {
                beginnings[usize::from(u16::from_le_bytes(*pair))] = true;
            }
        }
        Self { finder: Finder::new(needles), replacements: masks, beginnings, longest }
    }

    /// Masks what is complete; keeps back what may be the beginning of a secret.
    pub(super) fn feed<'a>(&self, carry: &mut Carry, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        if self.replacements.is_empty() {
            return Cow::Borrowed(bytes);
        }
        carry.bytes.extend_from_slice(bytes);
        let shadow = Shadow::of(&carry.bytes);
        let end = carry.bytes.len();
        let raw = self.partial(&carry.bytes, 1).map_or(end, |(at, _)| at);
        // The last letter of a line is often the first of some secret; it is not worth the wait.
        let seen = self.partial(&shadow.bytes, PARTIAL).map_or(end, |(at, _)| shadow.origin(at));
        let hold = raw.min(seen).max(carry.done);
        Cow::Owned(self.write_until(carry, &shadow, hold))
    }

    /// The end of a stream: a long beginning of a secret is masked too.
    pub(super) fn finish(&self, carry: &mut Carry) -> Vec<u8> {
        let shadow = Shadow::of(&carry.bytes);
        let end = carry.bytes.len();
        let raw = self.partial(&carry.bytes, PARTIAL);
        let seen = self.partial(&shadow.bytes, PARTIAL);
        let seen = seen.map(|(at, mask)| (shadow.origin(at), mask));
        let partial = [raw, seen].into_iter().flatten().min_by_key(|(at, _)| *at);
        let hold = partial.map_or(end, |(at, _)| at).max(carry.done);
        let mut masked = self.write_until(carry, &shadow, hold);
        let open = carry.covered > carry.done;
        if let Some((_, mask)) = partial.filter(|_| carry.done < carry.bytes.len() && !open) {
            masked.extend_from_slice(mask.as_bytes());
        }
        *carry = Carry::default();
        masked
    }

    /// Masks a short text that is whole.
    pub(super) fn text(&self, bytes: &[u8]) -> String {
        let mut carry = Carry { bytes: bytes.to_vec(), ..Carry::default() };
        let masked = self.write_until(&mut carry, &Shadow::of(bytes), bytes.len());
        String::from_utf8_lossy(&masked).into_owned()
    }

    /// The earliest end of these bytes, at least so long, that a secret begins with.
    fn partial(&self, bytes: &[u8], least: usize) -> Option<(usize, &str)> {
        let tail = bytes.len().saturating_sub(self.longest.saturating_sub(1));
        let mut ends = tail..(bytes.len() + 1).saturating_sub(least);
        ends.find_map(|at| Some((at, self.beginning(&bytes[at..])?)))
    }

    /// Returns the masked bytes from `done` to `hold`, and keeps the rest.
    fn write_until(&self, carry: &mut Carry, shadow: &Shadow, hold: usize) -> Vec<u8> {
        let mut masked = Vec::with_capacity(hold - carry.done);
        let mut from = carry.done;
        for stretch in self.stretches(carry, shadow) {
            if stretch.start >= hold {
                break;
            }
            if stretch.end <= from {
                continue;
            }
            masked.extend_from_slice(&carry.bytes[from..stretch.start.max(from)]);
            masked.extend_from_slice(stretch.mask.as_bytes());
            from = stretch.end.min(hold);
            // It goes on in what is kept, where it must not be masked a second time.
            carry.covered = stretch.end;
        }
        masked.extend_from_slice(&carry.bytes[from..hold]);
        let kept = hold.saturating_sub(CONTEXT);
        carry.bytes.drain(..kept);
        carry.done = hold - kept;
        carry.covered = carry.covered.saturating_sub(kept);
        masked
    }

    /// Every secret in the bytes and in what a reader sees of them; those that overlap are one, because
    /// the rest of one would tell of the other.
    fn stretches(&self, carry: &Carry, shadow: &Shadow) -> Vec<Stretch<'_>> {
        let raw = self.finder.all(&carry.bytes).into_iter().map(|found| Stretch {
            start: found.start,
            end: found.end,
            mask: &self.replacements[found.needle],
        });
        let seen = self.finder.all(&shadow.bytes).into_iter().map(|found| Stretch {
            start: shadow.origin(found.start),
            end: shadow.origin(found.end - 1) + 1,
            mask: &self.replacements[found.needle],
        });
        let written = Stretch { start: 0, end: carry.covered, mask: "" };
        // Only while it is the last thing written: what follows something else needs a mask of its own.
        let open = carry.covered > 0 && carry.covered >= carry.done;
        let mut found: Vec<_> = open.then_some(written).into_iter().collect();
        found.extend(raw.chain(seen));
        // Stable, so that what is written already stays in front.
        found.sort_by_key(|m| (m.start, std::cmp::Reverse(m.end)));
        found.sort_by_key(|m| !m.mask.is_empty());
        let mut stretches: Vec<Stretch<'_>> = Vec::new();
        for one in found {
            match stretches.last_mut() {
                Some(last) if one.start < last.end => last.end = last.end.max(one.end),
                _ => stretches.push(one),
            }
        }
        stretches
    }

    /// The mask of a secret that begins with this and is longer.
    fn beginning(&self, held: &[u8]) -> Option<&str> {
        // Most bytes are told by a look at two of them.
        let pair = held.first_chunk().map(|pair| usize::from(u16::from_le_bytes(*pair)));
        if held.is_empty() || pair.is_some_and(|pair| !self.beginnings[pair]) {
            return None;
        }
        let needles = self.finder.needles();
        let at = needles.partition_point(|needle| needle.as_slice() <= held);
        needles.get(at)?.starts_with(held).then(|| self.replacements[at].as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masks(values: &[(&str, &str)]) -> Masks {
        let secrets = values.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned().into()));
        Masks::new(&secrets.collect())
    }

    fn fed(masks: &Masks, pieces: &[&[u8]]) -> String {
        let mut carry = Carry::default();
        let mut out = Vec::new();
        for piece in pieces {
            out.extend_from_slice(&masks.feed(&mut carry, piece));
        }
        out.extend(masks.finish(&mut carry));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_secret_is_masked_wherever_the_stream_is_cut() {
        let masks = masks(&[("a", "abcabd"), ("b", "abcabdxyz"), ("c", "bcab")]);
        let text = b"-abcabcabdabcabdxyzabcab-";
        let whole = fed(&masks, &[text]);
        assert_eq!(whole, "-a‹secret:c›‹secret:b›a‹secret:c›-");
        for i in 0..=text.len() {
            for j in i..=text.len() {
                assert_eq!(fed(&masks, &[&text[..i], &text[i..j], &text[j..]]), whole, "{i} {j}");
            }
        }
        let single: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(fed(&masks, &single), whole);
    }

    #[test]
    fn a_secret_broken_by_colours_line_ends_and_overstriking_is_masked_wherever_it_is_cut() {
        let masks = masks(&[("a", "correct-horse")]);
        for text in [
            &b"x corr\x1b[31mect-h\x1b[0morse y"[..],
            b"x corre\r\n    ct-horse y",
            b"x corr\n\nect-\nhorse y",
            b"x c\x08co\x08or\x08rr\x08re\x08ec\x08ct\x08t-\x08-h\x08ho\x08or\x08rs\x08se\x08e y",
        ] {
            let seen = |pieces: &[&[u8]]| {
                let whole = fed(&masks, pieces);
                let (before, after) = whole.split_once("‹secret:a›").expect("a mask");
                assert_eq!(after, " y", "{whole:?}");
                String::from_utf8(Shadow::of(before.as_bytes()).bytes).unwrap()
            };
            assert_eq!(seen(&[text]), "x ");
            for i in 0..=text.len() {
                for j in i..=text.len() {
                    // A few letters may be out before they can be told from any others.
                    let out = seen(&[&text[..i], &text[i..j], &text[j..]]);
                    assert!(out.len() < 2 + PARTIAL, "{i} {j} {out:?}");
                }
            }
        }
    }

    #[test]
    fn a_stream_of_nothing_but_overlaps_is_one_mask_and_little_memory() {
        let masks = masks(&[("a", "aaaaaaaa")]);
        let mut carry = Carry::default();
        let mut out = masks.feed(&mut carry, b"b").into_owned();
        for _ in 0..1000 {
            out.extend_from_slice(&masks.feed(&mut carry, b"aaa"));
            assert!(carry.bytes.len() < CONTEXT + 16);
        }
        out.extend_from_slice(&masks.feed(&mut carry, b"b"));
        assert_eq!(String::from_utf8(out).unwrap(), "b‹secret:a›b");
    }

    #[test]
    fn what_is_no_secret_is_not_kept_back() {
        let masks = masks(&[("a", "secret-value")]);
        let mut carry = Carry::default();
        assert_eq!(masks.feed(&mut carry, b"plain"), &b"plain"[..]);
        assert_eq!(masks.feed(&mut carry, b"a secre"), &b"a "[..]);
        assert_eq!(masks.feed(&mut carry, b"tary"), &b"secretary"[..]);
    }

    #[test]
    fn the_beginning_of_a_secret_at_the_end_is_masked_from_four_bytes_on() {
        let masks = masks(&[("a", "secret-value")]);
        assert_eq!(fed(&masks, &[b"x sec"]), "x sec");
        assert_eq!(fed(&masks, &[b"x secr"]), "x ‹secret:a›");
    }

    proptest::proptest! {
        #[test]
        fn no_secret_comes_out_and_nothing_else_is_lost(
            words in proptest::collection::vec(0..8_usize, 0..40),
            cuts in proptest::collection::vec(0..400_usize, 0..6),
        ) {
            let masks = masks(&[("a", "abcabd"), ("b", "bdabca"), ("c", "correct-horse")]);
            let dictionary = ["abc", "abd", "bd", "correct", "-horse", "\n", "\x1b[0m", " plain "];
            let text: String = words.iter().map(|word| dictionary[*word]).collect();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|w| &text.as_bytes()[w[0]..w[1]]).collect();
            let out = fed(&masks, &pieces);
            for secret in ["abcabd", "bdabca", "correct-horse"] {
                proptest::prop_assert!(!out.contains(secret), "{text:?} {out:?}");
            }
            proptest::prop_assert_eq!(out.matches(" plain ").count(), text.matches(" plain ").count());
            // Whatever stands outside the masks stood there before, in this order.
            let mut rest = text.as_str();
            for kept in out.split("‹secret:").map(|part| part.split_once('›').map_or(part, |p| p.1)) {
                let at = rest.find(kept);
                proptest::prop_assert!(at.is_some(), "{text:?} {out:?}");
                rest = &rest[at.unwrap_or(0) + kept.len()..];
            }
            proptest::prop_assert_eq!(out.contains('‹'), fed(&masks, &[text.as_bytes()]).contains('‹'));
        }
    }
}
