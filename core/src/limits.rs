//! What bounds how often something may be tried: by the failures of one member, by network, and by use case. It must
//! not know what is being tried.

pub mod address_limit;
pub(crate) mod rate_limit;
pub(crate) mod stranger_records;
pub mod throttle;
