//! Credentials: the two kinds of key and their generations.

use super::identifier::identifier;

identifier! {
    /// Names one generation of one key of one account.
    CredentialId
}

/// The two kinds of key that every account has one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CredentialKind {
    /// Says who calls.
    ApiKey,
    /// Says what was bought.
    BundleKey,
}

impl CredentialKind {
    /// Both, in the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::ApiKey, Self::BundleKey];

    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ApiKey => "api_key",
            Self::BundleKey => "bundle_key",
        }
    }

    /// From the word in the database.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Counts the values that a key has had, from 1. A reset makes the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(u32);

impl Generation {
    /// That of a key that was never reset.
    pub const FIRST: Self = Self(1);

    /// The generation with this number.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The one that a reset makes.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_read_back_from_its_word() {
        for kind in CredentialKind::ALL {
            assert_eq!(CredentialKind::from_stored(kind.as_str()), Some(kind));
        }
        assert_eq!(CredentialKind::from_stored("password"), None);
    }

    #[test]
    fn a_reset_makes_the_next_generation() {
        assert_eq!(Generation::FIRST.next(), Generation::new(2));
    }
}
