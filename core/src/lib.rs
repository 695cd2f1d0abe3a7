//! The domain, the use cases and the storage of Claviger. It must not know HTTP, axum or leptos.

pub mod accounts;
mod address_limit;
pub mod audit;
pub mod bundles;
pub mod claviger;
pub mod clock;
pub mod credentials;
pub mod domain;
pub mod failure;
mod hex;
pub mod key;
pub mod keys;
pub mod links;
mod mac;
pub mod mark;
pub mod master_key;
pub mod members;
pub mod password;
pub mod profile;
pub mod random;
pub mod reauthentication;
pub mod roles;
mod sealing;
#[cfg(feature = "seeding")]
pub mod seeding;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod sign_up;
mod store;
pub mod throttle;
pub mod token;
pub mod usage;
pub mod verification;
mod verifier;
