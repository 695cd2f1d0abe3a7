//! The pages, one module for each page. A page loads its data and calls server functions. It must not decide what a member may
//! do.

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
