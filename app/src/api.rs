//! The server functions, one file a noun. Each is thin: gather the caller and the facts of the request, make one
//! call to the core, convert the answer. They must not decide anything themselves.

pub mod account;
mod codec;
pub mod credential;
pub mod guide;
pub mod invitation;
pub mod member;
pub mod password;
pub mod profile;
pub mod role;
pub mod session;
