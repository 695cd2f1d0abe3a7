//! The log of refusals: one line and one request id for each refusal. Lines are rate-limited, so that a flood of
//! refusals cannot fill the disk; a refusal without a line has no request id.

use crate::http::request_id::RequestId;
use claviger_core::{clock::Timestamp, limits::address_limit::AddressLimit, random::Random};
use std::{
    fmt::Display,
    net::{IpAddr, Ipv4Addr},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// The interval between two lines of one address, and its burst.
const OF_AN_ADDRESS: (Duration, u32) = (Duration::from_secs(1), 100);

/// The same for all addresses together. A line has about 300 bytes, so an endless flood writes 250 MB a day.
const IN_ALL: (Duration, u32) = (Duration::from_millis(100), 2_000);

/// The logged facts of a refusal.
pub(super) struct Refusal<'a> {
    /// The client address.
    pub(super) address: IpAddr,
    /// The account of the key, if it is known.
    pub(super) account: Option<&'a str>,
    /// The reason that the caller is told.
    pub(super) reason: &'static str,
    /// The exact cause, if it says more than the reason.
    pub(super) cause: Option<&'a dyn Display>,
}

/// The rate-limited log of refusals.
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
    /// Logs a refusal and returns its request id. Returns `None` after too many refusals, or without randomness: the
    /// next line then says how many were left out.
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
        // One fixed address stands for all addresses together.
        self.in_all.try_once(IpAddr::V4(Ipv4Addr::UNSPECIFIED), now).ok()?;
        RequestId::new(now, random).ok()
    }
}
