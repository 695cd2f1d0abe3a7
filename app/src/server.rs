//! The parts that server functions need on the server only: the caller, cookies, links, e-mails, and the conversion of the core's
//! answers. It must not know any server function or page.

pub(crate) mod browser_name;
pub mod caller;
pub(crate) mod convert;
mod cookies;
pub(crate) mod draft;
pub(crate) mod link;
pub mod mail;
pub(crate) mod next;
