//! Why an action did not happen.

use crate::{
    audit::Outcome,
    clock::Timestamp,
    domain::{credential::CredentialKind, field_errors::FieldErrors, permission::Permission},
    installation::keys::InstallationKeyError,
    internal_error::InternalError,
    internal_error::internal,
    limits::throttle::Throttled,
    password::HashError,
    store::StoreError,
};
use std::time::Duration;

/// Why something that needs the password did not happen. Nothing was disclosed, replaced or changed.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// The session has ended.
    #[error("the session has ended")]
    SignedOut,
    /// The member lacks the permission.
    #[error("the permission is missing")]
    NotPermitted {
        /// Which.
        permission: Permission,
        /// The names of the admins who can grant it.
        admins: Vec<String>,
    },
    /// The password is wrong.
    #[error("wrong password")]
    WrongPassword {
        /// How long the next attempt must wait; zero where it may follow at once.
        wait: Duration,
    },
    /// Too many wrong passwords: this one was not even checked.
    #[error("too many wrong passwords")]
    Throttled(Throttled),
    /// It was done too often, whatever the password: this much time must pass before the next.
    #[error("it was done too often")]
    TooOften(Duration),
    /// Too many passwords are waiting to be checked.
    #[error("too many passwords are waiting to be checked")]
    Busy,
    /// The key was reset since the page was shown.
    #[error("the key was reset since the page was shown")]
    Stale {
        /// Which key.
        kind: CredentialKind,
        /// When.
        at: Timestamp,
        /// By whom: a member's name.
        by: String,
    },
    /// There is no such member, role or invitation in the organisation, or not any more.
    #[error("it is not there")]
    Gone,
    /// Only an admin may do this, or do it to an admin.
    #[error("only an admin may do this")]
    AdminsOnly,
    /// Nobody can give what they do not have.
    #[error("nobody can give a permission that they do not have")]
    BeyondOwnPermissions,
    /// The organisation would be left without an admin.
    #[error("the last active admin must stay one")]
    LastAdmin,
    /// As many invitations are open as an organisation may have.
    #[error("too many invitations are open")]
    TooManyInvitations,
    /// Members have the role.
    #[error("members have this role")]
    RoleInUse,
    /// Another role has the name.
    #[error("another role has this name")]
    RoleNameTaken,
    /// Some fields are wrong.
    #[error("some fields are wrong: {0:?}")]
    Invalid(FieldErrors),
    /// Something failed that is not the caller's fault.
    #[error(transparent)]
    InternalError(#[from] InternalError),
}

impl ActionError {
    /// How the audit trail calls it where the action was refused for what it is; none where it was not.
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
