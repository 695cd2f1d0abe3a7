//! What can go wrong with a call, in a closed form that the pages turn into words. It carries no free text, so
//! that no cause, no path and no secret can reach the browser through it.

use super::formatted_time::FormattedTime;
#[cfg(feature = "ssr")]
use claviger_types::Field;
use claviger_types::{CredentialKind, FieldError, Permission};
use serde::{Deserialize, Serialize};

/// Why a server function did not do what was asked. Nothing was changed where one of these is answered, but for
/// [`Unconfirmed`](Self::Unconfirmed) and [`Unreachable`](Self::Unreachable).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiError {
    /// The arguments could not be read at all. Status 400.
    Malformed,
    /// Some fields are wrong; each is named with what is wrong with it. Status 400.
    Invalid(Vec<FieldError>),
    /// There is no session, or it has ended. Status 401.
    SignedOut,
    /// E-mail and password do not go together. Status 401.
    WrongCredentials {
        /// How long the next attempt must wait, in seconds; 0 where it may follow at once.
        wait_seconds: u64,
    },
    /// The proof that an action asks for, the password, is missing or wrong. Status 401.
    ProofRefused {
        /// How long the next attempt must wait, in seconds; 0 where it may follow at once.
        wait_seconds: u64,
    },
    /// The caller lacks the permission. Status 403.
    NotPermitted {
        permission: Permission,
        /// The names of the admins who can grant it.
        admins: Vec<String>,
    },
    /// The request did not come from a page of this installation. Status 403.
    CrossSite,
    /// Registration is closed by the operator. Status 403.
    RegistrationClosed,
    /// The browser would drop the session cookie, because the page was opened over plain HTTP from another
    /// machine. Status 400.
    InsecureConnection,
    /// Only a page with a script can disclose a key and hide it again. Status 400.
    ScriptNeeded,
    /// The key was reset by somebody since the page was shown. Status 409.
    Stale {
        kind: CredentialKind,
        /// When it was reset.
        at: FormattedTime,
        /// By whom: a member's name.
        by: String,
    },
    /// There is no such member, role, invitation or session, or not any more. Status 409.
    Gone,
    /// Only an admin may do this, or do it to an admin. Status 403.
    AdminsOnly,
    /// Nobody can give a permission that they do not have. Status 403.
    BeyondOwnPermissions,
    /// The last active admin can be neither removed nor disabled nor given another role. Status 409.
    LastAdmin,
    /// As many invitations are open as an organisation may have. Status 409.
    TooManyInvitations,
    /// Somebody has an account with the address that a link is for. Status 409.
    EmailTaken,
    /// Members have the role that was to be deleted. Status 409.
    RoleInUse,
    /// A link that never worked, or does not any more. Status 409.
    UnusableLink,
    /// Too many attempts; the next may follow later. Status 429 with `Retry-After`.
    Waiting {
        /// In seconds.
        seconds: u64,
    },
    /// Done too often, whatever the password; it may be done again later. Status 429 with `Retry-After`.
    TooOften {
        /// In seconds.
        seconds: u64,
    },
    /// So many wrong passwords that only an admin or the operator can unlock, or a day that passes. Status 429.
    Locked,
    /// More passwords are waiting to be checked than the server takes on. Status 503 with `Retry-After`.
    Busy,
    /// The database does not answer, or cannot write for the moment. Status 503 with `Retry-After`.
    Unavailable,
    /// The database did not say whether the change was made: the one error after which it may have been. Status 503.
    Unconfirmed,
    /// The server could not be reached, or it gave no answer that could be read. Made in the browser only.
    Unreachable,
    /// Something failed that is not the caller's fault. Status 500; the log has the cause under this id.
    Internal {
        /// The id of the request.
        request_id: String,
    },
}

impl ApiError {
    /// How long the next attempt must wait; 0 where it may follow at once.
    pub(crate) const fn wait_seconds(&self) -> u64 {
        match self {
            Self::WrongCredentials { wait_seconds: seconds }
            | Self::ProofRefused { wait_seconds: seconds }
            | Self::Waiting { seconds }
            | Self::TooOften { seconds } => *seconds,
            _ => 0,
        }
    }

    /// Whether the page shows more than the server would show now: the session is over or another one, a permission is
    /// gone, or what was to be changed.
    pub(crate) const fn outdates_page(&self) -> bool {
        matches!(
            self,
            Self::SignedOut | Self::NotPermitted { .. } | Self::CrossSite | Self::Gone | Self::Stale { .. }
        )
    }

    /// The same, said of another field than the core knows it by.
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
