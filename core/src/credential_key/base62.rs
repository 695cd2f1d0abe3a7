//! Base62 text: random characters and checksums made of letters and digits only. It must not know what a key
//! is.

use crate::random::{NoRandomness, Random, bytes};
use zeroize::Zeroizing;

const ALPHABET: [char; 62] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K',
    'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'a', 'b', 'c', 'd', 'e', 'f',
    'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z',
];

/// Bytes from this value on are discarded (rejection sampling): 248 is four times 62, so all characters are equally
/// likely.
const UNFAIR: u8 = 248;

/// How many times 32 bytes are drawn before the random source counts as broken. A working source practically never
/// needs a third draw.
const MOST_DRAWS: u32 = 64;

/// Six base62 characters hold 35 bits, enough for the 32 bits of the checksum.
pub(super) const CHECKSUM_LENGTH: usize = 6;

/// Random text of this length. Each of the 62 characters is equally likely.
///
/// # Errors
/// [`NoRandomness`] if the random source fails, or if it returns only bytes that have to be discarded.
pub(super) fn random_text(length: usize, random: &dyn Random) -> Result<Zeroizing<String>, NoRandomness> {
    // Allocated at its full size, because a string that grows leaves copies in memory.
    let mut text = Zeroizing::new(String::with_capacity(length));
    for _ in 0..MOST_DRAWS {
        for byte in bytes::<32>(random)?.iter().filter(|byte| **byte < UNFAIR) {
            if text.len() == length {
                return Ok(text);
            }
            text.push(ALPHABET[usize::from(byte % 62)]);
        }
    }
    Err(NoRandomness)
}

/// Whether the character is in the alphabet.
pub(super) const fn is_base62(character: char) -> bool {
    character.is_ascii_alphanumeric()
}

/// The CRC-32 of the text, always in six characters, so that each checksum has one representation only.
pub(super) fn checksum(text: &str) -> [char; CHECKSUM_LENGTH] {
    let mut rest = crc32fast::hash(text.as_bytes());
    let mut characters = ['0'; CHECKSUM_LENGTH];
    for character in characters.iter_mut().rev() {
        *character = ALPHABET[(rest % 62) as usize];
        rest /= 62;
    }
    characters
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU8, Ordering};

    /// Returns all byte values in turn.
    struct Counting(AtomicU8);

    impl Random for Counting {
        fn fill(&self, buffer: &mut [u8]) -> Result<(), NoRandomness> {
            buffer.fill_with(|| self.0.fetch_add(1, Ordering::Relaxed));
            Ok(())
        }
    }

    /// Returns this byte only.
    struct Stuck(u8);

    impl Random for Stuck {
        fn fill(&self, buffer: &mut [u8]) -> Result<(), NoRandomness> {
            buffer.fill(self.0);
            Ok(())
        }
    }

    #[test]
    fn every_character_is_equally_likely() {
        let text = random_text(248, &Counting(AtomicU8::new(0))).unwrap();
        for character in ALPHABET {
            assert_eq!(text.chars().filter(|other| *other == character).count(), 4, "{character}");
        }
    }

    #[test]
    fn a_source_of_unfit_bytes_is_no_source() {
        assert_eq!(random_text(1, &Stuck(UNFAIR)), Err(NoRandomness));
        assert_eq!(random_text(2, &Stuck(UNFAIR - 1)).unwrap().as_str(), "zz");
    }

    #[test]
    fn the_alphabet_is_the_letters_and_digits() {
        assert!(ALPHABET.into_iter().all(is_base62));
        assert!(ALPHABET.is_sorted_by(|one, next| one < next));
        for character in ['_', '-', 'é', '٣', '０'] {
            assert!(!is_base62(character), "{character}");
        }
    }

    #[test]
    fn a_checksum_is_the_crc_in_six_characters() {
        // The CRC-32 of these digits is 0xcbf43926, the check value of its specification. The CRC-32 of the empty text
        // is 0.
        let value = checksum("123456789").into_iter().fold(0_u64, |value, character| {
            value * 62 + ALPHABET.iter().position(|other| *other == character).unwrap() as u64
        });
        assert_eq!(value, 0xcbf4_3926);
        assert_eq!(checksum(""), ['0'; 6]);
    }
}
