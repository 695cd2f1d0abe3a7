//! Limits how many requests an account may make: the generic cell rate algorithm (GCRA, ITU-T I.371) twice, for a
//! second and for a minute, in one atomic word. It must not know what is limited.
//!
//! GCRA keeps one number for each limit: the theoretical arrival time (TAT), at which the next request would arrive
//! if all requests were evenly spaced. A request conforms if the TAT is at most the burst tolerance ahead of the
//! clock.

use crate::{clock::Timestamp, domain::limits::Limits};
use portable_atomic::{AtomicU128, Ordering};
use std::time::Duration;

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;

/// The theoretical arrival times of both limits, in nanoseconds since 1970. Both are in one word, so that a request
/// takes from both limits or from neither, without a lock.
#[derive(Debug, Default)]
pub(crate) struct RateLimiter(AtomicU128);

/// The state of a rate limit, as the `RateLimit` header reports it (draft-ietf-httpapi-ratelimit-headers).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimitStatus {
    /// How many requests the limit allows at once.
    pub limit: u32,
    /// The window of the limit, in seconds.
    pub window: u32,
    /// How many requests would pass now in one burst.
    pub remaining: u32,
    /// How long until `limit` requests would pass in one burst.
    pub reset_after: Duration,
}

/// The state of both rate limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimitStatuses {
    /// The limit for a second.
    pub second: RateLimitStatus,
    /// The limit for a minute.
    pub minute: RateLimitStatus,
}

/// A request that does not conform to a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooEarly {
    /// How long until the request would conform.
    pub(crate) wait: Duration,
    pub(crate) rate_limits: RateLimitStatuses,
}

/// The parameters of one limit, in nanoseconds.
#[derive(Clone, Copy)]
struct Gcra {
    emission_interval: u64,
    burst: u64,
    window: u64,
}

impl Gcra {
    /// `limit` requests in `window` nanoseconds. The emission interval is rounded up, so that slightly fewer requests
    /// pass, but never one too many.
    fn new(limit: u32, window: u64) -> Self {
        let burst = u64::from(limit.max(1));
        Self { emission_interval: window.div_ceil(burst), burst, window }
    }

    const fn burst_tolerance(self) -> u64 {
        self.emission_interval * self.burst
    }

    /// Moves back a theoretical arrival time that is further ahead than the burst tolerance allows: it was stored
    /// before the clock was set back. Otherwise the limit would refuse every request until the clock reaches the old
    /// time again.
    fn clamp(self, tat: u64, now: u64) -> u64 {
        // A request that was delayed by less than a second reads an older time than the others. It must not give back
        // what the others took.
        if tat > now.saturating_add(self.burst_tolerance()).saturating_add(SECOND) {
            now.saturating_add(self.burst_tolerance())
        } else {
            tat
        }
    }

    /// Returns the theoretical arrival time after one more request, or how long until that request would conform.
    fn take(self, tat: u64, now: u64) -> Result<u64, u64> {
        let next = tat.max(now).saturating_add(self.emission_interval);
        let too_early = next.saturating_sub(now).saturating_sub(self.burst_tolerance());
        if too_early == 0 { Ok(next) } else { Err(too_early) }
    }

    fn status(self, tat: u64, now: u64) -> RateLimitStatus {
        let ahead = tat.saturating_sub(now);
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        RateLimitStatus {
            limit: small(self.burst),
            window: small(self.window / SECOND),
            remaining: small(self.burst_tolerance().saturating_sub(ahead) / self.emission_interval),
            reset_after: Duration::from_nanos(ahead),
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
                // Another request changed the word first: decide again from the new word.
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
