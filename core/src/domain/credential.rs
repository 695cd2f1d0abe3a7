//! Credentials: the two kinds of key and their generations.

use super::identifier::identifier;

identifier! {
    /// The identifier of one generation of one key of one account.
    CredentialId
}

/// The two kinds of key. Every account has one key of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CredentialKind {
    /// Identifies the caller.
    ApiKey,
    /// Identifies the bundle that the caller has bought.
    BundleKey,
}

impl CredentialKind {
    /// Both kinds, in the order in which pages show them.
    pub const ALL: [Self; 2] = [Self::ApiKey, Self::BundleKey];

    /// The value in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ApiKey => "api_key",
            Self::BundleKey => "bundle_key",
        }
    }

    /// Reads the value in the database.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Counts the values that a key has had, from 1. Each reset increments it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(u32);

impl Generation {
    /// The generation of a key that was never reset.
    pub const FIRST: Self = Self(1);

    /// The generation with this number.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number of this generation.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The generation that a reset creates.
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
