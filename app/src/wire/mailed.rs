//! Whether a link that was made was also sent by e-mail.

use serde::{Deserialize, Serialize};

/// Whether something was sent by e-mail besides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mailed {
    /// This installation sends no e-mail.
    #[default]
    Off,
    /// The mail server took it.
    Sent,
    /// It was not, because too many were sent today: by the organisation, or to this address.
    Limited,
    /// The mail server did not take it, or could not be reached.
    Failed,
}

/// A link that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeLink {
    /// The link itself.
    pub link: String,
    /// Whether it was sent to whom it is for.
    pub mailed: Mailed,
}
