//! The verifier: the cache, and what it needs to load keys and to write usage. It must not know who makes a request.

use super::cache::VerificationCache;
use crate::{
    clock::{Clock, Timestamp},
    domain::account::AccountId,
    installation::keys::InstallationKeys,
    limits::address_limit::AddressLimit,
    store::{Database, bundle::BundleRecord},
};
use std::{sync::Arc, time::Duration};

/// The rate limit for invalid keys from one address: twenty a second, and a burst of 600. A gateway that does not
/// forward client addresses counts as one address for all its clients; valid keys pass in any case.
const BAD_KEY_INTERVAL: Duration = Duration::from_millis(50);
const BAD_KEY_BURST: u32 = 600;

/// Verifies the keys of requests. Clones share the cache.
#[derive(Clone)]
pub(crate) struct Verifier {
    pub(super) cache: Arc<VerificationCache>,
    pub(super) bad_key_limit: Arc<AddressLimit>,
    pub(super) database: Database,
    pub(super) keys: Arc<InstallationKeys>,
    clock: Arc<dyn Clock>,
}

impl Verifier {
    /// A verifier whose cache is still empty.
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

    /// How many requests of a bundle were used. The count in memory is ahead of the one in the database.
    pub(crate) fn used(&self, account: &AccountId, record: &BundleRecord) -> u64 {
        let held = self.cache.account(account).and_then(|account| account.snapshot.load().bundle.clone());
        held.filter(|bundle| bundle.id == record.id).map_or(record.used, |bundle| bundle.quota_usage.used())
    }
}
