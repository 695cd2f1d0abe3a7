//! Whether the server also sent a created link by e-mail.

use serde::{Deserialize, Serialize};

/// Whether the server also sent a link by e-mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mailed {
    /// This installation sends no e-mail.
    #[default]
    Off,
    /// The mail server accepted the message.
    Sent,
    /// The message was not sent, because the organisation, or all senders to this address, sent too many messages today.
    Limited,
    /// The mail server rejected the message, or the server could not reach it.
    Failed,
}

/// A link that a server function created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeLink {
    pub link: String,
    /// Whether the link was also sent to the person it is for.
    pub mailed: Mailed,
}
