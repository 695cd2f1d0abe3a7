//! Why a request is refused: what the caller is told, and what only the log is told.

use crate::credential_key::KeyError;

/// What the caller is told. Every key that is not good looks alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The API key is not good.
    ApiKeyInvalid,
    /// The API key is good, the bundle key is not.
    BundleKeyInvalid,
    /// The bundle's requests are used up.
    BundleUsedUp,
    /// The requests of a bundle for trying out are used up.
    BundleTrialsExceeded,
    /// The service that was named is not in the bundle.
    ServiceNotInBundle,
    /// The bundle holds only some services, and the request names none.
    ServiceRequired,
    /// The operator disabled the bundle.
    BundleDisabled,
    /// The account has no bundle.
    NoBundle,
    /// The time of the bundle is over.
    BundleExpired,
    /// Too many requests of the account, or too many bad keys from one address.
    RateLimited,
    /// The keys are not loaded yet, or what is known of the account cannot be relied on at the moment.
    NotReady,
}

impl Reason {
    /// All there are.
    pub const ALL: [Self; 11] = [
        Self::ApiKeyInvalid,
        Self::BundleKeyInvalid,
        Self::BundleUsedUp,
        Self::BundleTrialsExceeded,
        Self::ServiceNotInBundle,
        Self::ServiceRequired,
        Self::BundleDisabled,
        Self::NoBundle,
        Self::BundleExpired,
        Self::RateLimited,
        Self::NotReady,
    ];

    /// The word in answers, in the database, and in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ApiKeyInvalid => "api_key_invalid",
            Self::BundleKeyInvalid => "bundle_key_invalid",
            Self::BundleUsedUp => "bundle_used_up",
            Self::BundleTrialsExceeded => "bundle_trials_exceeded",
            Self::ServiceNotInBundle => "service_not_in_bundle",
            Self::ServiceRequired => "service_required",
            Self::BundleDisabled => "bundle_disabled",
            Self::NoBundle => "no_bundle",
            Self::BundleExpired => "bundle_expired",
            Self::RateLimited => "rate_limited",
            Self::NotReady => "not_ready",
        }
    }

    /// The number that APIs with bundle keys use for it.
    #[must_use]
    pub const fn code(self) -> Option<u16> {
        match self {
            Self::BundleKeyInvalid => Some(4001),
            Self::BundleUsedUp => Some(4002),
            Self::BundleTrialsExceeded => Some(4003),
            Self::ServiceNotInBundle => Some(4004),
            Self::BundleDisabled => Some(4005),
            Self::NoBundle => Some(4006),
            Self::BundleExpired => Some(4007),
            Self::ApiKeyInvalid | Self::ServiceRequired | Self::RateLimited | Self::NotReady => None,
        }
    }
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

/// PresentedKey of the two keys.
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
