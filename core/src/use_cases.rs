//! The use cases of members and operators, one module each. Each use case checks the permission, and records the
//! action in the audit trail.

pub mod accounts;
pub mod bundles;
pub mod credentials;
pub mod installation;
pub mod links;
pub mod members;
pub mod profile;
pub mod purge;
pub mod roles;
#[cfg(feature = "seeding")]
pub mod seeding;
pub mod sign_up;
pub mod usage;
pub mod verification;
