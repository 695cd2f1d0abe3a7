//! The domain, the use cases and the storage of Claviger. It must not know HTTP, axum or leptos.

pub mod accounts;
mod address_limit;
pub mod audit;
pub mod claviger;
pub mod clock;
pub mod credentials;
pub mod domain;
pub mod failure;
mod hex;
pub mod key;
pub mod keys;
mod mac;
pub mod master_key;
pub mod password;
pub mod random;
pub mod reauthentication;
mod sealing;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod sign_up;
mod store;
pub mod throttle;
pub mod token;
mod verifier;
