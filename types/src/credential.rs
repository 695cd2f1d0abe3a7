//! Credentials: the two kinds of key and their generations.

use crate::named_enum;
use serde::{Deserialize, Serialize};

named_enum! {
    /// The two kinds of key. Every account has one key of each kind.
    pub enum CredentialKind {
        /// Identifies the organisation that sends a request.
        ApiKey = "api_key",
        /// Identifies the bundle that the organisation has bought.
        BundleKey = "bundle_key",
    }
}

/// The number of the current value of a key, counted from 1. Each reset creates the next generation.
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

    /// The number of this generation.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The generation that the next reset creates.
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
