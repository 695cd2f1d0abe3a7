//! The nouns of Claviger, each with the rules that make it well formed. It must not know storage.

pub mod account;
pub mod bundle;
pub mod credential;
pub mod field_errors;
pub mod identifier;
pub mod invitation;
pub mod limits;
pub mod member;
pub mod network;
pub mod permission;
pub mod role;
pub mod session;
pub mod text;
