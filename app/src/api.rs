//! The server functions, one file a noun. Each is thin: gather the caller and the facts of the request, make one
//! call to the core, convert the answer. They must not decide anything themselves.

pub mod account;
#[cfg(feature = "ssr")]
mod browser_name;
#[cfg(feature = "ssr")]
pub mod caller;
#[cfg(feature = "ssr")]
mod convert;
pub mod credential;
#[cfg(feature = "ssr")]
mod draft;
pub mod error;
pub mod guide;
pub mod invitation;
#[cfg(feature = "ssr")]
mod link;
pub mod mail;
pub mod member;
#[cfg(feature = "ssr")]
mod next;
pub mod password;
pub mod profile;
pub mod proof;
pub mod role;
pub mod session;
#[cfg(feature = "ssr")]
mod usage;
