//! The domain, the use cases and the storage of Claviger. It must not know HTTP, axum or leptos.

#[cfg(target_family = "wasm")]
compile_error!("claviger-core is not for the browser: `app` may depend on it under `ssr` only");

pub mod accounts;
pub mod address_limit;
pub mod audit;
pub mod bundles;
pub mod claviger;
pub mod clock;
pub mod credentials;
pub mod domain;
pub mod failure;
mod hex;
pub mod inspection;
pub mod installation;
pub mod key;
pub mod keys;
pub mod links;
mod mac;
pub mod mark;
pub mod master_key;
pub mod members;
mod network;
pub mod opening;
pub mod password;
mod private_file;
pub mod profile;
pub mod purge;
pub mod random;
mod rate_limit;
pub mod reauthentication;
pub mod roles;
mod row_mac;
mod sealing;
#[cfg(feature = "seeding")]
pub mod seeding;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod sign_up;
mod store;
mod stranger_records;
pub mod throttle;
pub mod token;
pub mod usage;
pub mod verification;
mod verifier;
