//! The rate limits of an account: how many requests its keys may make.

/// The rate limits of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests per second.
    pub per_second: u32,
    /// Requests per minute.
    pub per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_second: 15, per_minute: 120 }
    }
}
