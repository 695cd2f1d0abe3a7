//! How many requests an account may make: two leaky buckets as meters (GCRA, ITU-T I.371), one for a second and one for
//! a minute, in one atomic word. It must not know what is limited.

use crate::{clock::Timestamp, settings::Limits};
use portable_atomic::{AtomicU128, Ordering};
use std::time::Duration;

const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;

/// How full both meters are: for each the time, in nanoseconds since 1970, at which it will be empty again. Both stand in
/// one word, so that a request takes from both or from neither, without a lock.
#[derive(Debug, Default)]
pub(crate) struct Meters(AtomicU128);

/// What is left of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
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
pub struct Allowances {
    /// Of that for a second.
    pub second: Allowance,
    /// Of that for a minute.
    pub minute: Allowance,
}

/// A request that came too early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooEarly {
    /// When it would pass.
    pub(crate) wait: Duration,
    pub(crate) allowances: Allowances,
}

/// One limit: `burst` requests at once, and one more each `interval`.
#[derive(Clone, Copy)]
struct Rule {
    interval: u64,
    burst: u64,
    window: u64,
}

impl Rule {
    /// `limit` requests in `window` nanoseconds. The interval is rounded up: rather a little fewer than one too many.
    fn new(limit: u32, window: u64) -> Self {
        let burst = u64::from(limit.max(1));
        Self { interval: window.div_ceil(burst), burst, window }
    }

    const fn tolerance(self) -> u64 {
        self.interval * self.burst
    }

    /// When the meter will be empty, as far as the clock can be believed. Where the clock was set back, the meter would
    /// else refuse everything until the old time comes again.
    fn believable(self, empty_at: u64, now: u64) -> u64 {
        // A request that was held up for less than that reads an older time than the others, and must not give back what
        // they took.
        const SECOND: u64 = 1_000_000_000;
        if empty_at > now.saturating_add(self.tolerance()).saturating_add(SECOND) {
            now.saturating_add(self.tolerance())
        } else {
            empty_at
        }
    }

    /// When the meter will be empty after one more request, or how long it is too early for that.
    fn take(self, empty_at: u64, now: u64) -> Result<u64, u64> {
        let after = empty_at.max(now).saturating_add(self.interval);
        let too_early = after.saturating_sub(now).saturating_sub(self.tolerance());
        if too_early == 0 { Ok(after) } else { Err(too_early) }
    }

    fn allowance(self, empty_at: u64, now: u64) -> Allowance {
        let filled = empty_at.saturating_sub(now);
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        Allowance {
            limit: small(self.burst),
            window: small(self.window / SECOND),
            remaining: small(self.tolerance().saturating_sub(filled) / self.interval),
            reset_after: Duration::from_nanos(filled),
        }
    }
}

impl Meters {
    /// Counts one request against both limits, or against neither.
    pub(crate) fn take(&self, limits: Limits, now: Timestamp) -> Result<Allowances, TooEarly> {
        let now = u64::try_from(now.as_micros()).unwrap_or(0).saturating_mul(1000);
        let (by_second, by_minute) =
            (Rule::new(limits.per_second, SECOND), Rule::new(limits.per_minute, MINUTE));
        let allowances = |second, minute| Allowances {
            second: by_second.allowance(second, now),
            minute: by_minute.allowance(minute, now),
        };
        let mut word = self.0.load(Ordering::Acquire);
        loop {
            let (second, minute) = unpack(word);
            let second = by_second.believable(second, now);
            let minute = by_minute.believable(minute, now);
            let (next, answer) = match (by_second.take(second, now), by_minute.take(minute, now)) {
                (Ok(second), Ok(minute)) => (pack(second, minute), Ok(allowances(second, minute))),
                (one, other) => {
                    let wait = one.err().unwrap_or(0).max(other.err().unwrap_or(0));
                    let wait = Duration::from_nanos(wait);
                    (pack(second, minute), Err(TooEarly { wait, allowances: allowances(second, minute) }))
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
