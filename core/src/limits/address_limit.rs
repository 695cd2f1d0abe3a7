//! A coarse limit on the attempts of one address, kept in memory. It must not know what is tried.

use crate::{clock::Timestamp, domain::network::Network};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// The number of networks that are remembered before those whose full burst is available again are deleted.
const REMEMBERED: usize = 10_000;
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// Allows each network `burst` attempts at once, and one more after each `interval` (GCRA, the leaky bucket as a meter,
/// ITU-T I.371).
#[derive(Debug)]
pub struct AddressLimit {
    interval: Duration,
    burst: u32,
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    /// For each network, the time at which its full burst is available again.
    rest: HashMap<Network, Timestamp>,
    /// When the networks with a full burst are deleted next. This does not happen at each attempt: with a full table,
    /// it would cost more than the attempt.
    next_sweep: Option<Timestamp>,
}

impl AddressLimit {
    /// A limit of `burst` attempts at once, and one more after each `interval`.
    #[must_use]
    pub fn new(interval: Duration, burst: u32) -> Self {
        Self { interval, burst, table: Mutex::default() }
    }

    /// Counts one attempt.
    ///
    /// # Errors
    /// Returns how long the address must wait before the next attempt. The refused attempt is not counted.
    pub fn try_once(&self, address: IpAddr, now: Timestamp) -> Result<(), Duration> {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        if table.rest.len() >= REMEMBERED
            && table.next_sweep.is_none_or(|next| now >= next || next > now.plus(SWEEP_EVERY))
        {
            let furthest = now.plus(self.interval.saturating_mul(self.burst));
            table.rest.retain(|_, at_rest| now < *at_rest && *at_rest <= furthest);
            table.next_sweep = Some(now.plus(SWEEP_EVERY));
        }
        let rest = &mut table.rest;
        let network = Network::of(address);
        let tolerance = self.interval.saturating_mul(self.burst);
        // No stored time is later than this, unless the clock was set back. Without this cap, the network would have to
        // wait until the old time is reached again.
        let furthest = now.plus(tolerance);
        if let Some(at_rest) = rest.get_mut(&network) {
            *at_rest = furthest.min(*at_rest);
        }
        let at_rest = rest.get(&network).copied().unwrap_or(now).max(now).plus(self.interval);
        let wait = at_rest.since(now).saturating_sub(tolerance);
        // If the table is full of busy networks, the attack is distributed: refuse networks that are not in the table.
        let is_full = rest.len() >= REMEMBERED && !rest.contains_key(&network);
        if !wait.is_zero() || is_full {
            return Err(wait.max(self.interval));
        }
        rest.insert(network, at_rest);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_000_000_000);

    fn limit() -> AddressLimit {
        AddressLimit::new(Duration::from_secs(1), 3)
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_burst_passes_and_the_next_waits_its_turn() {
        let limit = limit();
        let here = address("203.0.113.9");
        for _ in 0..3 {
            assert_eq!(limit.try_once(here, START), Ok(()));
        }
        assert_eq!(limit.try_once(here, START), Err(Duration::from_secs(1)));
        assert_eq!(limit.try_once(here, START.plus(Duration::from_secs(1))), Ok(()));
    }

    #[test]
    fn addresses_do_not_slow_each_other_down() {
        let limit = limit();
        for _ in 0..4 {
            let _ = limit.try_once(address("203.0.113.9"), START);
        }
        assert_eq!(limit.try_once(address("203.0.113.10"), START), Ok(()));
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one() {
        let limit = limit();
        for host in ["2001:db8::1", "2001:db8::2", "2001:db8::3"] {
            assert_eq!(limit.try_once(address(host), START), Ok(()));
        }
        assert!(limit.try_once(address("2001:db8::4"), START).is_err());
        assert_eq!(limit.try_once(address("2001:db8:0:100::1"), START), Ok(()));
    }

    #[test]
    fn addresses_at_rest_are_forgotten() {
        let limit = limit();
        for number in 0..u32::try_from(REMEMBERED).unwrap() {
            limit.try_once(IpAddr::V4(number.into()), START).unwrap();
        }
        assert!(limit.try_once(address("203.0.113.9"), START).is_err());
        assert_eq!(limit.try_once(address("203.0.113.9"), START.plus(Duration::from_secs(2))), Ok(()));
        assert_eq!(limit.table.lock().unwrap().rest.len(), 1);
    }

    #[test]
    fn a_clock_that_was_a_year_ahead_locks_nobody_out() {
        let limit = limit();
        let ahead = START.plus(Duration::from_secs(365 * 86_400));
        let here = address("203.0.113.9");
        for _ in 0..3 {
            assert_eq!(limit.try_once(here, ahead), Ok(()));
        }
        assert_eq!(limit.try_once(here, START), Err(Duration::from_secs(1)));
        assert_eq!(limit.try_once(here, START.plus(Duration::from_secs(1))), Ok(()));
    }
}
