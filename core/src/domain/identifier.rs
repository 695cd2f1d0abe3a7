//! Identifiers: UUIDs of version 7, so that newer rows sort after older ones.

use crate::{
    clock::Timestamp,
    random::{NoRandomness, Random, bytes},
};
use uuid::Builder;

/// The text of a new UUID of version 7 (RFC 9562, section 5.7).
///
/// # Errors
/// [`NoRandomness`] if the random source fails.
pub fn new_identifier(now: Timestamp, random: &dyn Random) -> Result<String, NoRandomness> {
    let millis = u64::try_from(now.as_micros() / 1000).unwrap_or(0);
    Ok(Builder::from_unix_timestamp_millis(millis, &*bytes::<10>(random)?).into_uuid().to_string())
}

/// Whether the text has the form of an identifier: a UUID made here, or the word for a built-in role.
pub(crate) fn could_be_identifier(text: &str) -> bool {
    (1..=36).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Declares an identifier type, so that the compiler rejects an identifier of another kind.
macro_rules! identifier {
    ($(#[$documentation:meta])* $name:ident) => {
        $(#[$documentation])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            pub(crate) fn new(
                now: $crate::clock::Timestamp,
                random: &dyn $crate::random::Random,
            ) -> Result<Self, $crate::random::NoRandomness> {
                $crate::domain::identifier::new_identifier(now, random).map(Self)
            }

            /// Reads an identifier from a column that holds only identifiers.
            pub(crate) fn from_stored(text: String) -> Self {
                Self(text)
            }

            /// Accepts an identifier that a caller sent, if its form is possible. Only the database can say whether it
            /// exists and to whom it belongs.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                $crate::domain::identifier::could_be_identifier(text).then(|| Self(text.to_owned()))
            }

            /// The last 12 digits, which are random.
            #[allow(dead_code, reason = "not every kind of identifier is ever abbreviated")]
            pub(crate) fn random_part(&self) -> &str {
                self.0.rsplit('-').next().unwrap_or_default()
            }

            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}
pub(crate) use identifier;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    #[test]
    fn what_could_never_name_anything_is_refused() {
        let made = new_identifier(Timestamp::from_micros(1_795_409_160_000_000), &SystemRandom).unwrap();
        assert!(could_be_identifier(&made) && could_be_identifier("admin"));
        for text in ["", "a b", "a\0", "ADMIN", "é", &"a".repeat(37), "' OR 1=1"] {
            assert!(!could_be_identifier(text), "{text:?}");
        }
    }
}
