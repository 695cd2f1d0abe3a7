//! What can fail without anyone having done anything wrong. The caller is told no more than that it failed.

use crate::{
    crypto::master_key::MasterKeyError, installation::keys::InstallationKeyError,
    installation::mark::MarkError, random::NoRandomness,
};

pub use crate::{crypto::encryption::DecryptError, store::StoreError};

/// Something failed that is not the caller's fault. Nothing was changed, unless it is said otherwise.
///
/// See [`StoreError::Unconfirmed`] for the exception.
#[derive(Debug, thiserror::Error)]
pub enum InternalError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The machine's randomness.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// A wrapped key that does not unwrap: damaged, or of another master key.
    #[error("a key of this installation does not unwrap: {0}")]
    WrappedKey(#[from] MasterKeyError),
    /// A wrapped key that should be there and is not.
    #[error("a key of this installation is missing")]
    MissingKey,
    /// A sealed key that does not open: its row was changed or moved.
    #[error("a credential does not open: {0}")]
    Sealed(#[from] DecryptError),
    /// A sealed key that opens to something else than what its digest stands for.
    #[error("a credential does not match its digest")]
    Mismatch,
    /// The installation mark cannot be read or written.
    #[error(transparent)]
    Mark(#[from] MarkError),
    /// The program stops.
    #[error("the program stopped before it was done")]
    Stopped,
    /// The password hasher.
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

/// Lets `?` turn what is nobody's fault into an error that has the variant `InternalError`.
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
