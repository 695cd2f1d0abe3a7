//! A line in the log for each refusal, and a request id for each line. A flood of refusals must not fill the disk, so lines
//! are limited; a refusal that gets no line gets no request id either.

use crate::http::request_id::RequestId;
use claviger_core::{clock::Timestamp, limits::address_limit::AddressLimit, random::Random};
use std::{
    fmt::Display,
    net::{IpAddr, Ipv4Addr},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// How many lines one address gets at once, and how soon it gets another.
const OF_AN_ADDRESS: (Duration, u32) = (Duration::from_secs(1), 100);

/// The same for all addresses together. A line has some 300 bytes, so a flood that never ends writes 250 MB a day.
const IN_ALL: (Duration, u32) = (Duration::from_millis(100), 2_000);

/// What is written down of a refusal.
pub(super) struct Refusal<'a> {
    /// Where the request came from.
    pub(super) address: IpAddr,
    /// The account of the key, where it is known.
    pub(super) account: Option<&'a str>,
    /// What the caller is told.
    pub(super) reason: &'static str,
    /// What the reason does not tell.
    pub(super) cause: Option<&'a dyn Display>,
}

/// Writes refusals down.
pub(super) struct RefusalLog {
    of_an_address: AddressLimit,
    in_all: AddressLimit,
    left_out: AtomicU64,
}

impl Default for RefusalLog {
    fn default() -> Self {
        Self {
            of_an_address: AddressLimit::new(OF_AN_ADDRESS.0, OF_AN_ADDRESS.1),
            in_all: AddressLimit::new(IN_ALL.0, IN_ALL.1),
            left_out: AtomicU64::new(0),
        }
    }
}

impl RefusalLog {
    /// Writes a refusal down and answers its request id. None if there were too many before it, or no randomness: then
    /// the next line says how many were left out.
    pub(super) fn write(&self, refusal: &Refusal<'_>, now: Timestamp, random: &dyn Random) -> Option<String> {
        let Some(RequestId(id)) = self.name(refusal.address, now, random) else {
            self.left_out.fetch_add(1, Ordering::Relaxed);
            return None;
        };
        let left_out = self.left_out.swap(0, Ordering::Relaxed);
        tracing::info!(
            id,
            account = refusal.account,
            address = %refusal.address,
            reason = refusal.reason,
            cause = refusal.cause.map(tracing::field::display),
            left_out = (left_out > 0).then_some(left_out),
            "refused"
        );
        Some(id)
    }

    fn name(&self, address: IpAddr, now: Timestamp, random: &dyn Random) -> Option<RequestId> {
        self.of_an_address.try_once(address, now).ok()?;
        // One place in the table stands for all addresses.
        self.in_all.try_once(IpAddr::V4(Ipv4Addr::UNSPECIFIED), now).ok()?;
        RequestId::new(now, random).ok()
    }
}
