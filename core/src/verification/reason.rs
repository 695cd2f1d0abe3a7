//! Why a request is refused: the reason for the caller, and the exact cause for the log.

use crate::credential_key::KeyError;

/// Declares the reasons: each with its name and, if it has one, its error number.
macro_rules! reasons {
    ($($(#[$documentation:meta])* $name:ident = $word:literal $(($code:literal))?,)+) => {
        /// The reason that the caller is told. It does not say what is wrong with an invalid key.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Reason {
            $($(#[$documentation])* $name,)+
        }

        impl Reason {
            /// Every reason.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$name),+];

            /// The name of the reason in answers, in the database, and in metrics.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }

            /// The error number that APIs with bundle keys use for the reason.
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
    /// The API key is invalid.
    ApiKeyInvalid = "api_key_invalid",
    /// The API key is valid, the bundle key is invalid.
    BundleKeyInvalid = "bundle_key_invalid" (4001),
    /// The quota of the bundle is used up.
    BundleUsedUp = "bundle_used_up" (4002),
    /// The quota of a trial bundle is used up.
    BundleTrialsExceeded = "bundle_trials_exceeded" (4003),
    /// The bundle does not contain the named service.
    ServiceNotInBundle = "service_not_in_bundle" (4004),
    /// The bundle contains only some services, and the request names none.
    ServiceRequired = "service_required",
    /// The operator disabled the bundle.
    BundleDisabled = "bundle_disabled" (4005),
    /// The account has no bundle.
    NoBundle = "no_bundle" (4006),
    /// The bundle has expired.
    BundleExpired = "bundle_expired" (4007),
    /// The account made too many requests, or one address presented too many invalid keys.
    RateLimited = "rate_limited",
    /// The keys are not loaded yet, or the account is stale and must be read again.
    NotReady = "not_ready",
}

/// The exact cause of a refusal, for the log only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The header or field is missing.
    #[error("the {0} is missing")]
    Missing(PresentedKey),
    /// The text does not have the format of a key.
    #[error("the {0} {1}")]
    Malformed(PresentedKey, KeyError),
    /// The text is a key of the other kind.
    #[error("the {0} is a key of the other kind")]
    Swapped(PresentedKey),
    /// The text has the format of a key, but no account has this key.
    #[error("the {0} is unknown")]
    Unknown(PresentedKey),
    /// The key was replaced by a reset.
    #[error("the {0} was replaced by a reset")]
    Retired(PresentedKey),
    /// The bundle key is valid, but belongs to another account than the API key.
    #[error("the bundle key is of another account")]
    Foreign,
    /// The operator disabled the account.
    #[error("the account is disabled")]
    AccountDisabled,
    /// The address presented too many invalid keys before. The caller is not told what was wrong with this one.
    #[error("too many bad keys from this address")]
    TooManyBadKeys,
    /// The reason already says everything.
    #[error("as told")]
    AsTold,
}

/// One of the two keys of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PresentedKey {
    /// The key in the place of the API key.
    ApiKey,
    /// The key in the place of the bundle key.
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
