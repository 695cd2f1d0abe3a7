//! Invitations and password links: for how long their links work.

use super::identifier::identifier;
use std::time::Duration;

identifier! {
    /// Names an invitation. Unlike its token it is no secret.
    InvitationId
}

/// An invitation works this long.
pub const INVITATION: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// An invitation that has run out is shown for so long, so that its inviter sees it and can make it anew.
pub(crate) const KEPT_AFTER_ITS_END: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A link to choose a new password works this long: it opens an account that exists, so it is not left lying about.
pub const PASSWORD_LINK: Duration = Duration::from_secs(24 * 60 * 60);
