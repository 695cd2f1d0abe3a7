//! Limits on how often something may be tried: per member and source, per network, and per use case. It must not know
//! what is tried.

pub mod address_limit;
pub(crate) mod rate_limit;
pub(crate) mod stranger_records;
pub mod throttle;
