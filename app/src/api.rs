//! The server functions, one file for each noun. Each server function collects the caller and the facts of the request, makes one
//! call to the core, and converts the answer. They must not decide anything themselves.

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
