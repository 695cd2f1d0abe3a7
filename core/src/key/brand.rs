//! The brand that starts every key of an installation. It must not know keys.

use std::fmt;

/// The first word of every key, by which people and secret scanners recognise one: 2 to 12 lower-case letters
/// and digits, the first of them a letter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Brand(String);

/// Why a text is no brand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrandError {
    /// Fewer than 2 or more than 12 characters.
    #[error("not of 2 to 12 characters")]
    Length,
    /// Something else than lower-case letters and digits. An underscore would blur where the brand ends.
    #[error("contains something else than the letters a to z and digits")]
    Alphabet,
    /// A digit at the start.
    #[error("does not start with a letter")]
    Start,
}

impl Brand {
    /// Accepts a brand exactly as it is to appear in keys.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, BrandError> {
        Self::check(text).map(|()| Self(text.to_owned()))
    }

    /// Whether a text is one.
    pub(super) fn check(text: &str) -> Result<(), BrandError> {
        if !(2..=12).contains(&text.chars().count()) {
            return Err(BrandError::Length);
        }
        if !text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
            return Err(BrandError::Alphabet);
        }
        if text.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(BrandError::Start);
        }
        Ok(())
    }

    /// The brand as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The brand of an installation whose operator chose none: `clv`.
impl Default for Brand {
    fn default() -> Self {
        Self("clv".to_owned())
    }
}

impl fmt::Display for Brand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_brand_follows_the_rules() {
        assert_eq!(Brand::parse(Brand::default().as_str()), Ok(Brand::default()));
        assert_eq!(Brand::default().to_string(), "clv");
    }

    #[test]
    fn letters_and_digits_make_a_brand() {
        for text in ["ab", "a1", "acme2", "abcdefghijkl"] {
            assert_eq!(Brand::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_is_no_brand_is_refused() {
        for text in ["", "a", "abcdefghijklm"] {
            assert_eq!(Brand::parse(text), Err(BrandError::Length), "{text}");
        }
        for text in ["Acme", "ac_me", "ac me", "acmé", "a-b"] {
            assert_eq!(Brand::parse(text), Err(BrandError::Alphabet), "{text}");
        }
        assert_eq!(Brand::parse("1ab"), Err(BrandError::Start));
    }
}
