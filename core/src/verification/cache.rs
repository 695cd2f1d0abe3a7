//! The cache: all keys of the installation in memory, found by their digests without a lock. It must not know the
//! database.

use super::{
    account::{Account, AccountSnapshot, Bundle, KnownKey, QuotaUsage},
    limiter::RateLimiter,
    tally::Tally,
    unwritten::Unwritten,
};
use crate::{crypto::key_digest::KeyDigest, domain::account::AccountId, store::known_keys::AccountRecord};
use arc_swap::ArcSwap;
use crossbeam_queue::SegQueue;
use papaya::HashMap;
use std::{
    hash::{BuildHasherDefault, Hasher},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
};

/// Every key that is valid or was valid before.
#[derive(Debug, Default)]
pub(crate) struct VerificationCache {
    keys: HashMap<KeyDigest, Arc<KnownKey>, BuildHasherDefault<FirstBytes>>,
    accounts: HashMap<AccountId, Arc<Account>>,
    pub(crate) unwritten: Unwritten,
    /// The accounts that must be read again, because reading them after a change failed.
    stale: SegQueue<AccountId>,
    is_loaded: AtomicBool,
    /// Serialises the changes. A lookup does not take this lock.
    changes: Mutex<()>,
}

impl VerificationCache {
    /// The key that has this digest.
    pub(crate) fn find(&self, digest: &KeyDigest) -> Option<Arc<KnownKey>> {
        self.keys.pin().get(digest).cloned()
    }

    /// Whether every account was read.
    pub(crate) fn is_loaded(&self) -> bool {
        self.is_loaded.load(Ordering::Acquire)
    }

    pub(crate) fn set_unloaded(&self) {
        self.is_loaded.store(false, Ordering::Release);
    }

    pub(crate) fn set_loaded(&self) {
        self.is_loaded.store(true, Ordering::Release);
    }

    /// Applies a reading of an account, unless the cache holds a newer one.
    pub(crate) fn apply(&self, record: AccountRecord) {
        let _one_at_a_time = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        let (keys, accounts) = (self.keys.pin(), self.accounts.pin());
        let account = match accounts.get(&record.id).cloned() {
            Some(account) => {
                let before = account.snapshot.load();
                if before.version > record.version {
                    return;
                }
                account.snapshot.store(Arc::new(snapshot(&record, before.bundle.as_deref())));
                account
            }
            None => {
                let account = Arc::new(Account {
                    id: record.id.clone(),
                    snapshot: ArcSwap::from_pointee(snapshot(&record, None)),
                    rate_limiter: RateLimiter::default(),
                    tally: Tally::default(),
                    keys: Mutex::default(),
                });
                accounts.insert(record.id, Arc::clone(&account));
                account
            }
        };
        let mut of_account = account.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let mut read = Vec::with_capacity(record.keys.len());
        for key in record.keys {
            let known = keys.get(&key.digest).cloned().unwrap_or_else(|| {
                let known = KnownKey::new(Arc::clone(&account), key.kind, key.generation, key.is_retired);
                let known = Arc::new(known);
                of_account.push(Arc::downgrade(&known));
                keys.insert(key.digest, Arc::clone(&known));
                known
            });
            if key.is_retired {
                known.retire();
            }
            read.push(known);
        }
        // If a row was changed or removed in the database, its key must not stay valid in memory after a reset.
        for known in of_account.iter().filter_map(Weak::upgrade) {
            known.set_missing(!read.iter().any(|read| Arc::ptr_eq(read, &known)));
        }
    }

    /// Marks an account as stale. Its keys are refused until the account is read again.
    pub(crate) fn invalidate(&self, id: &AccountId) {
        let _one_at_a_time = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = self.accounts.pin().get(id) {
            let before = account.snapshot.load();
            account.snapshot.store(Arc::new(AccountSnapshot { is_fresh: false, ..(**before).clone() }));
        }
        self.stale.push(id.clone());
    }

    /// Removes one account from the queue of stale accounts and returns it.
    pub(crate) fn next_stale(&self) -> Option<AccountId> {
        self.stale.pop()
    }

