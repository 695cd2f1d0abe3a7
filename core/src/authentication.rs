//! Authentication: signing in, and finding the signed-in member of a request. It must not know what members may do.

pub mod session;
pub mod sign_in;
