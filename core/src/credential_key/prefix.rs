//! The prefix of every key of an installation. It must not know keys.

use std::fmt;

/// The first word of every key, by which people and secret scanners recognise it: 2 to 12 lower-case letters and
/// digits, beginning with a letter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyPrefix(String);

/// Why a text is not a valid prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyPrefixError {
    /// It has fewer than 2 or more than 12 characters.
    #[error("does not have 2 to 12 characters")]
    Length,
    /// It contains a character other than lower-case letters and digits. With an underscore, the end of the prefix
    /// would not be clear.
    #[error("contains characters other than the letters a to z and digits")]
    Alphabet,
    /// It begins with a digit.
    #[error("does not start with a letter")]
    Start,
}

impl KeyPrefix {
    /// Accepts a prefix exactly as it is to appear in keys.
    ///
    /// # Errors
    /// Returns why the prefix is not valid.
    pub fn parse(text: &str) -> Result<Self, KeyPrefixError> {
        Self::check(text).map(|()| Self(text.to_owned()))
    }

    /// Whether a text is a valid prefix.
    pub(super) fn check(text: &str) -> Result<(), KeyPrefixError> {
        if !(2..=12).contains(&text.chars().count()) {
            return Err(KeyPrefixError::Length);
        }
        if !text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
            return Err(KeyPrefixError::Alphabet);
        }
        if text.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(KeyPrefixError::Start);
        }
        Ok(())
    }

    /// The prefix as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The prefix if the operator has not chosen one: `clv`.
impl Default for KeyPrefix {
    fn default() -> Self {
        Self("clv".to_owned())
    }
}

impl fmt::Display for KeyPrefix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_brand_follows_the_rules() {
        assert_eq!(KeyPrefix::parse(KeyPrefix::default().as_str()), Ok(KeyPrefix::default()));
        assert_eq!(KeyPrefix::default().to_string(), "clv");
    }

    #[test]
    fn letters_and_digits_make_a_brand() {
        for text in ["ab", "a1", "acme2", "abcdefghijkl"] {
            assert_eq!(KeyPrefix::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_is_no_brand_is_refused() {
        for text in ["", "a", "abcdefghijklm"] {
            assert_eq!(KeyPrefix::parse(text), Err(KeyPrefixError::Length), "{text}");
        }
        for text in ["Acme", "ac_me", "ac me", "acmé", "a-b"] {
            assert_eq!(KeyPrefix::parse(text), Err(KeyPrefixError::Alphabet), "{text}");
        }
        assert_eq!(KeyPrefix::parse("1ab"), Err(KeyPrefixError::Start));
    }
}
