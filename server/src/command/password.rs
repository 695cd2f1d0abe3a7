//! The password of a new account: read, or made up.

use claviger_core::random::{NoRandomness, Random};
use secrecy::SecretString;
use std::io::{self, Read};

/// Letters and digits, without those that are easily taken for another.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const GROUPS: usize = 5;
const GROUP_LENGTH: usize = 5;

/// More than any password may have.
const LONGEST_INPUT: u64 = 64 * 1024;

/// The input without the line break at its end.
pub(super) fn read(input: &mut dyn Read) -> io::Result<SecretString> {
    let mut text = String::new();
    input.take(LONGEST_INPUT).read_to_string(&mut text)?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned().into())
}

/// Five groups of five characters: 144 bits that nobody can guess.
pub(super) fn generate(random: &dyn Random) -> Result<SecretString, NoRandomness> {
    let mut text = String::with_capacity(GROUPS * (GROUP_LENGTH + 1));
    for group in 0..GROUPS {
        if group > 0 {
            text.push('-');
        }
        for _ in 0..GROUP_LENGTH {
            text.push(character(random)?);
        }
    }
    Ok(text.into())
}

/// Throws again where the die shows a number that would favour some characters.
fn character(random: &dyn Random) -> Result<char, NoRandomness> {
    loop {
        let mut byte = [0];
        random.fill(&mut byte)?;
        if let Some(character) = ALPHABET.get(usize::from(byte[0] >> 2)) {
            return Ok(char::from(*character));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use claviger_core::random::SystemRandom;
    use secrecy::ExposeSecret;

    #[test]
    fn a_password_is_read_without_its_line_break() {
        for input in ["correct horse\n", "correct horse\r\n", "correct horse"] {
            assert_eq!(read(&mut input.as_bytes()).unwrap().expose_secret(), "correct horse");
        }
        assert_eq!(read(&mut " two\nlines \n".as_bytes()).unwrap().expose_secret(), " two\nlines ");
    }

    #[test]
    fn a_made_up_password_is_long_and_never_the_same() {
        let (one, other) = (generate(&SystemRandom).unwrap(), generate(&SystemRandom).unwrap());
        assert_ne!(one.expose_secret(), other.expose_secret());
        let groups: Vec<_> = one.expose_secret().split('-').collect();
        assert_eq!(groups.len(), GROUPS);
        assert!(groups.iter().all(|group| group.len() == GROUP_LENGTH));
    }

    #[test]
    fn without_randomness_there_is_no_password() {
        struct None;
        impl Random for None {
            fn fill(&self, _: &mut [u8]) -> Result<(), NoRandomness> {
                Err(NoRandomness)
            }
        }
        assert!(generate(&None).is_err());
    }
}
