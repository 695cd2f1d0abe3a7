//! The data that the pages behind a link show about the person who received the link.

use serde::{Deserialize, Serialize};

/// An invitation that the invited person can accept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenInvitation {
    /// The name of the organisation.
    pub organisation: String,
    /// The name of the invited person.
    pub name: String,
    /// The e-mail address of the invited person.
    pub email: String,
}

/// A link with which a member chooses a new password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordLink {
    /// The name of the organisation.
    pub organisation: String,
    /// The name of the member.
    pub name: String,
    /// The e-mail address of the member.
    pub email: String,
}
