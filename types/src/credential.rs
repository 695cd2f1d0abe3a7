//! Credentials: the two kinds of key and their generations.

use crate::named_enum;
use serde::{Deserialize, Serialize};

named_enum! {
    /// The two kinds of key that every account has one of.
    pub enum CredentialKind {
        /// Identifies the organisation that sends a request.
        ApiKey = "api_key",
        /// Identifies the bundle that the organisation has bought.
        BundleKey = "bundle_key",
    }
}

/// Counts the values that a key has had, from 1. A reset makes the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Generation(u32);

impl Generation {
    /// The generation of a key that was never reset.
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

    /// The generation that a reset makes.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_read_back_from_its_name() {
        for kind in CredentialKind::ALL {
            assert_eq!(CredentialKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(CredentialKind::parse("password"), None);
    }

    #[test]
    fn a_reset_makes_the_next_generation() {
        assert_eq!(Generation::FIRST.next(), Generation::new(2));
    }
}
