//! What a member enters to confirm an action, as forms and scripts send it.

use serde::{Deserialize, Serialize};

/// One variant for each kind of proof. Server functions take it flattened, so each kind is known by the name of its
/// field, which a plain form sends too.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Proof {
    /// The member's password. It is empty if the form has no such field, and then it is refused as a wrong one.
    Password {
        #[serde(default)]
        password: String,
    },
}

impl Proof {
    /// Whether nothing was entered.
    pub(crate) const fn is_missing(&self) -> bool {
        match self {
            Self::Password { password } => password.is_empty(),
        }
    }

    /// The field of a form that carries it.
    pub(crate) fn into_field(self) -> (&'static str, String) {
        match self {
            Self::Password { password } => ("password", password),
        }
    }
}

/// Never what was entered.
impl std::fmt::Debug for Proof {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Proof")
    }
}
