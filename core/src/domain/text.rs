//! The rules for a line of text that a person types.

use unicode_normalization::UnicodeNormalization;

/// Why a line of text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but spaces.
    #[error("nothing was typed")]
    Missing,
    /// More than this many characters.
    #[error("longer than {0} characters")]
    TooLong(u32),
    /// Contains control characters: a line break, a NUL, a change of direction.
    #[error("contains control characters")]
    Unprintable,
}

/// The text without the spaces around it, in Unicode's NFC, if it is one printable line of 1 to `longest`
/// characters.
pub(crate) fn parse_line(text: &str, longest: u32) -> Result<String, TextError> {
    let line: String = text.trim().nfc().collect();
    if line.is_empty() {
        return Err(TextError::Missing);
    }
    if line.chars().any(is_unprintable) {
        return Err(TextError::Unprintable);
    }
    if line.chars().count() > longest as usize {
        return Err(TextError::TooLong(longest));
    }
    Ok(line)
}

/// Control characters, and those that change the direction of the text around them: a name holding one could
/// make an audit record read as something else. NUL, which PostgreSQL refuses in a text, is among the first.
fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
}
