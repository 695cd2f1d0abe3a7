//! The counts of requests and the last use of each key, in memory, until they are written to the database. It must
//! not know the database.

use super::Reason;
use crate::clock::Timestamp;
use portable_atomic::{AtomicU128, Ordering};
use std::{
    net::{IpAddr, Ipv6Addr},
    sync::atomic::{AtomicBool, AtomicI64, AtomicU32},
};

/// The name of the outcome of a request that passed.
pub(crate) const PASSED: &str = "passed";

/// One outcome for each reason, and one for requests that passed.
const OUTCOMES: usize = Reason::ALL.len() + 1;

const MICROS_A_DAY: i64 = 86_400_000_000;

/// The UTC day of a timestamp, counted from 1970-01-01.
pub(crate) const fn day_of(moment: Timestamp) -> i64 {
    moment.as_micros().div_euclid(MICROS_A_DAY)
}

/// The outcomes of the requests of an account since the last write. Adjacent days have separate counts: a request
/// that is counted just before midnight and written just after it belongs to the day before.
#[derive(Debug, Default)]
pub(crate) struct Tally([[AtomicU32; OUTCOMES]; 2]);

fn slot(day: i64) -> usize {
    usize::from(day.rem_euclid(2) == 1)
}

fn index(refused: Option<Reason>) -> usize {
    refused
        .and_then(|reason| Reason::ALL.iter().position(|known| *known == reason))
        .map_or(0, |place| place + 1)
}

fn word(index: usize) -> &'static str {
    index.checked_sub(1).and_then(|place| Reason::ALL.get(place)).map_or(PASSED, |reason| reason.as_str())
}

impl Tally {
    /// Counts one request on this day.
    pub(crate) fn count(&self, day: i64, refused: Option<Reason>) {
        self.0[slot(day)][index(refused)].fetch_add(1, Ordering::AcqRel);
    }

    /// Takes the counts of this day, with the name of each outcome.
    pub(crate) fn take(&self, day: i64) -> Vec<(&'static str, u32)> {
        let counts = self.0[slot(day)].iter().enumerate();
        counts
            .map(|(index, count)| (word(index), count.swap(0, Ordering::AcqRel)))
            .filter(|(_, count)| *count > 0)
            .collect()
    }

    /// Puts back a count that could not be written.
    pub(crate) fn put_back(&self, day: i64, outcome: &str, count: u32) {
        let place = (0..OUTCOMES).find(|index| word(*index) == outcome).unwrap_or(0);
        self.0[slot(day)][place].fetch_add(count, Ordering::AcqRel);
    }
}

/// When a key was last used, and from which address.
#[derive(Debug, Default)]
pub(crate) struct LastUse {
    at: AtomicI64,
    from: AtomicU128,
    /// Whether the key is queued to be written to the database.
    is_queued: AtomicBool,
}

impl LastUse {
    /// Stores a use.
    pub(crate) fn note(&self, at: Timestamp, from: IpAddr) {
        let address = match from {
            IpAddr::V4(address) => address.to_ipv6_mapped(),
            IpAddr::V6(address) => address,
        }
        .to_bits();
        // A read is cheaper than a write, and most uses come from the same address as the last one.
        if self.from.load(Ordering::Relaxed) != address {
            self.from.store(address, Ordering::Release);
        }
        self.at.store(at.as_micros(), Ordering::Release);
    }

    /// Queues the key to be written. Returns false if it was already queued.
    pub(crate) fn queue(&self) -> bool {
        !self.is_queued.load(Ordering::Acquire) && !self.is_queued.swap(true, Ordering::AcqRel)
    }

    /// Lets the next use queue the key again.
    pub(crate) fn unqueue(&self) {
        self.is_queued.store(false, Ordering::Release);
    }

    /// The last use, if there was any.
    pub(crate) fn get(&self) -> Option<(Timestamp, IpAddr)> {
        let at = self.at.load(Ordering::Acquire);
        let address = IpAddr::V6(Ipv6Addr::from_bits(self.from.load(Ordering::Acquire))).to_canonical();
        (at != 0).then(|| (Timestamp::from_micros(at), address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_is_counted_by_itself_and_each_day_too() {
        let tally = Tally::default();
        for refused in [None, None, Some(Reason::RateLimited), Some(Reason::NotReady)] {
            tally.count(7, refused);
        }
        tally.count(8, None);
        assert_eq!(tally.take(7), [("passed", 2), ("rate_limited", 1), ("not_ready", 1)]);
        assert_eq!(tally.take(7), []);
        assert_eq!(tally.take(8), [("passed", 1)]);
    }

    #[test]
    fn what_could_not_be_written_is_counted_again() {
        let tally = Tally::default();
        tally.count(7, Some(Reason::BundleExpired));
        for (outcome, count) in tally.take(7) {
            tally.put_back(7, outcome, count);
        }
        tally.count(7, Some(Reason::BundleExpired));
        assert_eq!(tally.take(7), [("bundle_expired", 2)]);
    }

    #[test]
    fn a_key_that_was_never_used_has_no_last_use() {
        let last_use = LastUse::default();
        assert_eq!(last_use.get(), None);
        let moment = Timestamp::from_micros(5);
        for address in ["203.0.113.9", "2001:db8::1"] {
            last_use.note(moment, address.parse().unwrap());
            assert_eq!(last_use.get(), Some((moment, address.parse().unwrap())));
        }
    }

    #[test]
    fn a_day_is_one_of_utc() {
        assert_eq!(day_of(Timestamp::from_micros(MICROS_A_DAY - 1)), 0);
        assert_eq!(day_of(Timestamp::from_micros(MICROS_A_DAY)), 1);
    }
}
