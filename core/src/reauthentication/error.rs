//! Why an action did not happen.

use crate::{
    audit::Outcome,
    clock::Timestamp,
    domain::{credential::CredentialKind, field_errors::FieldErrors, permission::Permission},
    installation::keys::InstallationKeyError,
    internal_error::{InternalError, internal},
    limits::throttle::Throttled,
    password::HashError,
    store::StoreError,
};
use std::time::Duration;

/// Why an action that needs the password did not happen. Nothing was disclosed, replaced or changed.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// The session has ended.
    #[error("the session has ended")]
    SignedOut,
    /// The member lacks the permission.
    #[error("the permission is missing")]
    NotPermitted {
        /// The missing permission.
        permission: Permission,
        /// The names of the admins who can grant it.
        admins: Vec<String>,
    },
    /// The proof does not hold: the password is wrong.
    #[error("wrong password")]
    ProofRefused {
        /// How long the next attempt must wait; zero if it may follow at once.
        wait: Duration,
    },
    /// Too many wrong passwords: this one was not checked.
    #[error("too many wrong passwords")]
    Throttled(Throttled),
    /// The action was done too often, even with the correct password. The duration is the wait before the next one.
    #[error("it was done too often")]
    TooOften(Duration),
    /// Too many passwords are waiting to be checked.
    #[error("too many passwords are waiting to be checked")]
    Busy,
    /// The key was reset since the page was shown.
    #[error("the key was reset since the page was shown")]
    Stale {
        /// The kind of the key.
        kind: CredentialKind,
        /// When it was reset.
        at: Timestamp,
        /// The name of the member who reset it.
        by: String,
    },
    /// The member, role or invitation does not exist in the organisation, or not any more.
    #[error("the member, role or invitation does not exist")]
    Gone,
    /// Only an admin may perform the action, or perform it on an admin.
    #[error("only an admin may do this")]
    AdminsOnly,
    /// A member cannot give a permission that they do not have.
    #[error("a member cannot give a permission that they do not have")]
    BeyondOwnPermissions,
    /// The organisation would be left without an admin.
    #[error("the last active admin must stay one")]
    LastAdmin,
    /// The organisation already has the maximum number of open invitations.
    #[error("too many invitations are open")]
    TooManyInvitations,
    /// The role cannot be deleted, because members have it.
    #[error("members have this role")]
    RoleInUse,
    /// Another role already has this name.
    #[error("another role has this name")]
    RoleNameTaken,
    /// Some fields are wrong.
    #[error("some fields are wrong: {0:?}")]
    Invalid(FieldErrors),
    /// An internal error.
    #[error(transparent)]
    InternalError(#[from] InternalError),
}

impl ActionError {
    /// The outcome in the audit trail, if the action itself was refused; `None` for other errors, such as a wrong
    /// password.
    pub(super) const fn refusal(&self) -> Option<Outcome> {
        match self {
            Self::NotPermitted { .. } | Self::AdminsOnly | Self::BeyondOwnPermissions => {
                Some(Outcome::NotPermitted)
            }
            Self::Gone | Self::LastAdmin | Self::RoleInUse | Self::RoleNameTaken => Some(Outcome::Impossible),
            _ => None,
        }
    }
}

internal!(ActionError: StoreError, InstallationKeyError);

impl From<HashError> for ActionError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Busy,
            HashError::Refused(problem) => Self::Invalid(problem.into()),
            _ => InternalError::Hasher.into(),
        }
    }
}
