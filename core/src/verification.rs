//! Verification: decides from memory whether the two keys of an API request are valid. It must not know HTTP.

mod account;
mod cache;
mod decision;
mod limiter;
mod loading;
mod reason;
mod tally;
mod unwritten;
mod verifier;
mod writing;

pub use decision::{Denied, Passed, Presented};
pub use limiter::{RateLimitStatus, RateLimitStatuses};
pub use reason::{Cause, PresentedKey, Reason};
pub(crate) use tally::{PASSED, day_of};
pub(crate) use verifier::Verifier;
