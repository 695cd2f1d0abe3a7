//! What verifies the keys of requests: the keys in memory, and what reads and writes them. It must not know who asks.

use super::cache::VerificationCache;
use crate::{
    clock::{Clock, Timestamp},
    domain::account::AccountId,
    installation::keys::InstallationKeys,
    limits::address_limit::AddressLimit,
    store::{Database, bundle::BundleRecord},
};
use std::{sync::Arc, time::Duration};

/// Bad keys of an address: twenty a second, and 600 at once. A gateway that does not say where requests come from is one
/// address for all its clients; good keys are let pass in any case.
const BAD_KEY_INTERVAL: Duration = Duration::from_millis(50);
const BAD_KEY_BURST: u32 = 600;

/// Verifies the keys of requests. Clones share what is in memory.
#[derive(Clone)]
pub(crate) struct Verifier {
    pub(super) cache: Arc<VerificationCache>,
    pub(super) bad_key_limit: Arc<AddressLimit>,
    pub(super) database: Database,
    pub(super) keys: Arc<InstallationKeys>,
    clock: Arc<dyn Clock>,
}

impl Verifier {
    /// With no key in memory yet.
    pub(crate) fn new(database: Database, keys: Arc<InstallationKeys>, clock: Arc<dyn Clock>) -> Self {
        Self {
            cache: Arc::default(),
            bad_key_limit: Arc::new(AddressLimit::new(BAD_KEY_INTERVAL, BAD_KEY_BURST)),
            database,
            keys,
            clock,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// How many requests a bundle was used for: what is counted in memory is ahead of what is written.
    pub(crate) fn used(&self, account: &AccountId, record: &BundleRecord) -> u64 {
        let held = self.cache.account(account).and_then(|account| account.snapshot.load().bundle.clone());
        held.filter(|bundle| bundle.id == record.id).map_or(record.used, |bundle| bundle.quota_usage.used())
    }
}
