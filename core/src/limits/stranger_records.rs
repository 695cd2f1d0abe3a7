//! Limits how many audit records strangers can cause. Events of a chain are never deleted, so writing them is limited
//! instead. It must not know what is recorded.

use super::address_limit::AddressLimit;
use crate::clock::Timestamp;
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// For one network: ten at once, then ten an hour.
const NETWORK_BURST: u32 = 10;
const NETWORK_INTERVAL: Duration = Duration::from_secs(6 * 60);

/// For all networks together: a hundred at once, then a hundred an hour.
const BURST: u32 = 100;
const INTERVAL: Duration = Duration::from_secs(36);

/// The key under which all networks together are counted.
const EVERYWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// Counts the events that strangers cause, and the events that were not recorded.
#[derive(Debug)]
pub(crate) struct StrangerRecords {
    of_network: AddressLimit,
    in_all: AddressLimit,
    left_out: AtomicU64,
}

impl StrangerRecords {
    pub(crate) fn new() -> Self {
        Self {
            of_network: AddressLimit::new(NETWORK_INTERVAL, NETWORK_BURST),
            in_all: AddressLimit::new(INTERVAL, BURST),
            left_out: AtomicU64::new(0),
        }
    }

    /// Whether an event may be recorded. If so, it is counted. The number of events that were not recorded goes to the
    /// log with the next event that is.
    pub(crate) fn may_record(&self, address: Option<IpAddr>, now: Timestamp) -> bool {
        let of_network = self.of_network.try_once(address.unwrap_or(EVERYWHERE), now);
        if of_network.and_then(|()| self.in_all.try_once(EVERYWHERE, now)).is_err() {
            self.left_out.fetch_add(1, Ordering::Relaxed);
            return false;
        }
        let left_out = self.left_out.swap(0, Ordering::Relaxed);
        if left_out > 0 {
            tracing::warn!(left_out, "sign-in attempts with unknown e-mail addresses were not recorded");
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_000_000_000);

    fn recorded(records: &StrangerRecords, address: &str, tries: u32, now: Timestamp) -> usize {
        let address = Some(address.parse().unwrap());
        (0..tries).filter(|_| records.may_record(address, now)).count()
    }

    #[test]
    fn one_network_fills_little_and_leaves_room_for_others() {
        let records = StrangerRecords::new();
        assert_eq!(recorded(&records, "203.0.113.9", 1000, START), 10);
        assert_eq!(recorded(&records, "198.51.100.7", 1000, START), 10);
        assert_eq!(recorded(&records, "203.0.113.9", 1000, START.plus(NETWORK_INTERVAL)), 1);
    }

    #[test]
    fn all_networks_together_fill_a_hundred_an_hour() {
        let records = StrangerRecords::new();
        let many =
            |now| (0..200).map(|n| recorded(&records, &format!("203.0.113.{n}"), 1, now)).sum::<usize>();
        assert_eq!(many(START), 100);
        assert_eq!(many(START.plus(INTERVAL * 3)), 3);
    }
}
