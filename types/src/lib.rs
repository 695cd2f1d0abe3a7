//! The types that the core, the server and the browser share. They hold no secret, and they must not know the database,
//! HTTP or leptos: this crate is compiled for WebAssembly too.

#![warn(missing_docs)]

mod credential;
mod field;
mod link;
mod named_enum;
mod permission;

pub use credential::{CredentialKind, Generation};
pub use field::{Field, FieldError, FieldProblem};
pub use link::{OpenInvitation, PasswordLink};
pub use permission::Permission;
