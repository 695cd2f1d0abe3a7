//! The errors of a call, as a closed set that the pages turn into words. An error carries no free text, so that no cause, no path
//! and no secret can reach the browser through it.

use super::formatted_time::FormattedTime;
#[cfg(feature = "ssr")]
use claviger_types::Field;
use claviger_types::{CredentialKind, FieldError, Permission};
use serde::{Deserialize, Serialize};

/// The reason why a server function did not do what the request asked. With any of these errors the server has changed nothing,
/// except with [`Unconfirmed`](Self::Unconfirmed) and [`Unreachable`](Self::Unreachable).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiError {
    /// The server could not read the arguments. Status 400.
    Malformed,
    /// Some fields are wrong. The list names each field and its problem. Status 400.
    Invalid(Vec<FieldError>),
    /// There is no session, or it has ended. Status 401.
    SignedOut,
    /// The e-mail address and the password do not match. Status 401.
    WrongCredentials {
        /// The wait before the next attempt, in seconds; 0 if there is no wait.
        wait_seconds: u64,
    },
    /// The proof for an action (the password) is missing or wrong. Status 401. The name on the wire is that of release 0.1, so that a page
    /// that is open during an upgrade still reads it.
    #[serde(rename = "WrongPassword")]
    ProofRefused {
        /// The wait before the next attempt, in seconds; 0 if there is no wait.
        wait_seconds: u64,
    },
    /// The caller lacks the permission. Status 403.
    NotPermitted {
        permission: Permission,
        /// The names of the admins who can grant the permission.
        admins: Vec<String>,
    },
    /// The request did not come from a page of this installation. Status 403.
    CrossSite,
    /// The operator has closed the registration. Status 403.
    RegistrationClosed,
    /// The browser would drop the session cookie, because it opened the page over plain HTTP from another machine. Status 400.
    InsecureConnection,
    /// The request needs a page with a script: only a script can show a key and hide it again. Status 400.
    ScriptNeeded,
    /// Another request has reset the key since the server sent the page. Status 409.
    Stale {
        kind: CredentialKind,
        /// The time of the reset.
        at: FormattedTime,
        /// The name of the member who reset the key.
        by: String,
    },
    /// The member, role, invitation or session does not exist, or no longer exists. Status 409.
    Gone,
    /// Only an admin may do this, or may do it to an admin. Status 403.
    AdminsOnly,
    /// A member cannot give a permission that the member does not have. Status 403.
    BeyondOwnPermissions,
    /// The last active admin cannot be removed, disabled or given another role. Status 409.
    LastAdmin,
    /// The organisation has the maximum number of open invitations. Status 409.
    TooManyInvitations,
    /// Another account already uses the e-mail address of the link. Status 409.
    EmailTaken,
    /// The role cannot be deleted, because members have it. Status 409.
    RoleInUse,
    /// The link never worked, or it no longer works. Status 409.
    UnusableLink,
    /// There were too many attempts. The next attempt must wait. Status 429 with `Retry-After`.
    Waiting {
        /// The wait in seconds.
        seconds: u64,
    },
    /// The action was done too often, whether or not the passwords were correct. It can be done again later. Status 429 with
    /// `Retry-After`.
    TooOften {
        /// The wait in seconds.
        seconds: u64,
    },
    /// There were so many wrong passwords that only an admin or the operator can unlock the member before a day has passed.
    /// Status 429.
    Locked,
    /// The queue of passwords that wait for their check is full. Status 503 with `Retry-After`.
    Busy,
    /// The database does not answer, or temporarily cannot write. Status 503 with `Retry-After`.
    Unavailable,
    /// The database did not report whether it made the change. This is the only answer of the server after which the change may
    /// have been made. Status 503.
    Unconfirmed,
    /// The browser could not reach the server, or could not read its answer. Only the browser creates this error.
    Unreachable,
    /// Something failed, and the caller did not cause it. Status 500. The log contains the cause under this id.
    Internal {
        /// The id of the request.
        request_id: String,
    },
}

impl ApiError {
    /// The wait before the next attempt, in seconds; 0 if there is no wait.
    pub(crate) const fn wait_seconds(&self) -> u64 {
        match self {
            Self::WrongCredentials { wait_seconds: seconds }
            | Self::ProofRefused { wait_seconds: seconds }
            | Self::Waiting { seconds }
            | Self::TooOften { seconds } => *seconds,
            _ => 0,
        }
    }

    /// Whether the page shows more than the server would show now. The session may have ended or changed, a permission may be
    /// gone, or the object of the change may be gone.
    pub(crate) const fn outdates_page(&self) -> bool {
        matches!(
            self,
            Self::SignedOut | Self::NotPermitted { .. } | Self::CrossSite | Self::Gone | Self::Stale { .. }
        )
    }

    /// The same error, reported for another field than the field that the core names.
    #[cfg(feature = "ssr")]
    pub(crate) fn moved(mut self, from: Field, to: Field) -> Self {
        if let Self::Invalid(errors) = &mut self {
            for error in errors.iter_mut().filter(|error| error.field == from) {
                error.field = to;
            }
        }
        self
    }
}
