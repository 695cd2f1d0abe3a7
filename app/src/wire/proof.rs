//! The proof that a member enters to confirm an action, as forms and scripts send it.

use serde::{Deserialize, Serialize};

/// One variant for each kind of proof. Server functions take this type flattened: the name of the field identifies the kind of
/// proof, and a plain form sends the same field.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Proof {
    /// The member's password. It is empty if the form has no such field; the server then refuses it as a wrong password.
    Password {
        #[serde(default)]
        password: String,
    },
}

impl Proof {
    /// Whether the member entered no proof.
    pub(crate) const fn is_missing(&self) -> bool {
        match self {
            Self::Password { password } => password.is_empty(),
        }
    }

    /// The form field that carries the proof.
    pub(crate) fn into_field(self) -> (&'static str, String) {
        match self {
            Self::Password { password } => ("password", password),
        }
    }
}

/// Never prints the proof that the member entered.
impl std::fmt::Debug for Proof {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Proof")
    }
}
