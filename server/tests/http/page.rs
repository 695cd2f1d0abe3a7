//! The pages, as the address bar asks for them.

mod credentials;
mod guide;
mod home;
mod login;
mod missing;
mod signup;
