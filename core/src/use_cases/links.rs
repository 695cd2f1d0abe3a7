//! The links that work without a session: invitations, and those that choose a new password or confirm an address. Each works once
//! and for a while; what is stored of it is a hash.

mod email;
mod invitation;
mod password;

pub use crate::store::invitation::InvitationLine;
pub use claviger_types::{OpenInvitation, PasswordLink};
pub use email::PendingEmailChange;
pub use invitation::InviteForm;

use crate::domain::field_errors::FieldErrors;
use crate::{
    internal_error::InternalError, internal_error::internal, limits::throttle::Throttled,
    password::HashError, store::StoreError,
};
use std::time::Duration;

/// Why a link does not do what it is for.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// There is no such link; or it was used, withdrawn or replaced, or has run out; or whoever made it could not make
    /// it now. Which of these is not told.
    #[error("the link does not work, or not any more")]
    Unusable,
    /// Some fields are wrong.
    #[error("some fields are wrong: {0:?}")]
    Invalid(FieldErrors),
    /// Somebody has an account with the address of the link.
    #[error("somebody has an account with this address")]
    EmailTaken,
    /// Too many attempts from one address.
    #[error("too many attempts")]
    Throttled(Throttled),
    /// It was done too often: this much time must pass before the next.
    #[error("it was done too often")]
    TooOften(Duration),
    /// Too many passwords are waiting to be hashed.
    #[error("too many passwords are waiting to be hashed")]
    Busy,
    /// Something failed that is not the caller's fault.
    #[error(transparent)]
    InternalError(#[from] InternalError),
}

internal!(LinkError: StoreError);

impl From<HashError> for LinkError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Busy,
            HashError::Refused(problem) => Self::Invalid(problem.into()),
            _ => InternalError::Hasher.into(),
        }
    }
}
