//! What people and operators do with Claviger, one module a use case. Each decides who may do it, and records that it was
//! done.

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
