//! Verification: whether the two keys of an API request are good, answered from memory. It must not know HTTP.

mod account;
mod decision;
mod keyring;
mod limiter;
mod loading;
mod reason;
mod tally;
mod writing;

pub use decision::{Passed, Presented, Refused};
pub(crate) use keyring::{AccountRecord, BundleRecord, KeyRecord, Keyring};
pub use limiter::{Allowance, Allowances};
pub use reason::{Cause, Reason, Which};
pub(crate) use tally::{PASSED, day_of};
