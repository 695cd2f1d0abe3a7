//! The server functions, one file a noun. Each is thin: gather the caller and the facts of the request, make one
//! call to the core, convert the answer. They must not decide anything themselves.

pub mod account;
#[cfg(feature = "ssr")]
pub mod caller;
#[cfg(feature = "ssr")]
mod convert;
pub mod credential;
#[cfg(feature = "ssr")]
mod draft;
pub mod error;
#[cfg(feature = "ssr")]
mod next;
pub mod session;
