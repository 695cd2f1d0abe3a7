//! Why a request is refused: what the caller is told, and what only the log is told.

use crate::credential_key::KeyError;

/// Declares the reasons: each with its word and, where it has one, its number.
macro_rules! reasons {
    ($($(#[$documentation:meta])* $name:ident = $word:literal $(($code:literal))?,)+) => {
        /// What the caller is told. Every key that is not good looks alike.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Reason {
            $($(#[$documentation])* $name,)+
        }

        impl Reason {
            /// All there are.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$name),+];

            /// The word in answers, in the database, and in metrics.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }

            /// The number that APIs with bundle keys use for it.
            #[must_use]
            pub const fn code(self) -> Option<u16> {
                match self {
                    $(Self::$name => reasons!(@code $($code)?),)+
                }
            }
        }
    };
    (@code) => { None };
    (@code $code:literal) => { Some($code) };
}

reasons! {
    /// The API key is not good.
    ApiKeyInvalid = "api_key_invalid",
    /// The API key is good, the bundle key is not.
    BundleKeyInvalid = "bundle_key_invalid" (4001),
    /// The bundle's requests are used up.
    BundleUsedUp = "bundle_used_up" (4002),
    /// The requests of a bundle for trying out are used up.
    BundleTrialsExceeded = "bundle_trials_exceeded" (4003),
    /// The service that was named is not in the bundle.
    ServiceNotInBundle = "service_not_in_bundle" (4004),
    /// The bundle holds only some services, and the request names none.
    ServiceRequired = "service_required",
    /// The operator disabled the bundle.
    BundleDisabled = "bundle_disabled" (4005),
    /// The account has no bundle.
    NoBundle = "no_bundle" (4006),
    /// The time of the bundle is over.
    BundleExpired = "bundle_expired" (4007),
    /// Too many requests of the account, or too many bad keys from one address.
    RateLimited = "rate_limited",
    /// The keys are not loaded yet, or what is known of the account cannot be relied on at the moment.
    NotReady = "not_ready",
}

/// What only the log is told: what exactly was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// No such header or field.
    #[error("the {0} is missing")]
    Missing(PresentedKey),
    /// Not of the form of a key.
    #[error("the {0} {1}")]
    Malformed(PresentedKey, KeyError),
    /// A key of the other kind in its place.
    #[error("the {0} is a key of the other kind")]
    Swapped(PresentedKey),
    /// Well formed, but nobody's.
    #[error("the {0} is unknown")]
    Unknown(PresentedKey),
    /// Replaced by a reset.
    #[error("the {0} was replaced by a reset")]
    Retired(PresentedKey),
    /// A good bundle key, of another account than the API key.
    #[error("the bundle key is of another account")]
    Foreign,
    /// The operator disabled the account.
    #[error("the account is disabled")]
    AccountDisabled,
    /// Too many bad keys from the address before: this one was not even told apart.
    #[error("too many bad keys from this address")]
    TooManyBadKeys,
    /// The reason says it all.
    #[error("as told")]
    AsTold,
}

/// Which of the two keys of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PresentedKey {
    /// That in the place of the API key.
    ApiKey,
    /// That in the place of the bundle key.
    BundleKey,
}

impl std::fmt::Display for PresentedKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::ApiKey => "API key",
            Self::BundleKey => "bundle key",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_reason_has_a_word_of_its_own_and_the_bundles_their_numbers() {
        let words: HashSet<_> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
        assert_eq!(words.len(), Reason::ALL.len());
        let codes: Vec<_> = Reason::ALL.iter().filter_map(|reason| reason.code()).collect();
        assert_eq!(codes, [4001, 4002, 4003, 4004, 4005, 4006, 4007]);
    }
}
