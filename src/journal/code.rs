//! The head code: 128 bits of a head's hash as people can paste them into an incident channel. Pure.

use super::record::Hash;

/// Crockford's digits: no `i l o u`, so nothing reads as something else.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 26; // ⌈128 / 5⌉

/// Returns the head code of a hash: `7f3a-91c0-…`, seven groups.
pub fn of(hash: &Hash) -> String {
    let mut code = String::with_capacity(LENGTH + LENGTH / 4);
    let (mut bits, mut held) = (0_u32, 0);
    let mut push = |bits: u32, place: usize| {
        if place > 0 && place.is_multiple_of(4) {
            code.push('-');
        }
        code.push(char::from(DIGITS[(bits & 31) as usize]));
    };
    let mut place = 0;
    for &byte in &hash.0[..16] {
        bits = bits << 8 | u32::from(byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            push(bits >> held, place);
            place += 1;
        }
    }
    push(bits << (5 - held), place);
    code
}

/// Reads a pasted code, forgiving case, separators and look-alikes; returns it as [`of`] writes it.
pub fn read(pasted: &str) -> Option<String> {
    let mut code = String::new();
    let mut place = 0;
    for c in pasted.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '·' | '.')) {
        let digit = match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        };
        if !digit.is_ascii() || !DIGITS.contains(&(digit as u8)) {
            return None;
        }
        if place > 0 && place % 4 == 0 {
            code.push('-');
        }
        code.push(digit);
        place += 1;
    }
    (place == LENGTH).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(first: [u8; 4]) -> Hash {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&first);
        Hash(bytes)
    }

    #[test]
    fn a_code_is_the_first_128_bits_in_seven_groups() {
        assert_eq!(of(&Hash::NONE), "0000-0000-0000-0000-0000-0000-00");
        assert_eq!(of(&Hash([0xff; 32])), "zzzz-zzzz-zzzz-zzzz-zzzz-zzzz-zw");
        // 00001 00010 00011 00100 …
        assert_eq!(&of(&hash([0b0000_1000, 0b1000_0110, 0b0100_0000, 0]))[..4], "1234");
    }

    #[test]
    fn each_of_the_128_bits_changes_the_code_and_no_later_one_does() {
        let zero = of(&Hash::NONE);
        for bit in 0..256 {
            let mut bytes = [0; 32];
            bytes[bit / 8] = 0x80 >> (bit % 8);
            assert_eq!(of(&Hash(bytes)) != zero, bit < 128, "bit {bit}");
        }
    }

    #[test]
    fn a_pasted_code_is_read_as_it_was_meant() {
        let code = of(&hash([1, 2, 3, 4]));
        assert_eq!(read(&code).as_deref(), Some(code.as_str()));
        let sloppy = code.to_uppercase().replace('-', " ").replace('0', "O");
        assert_eq!(read(&sloppy), Some(code.clone()));
        assert_eq!(read(&code[1..]), None);
        assert_eq!(read(&format!("{code}0")), None);
        assert_eq!(read(&code.replacen('0', "u", 1)), None);
        assert_eq!(read(""), None);
    }
}
