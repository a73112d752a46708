//! Secrets out of a stream, whatever the boundaries of its pieces.

use super::forms::forms;
use super::secret::Secrets;
use aho_corasick::AhoCorasick;
use secrecy::ExposeSecret;

/// At the end of a stream, a beginning of a secret this long is masked like the whole.
const PARTIAL: usize = 4;

/// What is looked for. Cheap to share between streams.
pub(super) struct Masks {
    finder: AhoCorasick,
    /// Sorted, so that the needles with a given beginning stand together.
    needles: Vec<(Vec<u8>, String)>,
    longest: usize,
}

/// One stream's end, which may be the beginning of a secret.
#[derive(Default)]
pub(super) struct Carry {
    bytes: Vec<u8>,
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
    pub(super) fn new(secrets: &Secrets) -> Result<Self, String> {
        let mut needles: Vec<(Vec<u8>, String)> = secrets
            .iter()
            .flat_map(|(name, value)| {
                let mask = format!("‹secret:{name}›");
                let forms = forms(value.expose_secret());
                forms.into_iter().map(move |form| (form, mask.clone()))
            })
            .collect();
        needles.sort();
        needles.dedup_by(|a, b| a.0 == b.0);
        let finder = AhoCorasick::new(needles.iter().map(|(needle, _)| needle))
            .map_err(|_| "the secrets are too many or too long to look for".to_owned())?;
        let longest = needles.iter().map(|(needle, _)| needle.len()).max().unwrap_or(0);
        Ok(Self { finder, needles, longest })
    }

    /// Masks what is complete; keeps back what may be the beginning of a secret.
    pub(super) fn feed(&self, carry: &mut Carry, bytes: &[u8]) -> Vec<u8> {
        carry.bytes.extend_from_slice(bytes);
        let end = carry.bytes.len();
        let tail = end.saturating_sub(self.longest.saturating_sub(1));
        let hold = (tail..end).find(|at| self.beginning(&carry.bytes[*at..]).is_some());
        self.write_until(carry, hold.unwrap_or(end))
    }

    /// The end of a stream: a long beginning of a secret is masked too.
    pub(super) fn finish(&self, carry: &mut Carry) -> Vec<u8> {
        let end = carry.bytes.len();
        let tail = end.saturating_sub(self.longest.saturating_sub(1));
        let partial = (tail..(end + 1).saturating_sub(PARTIAL))
            .find_map(|at| Some((at, self.beginning(&carry.bytes[at..])?)));
        let mut masked = self.write_until(carry, partial.map_or(end, |(at, _)| at));
        if let Some((_, mask)) = partial.filter(|_| carry.covered == 0) {
            masked.extend_from_slice(mask.as_bytes());
        }
        *carry = Carry::default();
        masked
    }

    /// Masks a short text that is whole.
    pub(super) fn text(&self, bytes: &[u8]) -> String {
        let mut carry = Carry { bytes: bytes.to_vec(), covered: 0 };
        let masked = self.write_until(&mut carry, bytes.len());
        String::from_utf8_lossy(&masked).into_owned()
    }

    /// Returns the masked bytes before `hold`, and keeps the rest.
    fn write_until(&self, carry: &mut Carry, hold: usize) -> Vec<u8> {
        let mut masked = Vec::with_capacity(hold);
        let mut from = 0;
        let mut covered = carry.covered.saturating_sub(hold);
        for stretch in self.stretches(carry) {
            if stretch.start >= hold {
                break;
            }
            masked.extend_from_slice(&carry.bytes[from..stretch.start]);
            masked.extend_from_slice(stretch.mask.as_bytes());
            from = stretch.end.min(hold);
            // It goes on in what is kept, where it must not be masked a second time.
            covered = stretch.end.saturating_sub(hold);
        }
        masked.extend_from_slice(&carry.bytes[from..hold]);
        carry.bytes.drain(..hold);
        carry.covered = covered;
        masked
    }

    /// Every secret in the bytes, those that overlap as one: the rest of one would tell of the other.
    fn stretches(&self, carry: &Carry) -> Vec<Stretch<'_>> {
        let mut found: Vec<_> = self.finder.find_overlapping_iter(&carry.bytes).collect();
        found.sort_by_key(|m| (m.start(), std::cmp::Reverse(m.end())));
        let written = Stretch { start: 0, end: carry.covered, mask: "" };
        let mut stretches = Vec::from_iter((carry.covered > 0).then_some(written));
        for m in found {
            match stretches.last_mut() {
                Some(last) if m.start() < last.end => last.end = last.end.max(m.end()),
                _ => {
                    let mask = self.needles[m.pattern().as_usize()].1.as_str();
                    stretches.push(Stretch { start: m.start(), end: m.end(), mask });
                }
            }
        }
        stretches
    }

    /// The mask of a secret that begins with this and is longer.
    fn beginning(&self, held: &[u8]) -> Option<&str> {
        if held.is_empty() {
            return None;
        }
        let at = self.needles.partition_point(|(needle, _)| needle.as_slice() <= held);
        let (needle, mask) = self.needles.get(at)?;
        needle.starts_with(held).then_some(mask.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masks(values: &[(&str, &str)]) -> Masks {
        let secrets = values.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned().into()));
        Masks::new(&secrets.collect()).unwrap()
    }

    fn fed(masks: &Masks, pieces: &[&[u8]]) -> String {
        let mut carry = Carry::default();
        let mut out = Vec::new();
        for piece in pieces {
            out.extend(masks.feed(&mut carry, piece));
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
    fn a_stream_of_nothing_but_overlaps_is_one_mask_and_little_memory() {
        let masks = masks(&[("a", "aaaaaaaa")]);
        let mut carry = Carry::default();
        let mut out = masks.feed(&mut carry, b"b");
        for _ in 0..1000 {
            out.extend(masks.feed(&mut carry, b"aaa"));
            assert!(carry.bytes.len() < 16);
        }
        out.extend(masks.feed(&mut carry, b"b"));
        assert_eq!(String::from_utf8(out).unwrap(), "b‹secret:a›b");
    }

    #[test]
    fn what_is_no_secret_is_not_kept_back() {
        let masks = masks(&[("a", "secret-value")]);
        let mut carry = Carry::default();
        assert_eq!(masks.feed(&mut carry, b"plain"), b"plain");
        assert_eq!(masks.feed(&mut carry, b"a secre"), b"a ");
        assert_eq!(masks.feed(&mut carry, b"tary"), b"secretary");
    }

    #[test]
    fn the_beginning_of_a_secret_at_the_end_is_masked_from_four_bytes_on() {
        let masks = masks(&[("a", "secret-value")]);
        assert_eq!(fed(&masks, &[b"x sec"]), "x sec");
        assert_eq!(fed(&masks, &[b"x secr"]), "x ‹secret:a›");
    }
}
