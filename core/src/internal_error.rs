//! Errors that the caller has not caused. The answer to the caller says only that the request failed.

use crate::{
    crypto::master_key::MasterKeyError, installation::keys::InstallationKeyError,
    installation::mark::MarkError, random::NoRandomness,
};

pub use crate::{crypto::encryption::DecryptError, store::StoreError};

/// An error that the caller has not caused. Nothing was changed, with one exception: [`StoreError::Unconfirmed`].
#[derive(Debug, thiserror::Error)]
pub enum InternalError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system returned no random bytes.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// A wrapped key cannot be unwrapped: it is damaged, or was wrapped with another master key.
    #[error("a key of this installation cannot be unwrapped: {0}")]
    WrappedKey(#[from] MasterKeyError),
    /// A wrapped key that must exist is missing.
    #[error("a key of this installation is missing")]
    MissingKey,
    /// A key's stored value cannot be decrypted: its row was changed or moved.
    #[error("a credential cannot be decrypted: {0}")]
    Sealed(#[from] DecryptError),
    /// The decrypted key does not match its stored digest.
    #[error("a credential does not match its digest")]
    Mismatch,
    /// The installation mark cannot be read or written.
    #[error(transparent)]
    Mark(#[from] MarkError),
    /// The program is stopping.
    #[error("the program stopped before the operation was finished")]
    Stopped,
    /// The password hasher failed.
    #[error("a password could not be hashed")]
    Hasher,
}

impl From<InstallationKeyError> for InternalError {
    fn from(error: InstallationKeyError) -> Self {
        match error {
            InstallationKeyError::Store(error) => Self::Store(error),
            InstallationKeyError::Randomness(error) => Self::Randomness(error),
            InstallationKeyError::Unwrap(error) => Self::WrappedKey(error),
            InstallationKeyError::Missing => Self::MissingKey,
        }
    }
}

/// Lets `?` convert an error that the caller has not caused into the variant `InternalError` of another error.
macro_rules! internal {
    ($error:ty: $($cause:ty),+) => {$(
        impl From<$cause> for $error {
            fn from(cause: $cause) -> Self {
                Self::InternalError(cause.into())
            }
        }
    )+};
}
pub(crate) use internal;
