//! The looks a command may give to its text: sixteen colours, bold, underlined, reversed.

/// How a piece of output looks. The rest of what a command asked for (dim, blinking, hidden, fonts) is dropped; above
/// all, nothing can hide text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ink {
    /// Colour of the text, 0 to 15 as terminals number them; none is the terminal's own.
    pub fg: Option<u8>,
    /// Colour behind it.
    pub bg: Option<u8>,
    /// Bold.
    pub bold: bool,
    /// Underlined.
    pub underline: bool,
    /// Colours exchanged.
    pub reverse: bool,
}

/// The sixteen colours as terminals usually mix them, to find the nearest one to any other.
const MIXED: [[i32; 3]; 16] = [
    [0, 0, 0],
    [205, 0, 0],
    [0, 205, 0],
    [205, 205, 0],
    [0, 0, 238],
    [205, 0, 205],
    [0, 205, 205],
    [229, 229, 229],
    [127, 127, 127],
    [255, 0, 0],
    [0, 255, 0],
    [255, 255, 0],
    [92, 92, 255],
    [255, 0, 255],
    [0, 255, 255],
    [255, 255, 255],
];

impl Ink {
    /// Follows one "select graphic rendition" sequence, given as its parameters with their parts.
    pub(super) fn select<'a>(&mut self, params: impl IntoIterator<Item = &'a [u16]>) {
        let mut params = params.into_iter();
        while let Some(param) = params.next() {
            let (code, parts) = param.split_first().map_or((0, &[][..]), |(c, p)| (*c, p));
            match code {
                0 => *self = Self::default(),
                1 => self.bold = true,
                22 => self.bold = false,
                4 => self.underline = parts.first() != Some(&0),
                21 => self.underline = true,
                24 => self.underline = false,
                7 => self.reverse = true,
                27 => self.reverse = false,
                30..=37 => self.fg = small(code - 30),
                90..=97 => self.fg = small(code - 90 + 8),
                39 => self.fg = None,
                40..=47 => self.bg = small(code - 40),
                100..=107 => self.bg = small(code - 100 + 8),
                49 => self.bg = None,
                38 => self.fg = any_colour(parts, &mut params).or(self.fg),
                48 => self.bg = any_colour(parts, &mut params).or(self.bg),
                58 => drop(any_colour(parts, &mut params)),
                _ => {}
            }
        }
    }
}

/// Reads a colour of 256 or of millions, written `38:5:n`, `38:2::r:g:b`, `38;5;n` or `38;2;r;g;b`.
fn any_colour<'a>(parts: &[u16], rest: &mut impl Iterator<Item = &'a [u16]>) -> Option<u8> {
    let mut next = || rest.next().and_then(|param| param.first().copied());
    match parts {
        [] => match next()? {
            5 => indexed(next()?),
            2 => Some(nearest([next()?, next()?, next()?])),
            _ => None,
        },
        [5, n, ..] => indexed(*n),
        [2, r, g, b] | [2, _, r, g, b, ..] => Some(nearest([*r, *g, *b])),
        _ => None,
    }
}

fn small(n: u16) -> Option<u8> {
    u8::try_from(n).ok()
}

/// One of 256: sixteen as they are, a cube of six steps a side, and greys.
fn indexed(n: u16) -> Option<u8> {
    match n {
        0..=15 => small(n),
        16..=231 => {
            let step = |n: u16| if n == 0 { 0 } else { 55 + 40 * n };
            let n = n - 16;
            Some(nearest([step(n / 36), step(n / 6 % 6), step(n % 6)]))
        }
        232..=255 => Some(nearest([8 + 10 * (n - 232); 3])),
        _ => None,
    }
}

fn nearest(rgb: [u16; 3]) -> u8 {
    let rgb = rgb.map(|part| i32::from(part.min(255)));
    let far = |mixed: &[i32; 3]| -> i32 {
        mixed.iter().zip(rgb).map(|(mixed, part)| (mixed - part) * (mixed - part)).sum()
    };
    (0..16).min_by_key(|n| far(&MIXED[usize::from(*n)])).unwrap_or(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(params: &[&[u16]]) -> Ink {
        let mut ink = Ink::default();
        ink.select(params.iter().copied());
        ink
    }

    #[test]
    fn every_spelling_of_a_colour_leads_to_the_nearest_of_sixteen() {
        assert_eq!(after(&[&[31]]).fg, Some(1));
        assert_eq!(after(&[&[97]]).fg, Some(15));
        assert_eq!(after(&[&[38], &[5], &[196]]).fg, Some(9));
        assert_eq!(after(&[&[38, 5, 21]]).fg, Some(4));
        assert_eq!(after(&[&[38], &[2], &[250], &[5], &[5]]).fg, Some(9));
        assert_eq!(after(&[&[48, 2, 0, 0, 200, 0]]).bg, Some(2));
        assert_eq!(after(&[&[48, 2, 0, 200, 0]]).bg, Some(2));
        assert_eq!(after(&[&[38], &[5], &[240]]).fg, Some(8));
        assert_eq!(after(&[&[38], &[5], &[999]]).fg, None);
    }

    #[test]
    fn what_follows_a_long_colour_is_still_heard() {
        let ink = after(&[&[38], &[2], &[255], &[0], &[0], &[1], &[4, 3], &[7]]);
        assert!(ink.bold && ink.underline && ink.reverse);
        assert_eq!(after(&[&[58], &[5], &[1], &[1]]), Ink { bold: true, ..Ink::default() });
    }

    #[test]
    fn each_attribute_can_be_taken_back_and_nothing_hides_text() {
        let on: &[&[u16]] = &[&[1], &[4], &[7], &[31], &[41]];
        for (off, check) in [
            (22, (|ink| !ink.bold) as fn(&Ink) -> bool),
            (24, |ink| !ink.underline),
            (27, |ink| !ink.reverse),
            (39, |ink| ink.fg.is_none()),
            (49, |ink| ink.bg.is_none()),
            (0, |ink| *ink == Ink::default()),
        ] {
            let off = [off];
            let params: Vec<&[u16]> = on.iter().copied().chain([&off[..]]).collect();
            assert!(check(&after(&params)), "{off:?}");
        }
        assert_eq!(after(&[&[8], &[2], &[5]]), Ink::default());
        assert!(!after(&[&[4], &[4, 0]]).underline);
    }
}
