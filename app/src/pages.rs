//! The pages, one module each. A page loads what it shows and calls server functions; it decides nothing about who
//! may do what.

pub(crate) mod credentials;
pub(crate) mod email;
pub(crate) mod guide;
pub(crate) mod home;
pub(crate) mod join;
pub(crate) mod login;
pub(crate) mod members;
pub(crate) mod missing;
pub(crate) mod new_password;
pub(crate) mod profile;
pub(crate) mod roles;
pub(crate) mod signup;
