//! Passwords: the rules for new ones, and hashing. It must not know sessions or how often a sign-in failed.

mod hasher;
mod policy;
mod queue;
mod secret;

pub use hasher::{HashError, PasswordHash};
pub(crate) use hasher::{PasswordHasher, Verification};
pub(crate) use queue::{Place, Requester};
pub(crate) use secret::{PasswordOwner, PasswordSecret};

use crate::domain::field_errors::PasswordError;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// The minimum length of a new password in code points (NIST SP 800-63B-4, 3.1.1.2: if the password is the only
/// factor).
const FEWEST: u32 = 15;

/// The maximum length of a password in code points. It limits the CPU time that one attempt can cost.
const MOST: u32 = 1024;

/// A new password whose length is allowed. Whether it is easy to guess is checked when it is hashed, because the check
/// takes time. It is wiped from memory when dropped.
pub struct NewPassword(Zeroizing<String>);

impl NewPassword {
    /// Accepts a typed password, spaces included, if it is neither too short nor too long.
    ///
    /// # Errors
    /// Returns why the password cannot be used.
    pub fn parse(typed: &str) -> Result<Self, PasswordError> {
        if typed.is_empty() {
            return Err(PasswordError::Missing);
        }
        let normalized = normalize(typed).ok_or(PasswordError::TooLong(MOST))?;
        if normalized.chars().count() < FEWEST as usize {
            return Err(PasswordError::TooShort(FEWEST));
        }
        Ok(Self(normalized))
    }

    /// Refuses a password that is easy to guess. `names` holds the names of the person and the organisation, and the
    /// e-mail address. The check takes up to some tens of milliseconds of CPU time.
    fn judge(&self, names: &[String]) -> Result<(), PasswordError> {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        policy::check(&self.0, &names)
    }
}

crate::opaque_debug!(NewPassword);

/// A password that a user typed as proof. Any text is accepted. It is wiped from memory when dropped.
///
/// `None` stands for a text that is too long to be a password.
pub struct PasswordAttempt(Option<Zeroizing<String>>);

impl PasswordAttempt {
    /// Accepts any text.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        Self(normalize(typed))
    }

    /// Whether the field was empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_some_and(|text| text.is_empty())
    }
}

crate::opaque_debug!(PasswordAttempt);

/// Returns the text in Unicode's NFC, so that the result does not depend on how a keyboard composes characters. Returns
/// `None` if the text is longer than a password can be, and stops reading soon after that length.
fn normalize(typed: &str) -> Option<Zeroizing<String>> {
    // Allocated at its full size, because a string that grows leaves copies in memory.
    let mut normalized = Zeroizing::new(String::with_capacity(MOST as usize * char::MAX_LEN_UTF8));
    let mut characters = typed.nfc();
    normalized.extend(characters.by_ref().take(MOST as usize));
    characters.next().is_none().then_some(normalized)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: &str = "violet cabin rapid moss 12";

    fn error(typed: &str) -> PasswordError {
        NewPassword::parse(typed).unwrap_err()
    }

    #[test]
    fn no_password_at_all_is_missing() {
        assert_eq!(error(""), PasswordError::Missing);
    }

    #[test]
    fn a_password_of_fewer_than_15_characters_is_too_short() {
        assert_eq!(error("k7Qm9x2LpWv4Tz"), PasswordError::TooShort(15));
        assert!(NewPassword::parse("k7Qm9x2LpWv4TzR").is_ok());
    }

    #[test]
    fn a_password_of_more_than_1024_characters_is_too_long() {
        let longest: String = GOOD.chars().chain(['é'; 1024]).take(1024).collect();
        assert!(NewPassword::parse(&longest).is_ok());
        assert_eq!(error(&(longest + "é")), PasswordError::TooLong(1024));
    }

    #[test]
    fn characters_are_counted_once_composed() {
        let typed = "k7Qm9x2LpWv4Te\u{301}";
        assert_eq!(typed.chars().count(), 15);
        assert_eq!(error(typed), PasswordError::TooShort(15));
        let longest: String =
            GOOD.chars().map(String::from).chain(vec!["e\u{301}".to_owned(); 998]).collect();
        assert_eq!(longest.chars().count(), 26 + 2 * 998);
        assert!(NewPassword::parse(&longest).is_ok());
    }

    #[test]
    fn spaces_are_part_of_a_password() {
        let password = NewPassword::parse(" k7Qm9x2LpWv4T ").unwrap();
        assert_eq!(password.0.as_str(), " k7Qm9x2LpWv4T ");
    }

    #[test]
    fn too_much_can_be_no_password_and_nothing_is_noticed() {
        assert!(PasswordAttempt::new("").is_empty());
        assert!(!PasswordAttempt::new(" ").is_empty());
        assert!(PasswordAttempt::new(&"a".repeat(1025)).0.is_none());
        assert!(PasswordAttempt::new(&"a".repeat(1024)).0.is_some());
        assert!(PasswordAttempt::new("a").0.is_some());
    }

    #[test]
    fn a_text_never_outgrows_the_room_made_for_it() {
        let widest = "\u{10ffff}".repeat(1024);
        assert_eq!(normalize(&widest).unwrap().capacity(), normalize("a").unwrap().capacity());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_text_breaks_the_rules(
            typed in prop_oneof![
                ".{15,40}",
                prop::collection::vec(any::<char>(), 15..40).prop_map(String::from_iter),
            ],
            name in any::<String>(),
        ) {
            let _ = NewPassword::parse(&typed).map(|password| password.judge(&[name]));
        }
    }
}
