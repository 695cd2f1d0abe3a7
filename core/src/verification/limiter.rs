//! How many requests an account may make: two leaky buckets as rate_limiter (GCRA, ITU-T I.371), one for a second and one for
//! a minute, in one atomic word. It must not know what is limited.

use crate::{clock::Timestamp, domain::limits::Limits};
use portable_atomic::{AtomicU128, Ordering};
use std::time::Duration;

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;

/// How full both rate_limiter are: for each the time, in nanoseconds since 1970, at which it will be empty again. Both stand in
/// one word, so that a request takes from both or from neither, without a lock.
#[derive(Debug, Default)]
pub(crate) struct RateLimiter(AtomicU128);

/// What is left of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimitStatus {
    /// How many requests the limit allows at once.
    pub limit: u32,
    /// The window of the limit, in seconds.
    pub window: u32,
    /// How many requests would pass at once now.
    pub remaining: u32,
    /// How long until all of them would.
    pub reset_after: Duration,
}

/// What is left of both limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimitStatuses {
    /// Of that for a second.
    pub second: RateLimitStatus,
    /// Of that for a minute.
    pub minute: RateLimitStatus,
}

/// A request that came too early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooEarly {
    /// When it would pass.
    pub(crate) wait: Duration,
    pub(crate) rate_limits: RateLimitStatuses,
}

/// One limit: `burst` requests at once, and one more each `emission_interval`.
#[derive(Clone, Copy)]
struct Gcra {
    emission_interval: u64,
    burst: u64,
    window: u64,
}

impl Gcra {
    /// `limit` requests in `window` nanoseconds. The emission_interval is rounded up: rather a little fewer than one too many.
    fn new(limit: u32, window: u64) -> Self {
        let burst = u64::from(limit.max(1));
        Self { emission_interval: window.div_ceil(burst), burst, window }
    }

    const fn burst_tolerance(self) -> u64 {
        self.emission_interval * self.burst
    }

    /// When the meter will be empty, as far as the clock can be believed. Where the clock was set back, the meter would
    /// else refuse everything until the old time comes again.
    fn clamp(self, tat: u64, now: u64) -> u64 {
        // A request that was held up for less than that reads an older time than the others, and must not give back what
        // they took.
        const SECOND: u64 = 1_000_000_000;
        if tat > now.saturating_add(self.burst_tolerance()).saturating_add(SECOND) {
            now.saturating_add(self.burst_tolerance())
        } else {
            tat
        }
    }

    /// When the meter will be empty after one more request, or how long it is too early for that.
    fn take(self, tat: u64, now: u64) -> Result<u64, u64> {
        let after = tat.max(now).saturating_add(self.emission_interval);
        let too_early = after.saturating_sub(now).saturating_sub(self.burst_tolerance());
        if too_early == 0 { Ok(after) } else { Err(too_early) }
    }

    fn status(self, tat: u64, now: u64) -> RateLimitStatus {
        let filled = tat.saturating_sub(now);
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        RateLimitStatus {
            limit: small(self.burst),
            window: small(self.window / SECOND),
            remaining: small(self.burst_tolerance().saturating_sub(filled) / self.emission_interval),
            reset_after: Duration::from_nanos(filled),
        }
    }
}

impl RateLimiter {
    /// Counts one request against both limits, or against neither.
    pub(crate) fn take(&self, limits: Limits, now: Timestamp) -> Result<RateLimitStatuses, TooEarly> {
        let now = u64::try_from(now.as_micros()).unwrap_or(0).saturating_mul(1000);
        let (by_second, by_minute) =
            (Gcra::new(limits.per_second, SECOND), Gcra::new(limits.per_minute, MINUTE));
        let rate_limits = |second, minute| RateLimitStatuses {
            second: by_second.status(second, now),
            minute: by_minute.status(minute, now),
        };
        let mut word = self.0.load(Ordering::Acquire);
        loop {
            let (second, minute) = unpack(word);
            let second = by_second.clamp(second, now);
            let minute = by_minute.clamp(minute, now);
            let (next, answer) = match (by_second.take(second, now), by_minute.take(minute, now)) {
                (Ok(second), Ok(minute)) => (pack(second, minute), Ok(rate_limits(second, minute))),
                (one, other) => {
                    let wait = one.err().unwrap_or(0).max(other.err().unwrap_or(0));
                    let wait = Duration::from_nanos(wait);
                    (pack(second, minute), Err(TooEarly { wait, rate_limits: rate_limits(second, minute) }))
                }
            };
            if next == word {
                return answer;
            }
            match self.0.compare_exchange_weak(word, next, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return answer,
                // Somebody else came first: what was true of the old word says nothing of the new one.
                Err(current) => word = current,
            }
        }
    }
}

const fn pack(second: u64, minute: u64) -> u128 {
    ((second as u128) << 64) | minute as u128
}

#[expect(clippy::cast_possible_truncation, reason = "the halves of a word")]
const fn unpack(word: u128) -> (u64, u64) {
    ((word >> 64) as u64, word as u64)
}

#[cfg(test)]
mod tests;
