//! The rules for a line of text that a person types.

use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class};

/// Why a line of text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// It contains only spaces.
    #[error("nothing was typed")]
    Missing,
    /// It has more than this many characters.
    #[error("longer than {0} characters")]
    TooLong(u32),
    /// It contains invisible characters: a line break, a NUL, a change of direction, a zero-width space.
    #[error("contains invisible characters")]
    Unprintable,
}

/// Returns the text in Unicode's NFC without the spaces around it, if it is one printable line of 1 to `longest`
/// characters.
pub(crate) fn parse_line(text: &str, longest: u32) -> Result<String, TextError> {
    let line: String = text.trim().nfc().collect();
    if line.is_empty() {
        return Err(TextError::Missing);
    }
    if line.chars().any(is_unprintable) || !joiners_are_needed(&line) {
        return Err(TextError::Unprintable);
    }
    if line.chars().count() > longest as usize {
        return Err(TextError::TooLong(longest));
    }
    Ok(line)
}

/// Whether this is a control character, a character that changes the direction of the text around it, or an invisible
/// character (Unicode's `Default_Ignorable_Code_Point`). A name with such a character could change how an audit record
/// reads, or look like another person's name. NUL, which PostgreSQL refuses in a text, is one of the control
/// characters. `joiners_are_needed` checks the two joiners.
fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';

/// Whether each joiner stands where it changes how the text looks (RFC 5892, A.1 and A.2): after a virama, as the
/// scripts of India need it; and the non-joiner between two Arabic letters if the first would join the second, as
/// Persian needs it.
fn joiners_are_needed(line: &str) -> bool {
    let characters: Vec<char> = line.chars().collect();
    characters.iter().enumerate().all(|(place, character)| {
        let before = place.checked_sub(1).and_then(|place| characters.get(place)).copied();
        let after = characters.get(place + 1).copied();
        let follows_virama = before.is_some_and(|before| canonical_combining_class(before) == VIRAMA);
        match *character {
            JOINER => follows_virama,
            NON_JOINER => {
                follows_virama || (before.is_some_and(joins_the_next) && after.is_some_and(is_arabic_letter))
            }
            _ => true,
        }
    })
}

/// The canonical combining class of a virama.
const VIRAMA: u8 = 9;

const fn is_arabic_letter(character: char) -> bool {
    matches!(character, '\u{620}'..='\u{63f}' | '\u{641}'..='\u{64a}' | '\u{66e}'..='\u{66f}' | '\u{671}'..='\u{6d3}')
}

/// Whether the letter joins the letter after it (`Joining_Type=Dual_Joining`).
const fn joins_the_next(character: char) -> bool {
    is_arabic_letter(character)
        && !matches!(character,
            '\u{621}'..='\u{625}' | '\u{627}' | '\u{629}' | '\u{62f}'..='\u{632}' | '\u{648}' | '\u{671}'..='\u{677}'
            | '\u{688}'..='\u{699}' | '\u{6c0}' | '\u{6c3}'..='\u{6cb}' | '\u{6cd}' | '\u{6cf}' | '\u{6d2}' | '\u{6d3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_kept_without_the_spaces_around_it() {
        assert_eq!(parse_line("  Ada Lovelace ", 100), Ok("Ada Lovelace".to_owned()));
    }

    #[test]
    fn equal_looking_lines_become_equal() {
        assert_eq!(parse_line("Zoe\u{308}", 100), parse_line("Zo\u{eb}", 100));
    }

    #[test]
    fn what_is_no_printable_line_is_refused() {
        assert_eq!(parse_line(" \t ", 100), Err(TextError::Missing));
        for text in ["a\0b", "a\nb", "a\u{202e}b", "a\u{7f}b"] {
            assert_eq!(parse_line(text, 100), Err(TextError::Unprintable), "{text:?}");
        }
        assert_eq!(parse_line("aaaa", 3), Err(TextError::TooLong(3)));
    }

    #[test]
    fn no_two_names_look_alike_because_of_a_character_that_nobody_sees() {
        let unseen = "\u{ad}\u{34f}\u{61c}\u{115f}\u{17b4}\u{180e}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2060}\u{2064}\u{206a}\
                      \u{3164}\u{fe0f}\u{feff}\u{ffa0}\u{e0001}\u{e0100}";
        for character in unseen.chars() {
            for text in [format!("Ac{character}me"), format!("Acme{character}"), format!("{character}Acme")] {
                assert_eq!(parse_line(&text, 100), Err(TextError::Unprintable), "{text:?}");
            }
        }
    }

    #[test]
    fn the_joiners_are_taken_where_a_script_needs_them_and_only_there() {
        // Persian: without the non-joiner, the first letter would join the second. Hindi and Sinhala: after a virama.
        for name in ["علی\u{200c}رضا", "क\u{94d}\u{200d}ष", "ශ\u{dca}\u{200d}රී", "क\u{94d}\u{200c}ष"]
        {
            assert_eq!(parse_line(name, 100).as_deref(), Ok(name));
        }
        // Alef never joins the next letter, so this joiner would be invisible. Joiners at an end and doubled joiners
        // are refused too.
        for name in
            ["ا\u{200c}ب", "ب\u{200c}", "\u{200c}ب", "ب\u{200c}\u{200c}ب", "ب\u{200d}ب", "👩\u{200d}🚀"]
        {
            assert_eq!(parse_line(name, 100), Err(TextError::Unprintable), "{name:?}");
        }
    }
}