    /// How many accounts there are.
    pub(crate) fn accounts(&self) -> usize {
        self.accounts.len()
    }

    /// The cached account.
    pub(crate) fn account(&self, id: &AccountId) -> Option<Arc<Account>> {
        self.accounts.pin().get(id).cloned()
    }
}

fn snapshot(record: &AccountRecord, before: Option<&Bundle>) -> AccountSnapshot {
    let bundle = record.bundle.as_ref().map(|bundle| {
        let same = before.filter(|before| before.id == bundle.id);
        let quota_usage = same
            .map_or_else(|| Arc::new(QuotaUsage::of(bundle.used)), |before| Arc::clone(&before.quota_usage));
        Arc::new(Bundle { id: bundle.id.clone(), terms: bundle.terms.clone(), quota_usage })
    });
    AccountSnapshot {
        version: record.version,
        enabled: record.enabled,
        limits: record.limits,
        bundle,
        is_fresh: true,
    }
}

/// Uses the first bytes of a digest as its hash. This is safe because digests are uniformly distributed and an
/// attacker cannot choose them.
#[derive(Debug, Default)]
pub(crate) struct FirstBytes(u64);

impl Hasher for FirstBytes {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk::<8>() {
            self.0 = u64::from_ne_bytes(*first);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            credential::{CredentialKind, Generation},
            limits::Limits,
        },
        store::known_keys::KeyRecord,
    };

    fn digest(byte: u8) -> KeyDigest {
        KeyDigest::from_bytes([byte; 32])
    }

    fn record(version: i64, keys: &[(u8, bool)]) -> AccountRecord {
        let key = |(byte, is_retired): &(u8, bool)| KeyRecord {
            kind: CredentialKind::ApiKey,
            generation: Generation::FIRST,
            digest: digest(*byte),
            is_retired: *is_retired,
        };
        AccountRecord {
            id: AccountId::parse("acme").unwrap(),
            version,
            enabled: true,
            limits: Limits::default(),
            bundle: None,
            keys: keys.iter().map(key).collect(),
        }
    }

    #[test]
    fn a_replaced_key_is_known_as_such() {
        let cache = VerificationCache::default();
        cache.apply(record(1, &[(1, false)]));
        cache.apply(record(2, &[(1, true), (2, false)]));
        assert!(cache.find(&digest(1)).unwrap().is_retired());
        assert!(!cache.find(&digest(2)).unwrap().is_retired());
        assert!(cache.find(&digest(3)).is_none());
        assert_eq!(cache.accounts(), 1);
    }

    #[test]
    fn a_key_that_is_no_longer_read_is_refused_until_it_is_read_again() {
        let cache = VerificationCache::default();
        cache.apply(record(1, &[(1, false)]));
        let key = cache.find(&digest(1)).unwrap();
        cache.apply(record(2, &[(2, false)]));
        assert!(key.is_retired());
        cache.apply(record(2, &[(1, false), (2, false)]));
        assert!(!key.is_retired());
        cache.apply(record(3, &[(1, true), (2, false)]));
        cache.apply(record(3, &[(1, false), (2, false)]));
        assert!(key.is_retired(), "what was replaced never comes back");
    }

    #[test]
    fn what_was_read_before_does_not_replace_what_was_read_after() {
        let cache = VerificationCache::default();
        cache.apply(record(2, &[(1, true), (2, false)]));
        cache.apply(AccountRecord { enabled: false, ..record(1, &[(1, false)]) });
        let key = cache.find(&digest(1)).unwrap();
        assert!(key.is_retired() && key.account.snapshot.load().enabled);
    }

    #[test]
    fn an_account_in_doubt_is_known_again_once_it_was_read() {
        let cache = VerificationCache::default();
        cache.apply(record(1, &[(1, false)]));
        let account = cache.find(&digest(1)).unwrap().account.clone();
        cache.invalidate(&account.id);
        assert!(!account.snapshot.load().is_fresh);
        assert_eq!(cache.next_stale().as_ref(), Some(&account.id));
        assert_eq!(cache.next_stale(), None);
        cache.apply(record(1, &[(1, false)]));
        assert!(account.snapshot.load().is_fresh);
    }
}
