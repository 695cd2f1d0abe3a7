//! Invitations and password links: how long their links are valid.

use super::identifier::identifier;
use std::time::Duration;

identifier! {
    /// The identifier of an invitation. Unlike its token, it is not a secret.
    InvitationId
}

/// How long an invitation is valid.
pub const INVITATION: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How long an expired invitation stays in the list, so that its inviter sees it and can create a new one.
pub(crate) const KEPT_AFTER_ITS_END: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How long a link to choose a new password is valid. It is short because the link gives access to an existing account.
pub const PASSWORD_LINK: Duration = Duration::from_secs(24 * 60 * 60);
