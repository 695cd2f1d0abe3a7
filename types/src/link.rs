//! What the pages behind a link show about the person whom the link is for.

use serde::{Deserialize, Serialize};

/// An invitation that can be accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenInvitation {
    /// The name of the organisation.
    pub organisation: String,
    /// The name of the person.
    pub name: String,
    /// The person's e-mail address.
    pub email: String,
}

/// A link by which a member chooses a new password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordLink {
    /// The name of the organisation.
    pub organisation: String,
    /// The name of the member.
    pub name: String,
    /// The e-mail address of the member.
    pub email: String,
}
