//! Authentication: how a member signs in, and how a request shows which member is signed in. It must not know what
//! members may do.

pub mod session;
pub mod sign_in;
