//! Credentials: the two kinds of key and their generations.

use super::identifier::identifier;

pub use claviger_types::{CredentialKind, Generation};

identifier! {
    /// The identifier of one generation of one key of one account.
    CredentialId
}
