//! The links that work without a session: invitations, and links to choose a new password or to confirm an address.
//! Each link works once and expires; only its hash is stored.

mod email;
mod invitation;
mod password;

pub use crate::store::invitation::InvitationLine;
pub use claviger_types::{OpenInvitation, PasswordLink};
pub use email::PendingEmailChange;
pub use invitation::InviteForm;

use crate::{
    domain::field_errors::FieldErrors,
    internal_error::{InternalError, internal},
    limits::throttle::Throttled,
    password::HashError,
    store::StoreError,
};
use std::time::Duration;

/// Why the use of a link failed.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The link does not exist; or it was used, withdrawn or replaced, or has expired; or its creator may not create
    /// such a link any more. The error does not disclose which of these.
    #[error("the link does not work, or not any more")]
    Unusable,
    /// Some fields are wrong.
    #[error("some fields are wrong: {0:?}")]
    Invalid(FieldErrors),
    /// A member already has the address of the link.
    #[error("a member already has this address")]
    EmailTaken,
    /// Too many attempts from one address.
    #[error("too many attempts")]
    Throttled(Throttled),
    /// The action was done too often. The duration is the wait before the next one.
    #[error("it was done too often")]
    TooOften(Duration),
    /// Too many passwords are waiting to be hashed.
    #[error("too many passwords are waiting to be hashed")]
    Busy,
    /// An internal error.
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
