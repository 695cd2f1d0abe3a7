//! The domain, the use cases and the storage of Claviger. It must not know HTTP, axum or leptos.
//!
//! Each module may use those above it in this list, and none below it.

#![warn(missing_docs)]

#[cfg(target_family = "wasm")]
compile_error!("claviger-core is not for the browser: `app` may depend on it under `ssr` only");

mod opaque_debug;

pub mod clock;
pub mod random;

pub mod domain;

pub mod credential_key;
pub mod crypto;
pub mod password;
pub mod settings;

mod store;

pub mod audit;
pub mod limits;

pub mod installation;
pub mod internal_error;

pub mod verification;

pub mod claviger;

pub mod authentication;
pub mod reauthentication;

pub mod use_cases;

#[cfg(test)]
mod debug_output;
#[cfg(test)]
mod rooms;
