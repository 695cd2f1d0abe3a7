//! The types that the core, the server and the browser share. They hold no secret. They must not know the database, HTTP or
//! Leptos, because this crate is also compiled for WebAssembly.

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
