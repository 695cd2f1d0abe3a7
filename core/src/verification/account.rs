//! The state of an account and of its keys in memory. It must not know where this state comes from.

use super::{
    limiter::RateLimiter,
    tally::{LastUse, Tally},
};
use crate::domain::{
    account::AccountId,
    bundle::{BundleId, BundleTerms},
    credential::{CredentialKind, Generation},
    limits::Limits,
};
use arc_swap::ArcSwap;
use std::sync::{
    Arc, Mutex, Weak,
    atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
};

/// An account whose keys can be verified.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) id: AccountId,
    /// Replaced as a whole, so that no reader sees half of a change.
    pub(crate) snapshot: ArcSwap<AccountSnapshot>,
    pub(crate) rate_limiter: RateLimiter,
    pub(crate) tally: Tally,
    /// Every key of the account that was ever loaded. The references are weak, because each key holds a reference to
    /// its account.
    pub(crate) keys: Mutex<Vec<Weak<KnownKey>>>,
}

/// The state of an account when it was last read from the database.
#[derive(Clone, Debug)]
pub(crate) struct AccountSnapshot {
    /// Every change increments it. An older reading must not replace a newer one.
    pub(crate) version: i64,
    pub(crate) enabled: bool,
    pub(crate) limits: Limits,
    pub(crate) bundle: Option<Arc<Bundle>>,
    /// False after a commit whose outcome is unknown; keys are refused until the account has been read again.
    pub(crate) is_fresh: bool,
}

/// The bundle that the account's bundle key stands for.
#[derive(Debug)]
pub(crate) struct Bundle {
    pub(crate) id: BundleId,
    pub(crate) terms: BundleTerms,
    /// Shared with the previous snapshot of the same bundle, so that the count goes on.
    pub(crate) quota_usage: Arc<QuotaUsage>,
}

/// How many requests of a bundle were used.
#[derive(Debug, Default)]
pub(crate) struct QuotaUsage {
    used: AtomicU64,
    /// How many of them are not written to the database yet. Negative if more requests were refunded than spent since
    /// the last write.
    pub(crate) unwritten: AtomicI64,
}

impl QuotaUsage {
    /// The usage of a bundle with this many used requests.
    pub(crate) fn of(used: u64) -> Self {
        Self { used: AtomicU64::new(used), unwritten: AtomicI64::new(0) }
    }

    /// How many requests were counted.
    pub(crate) fn used(&self) -> u64 {
        self.used.load(Ordering::Acquire)
    }

    /// Counts one request, unless the quota is used up. Without a quota, the number of requests is unlimited.
    pub(crate) fn spend(&self, quota: Option<u64>) -> bool {
        let quota = quota.unwrap_or(u64::MAX);
        let next = |used| (used < quota).then_some(used + 1);
        let spent = self.used.fetch_update(Ordering::AcqRel, Ordering::Acquire, next).is_ok();
        if spent {
            self.unwritten.fetch_add(1, Ordering::AcqRel);
        }
        spent
    }

    /// Takes the count of one request back, because the request was refused for another reason.
    pub(crate) fn refund(&self) {
        self.used.fetch_sub(1, Ordering::AcqRel);
        self.unwritten.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A key that belongs to an account, or belonged to it before.
#[derive(Debug)]
pub(crate) struct KnownKey {
    pub(crate) account: Arc<Account>,
    pub(crate) kind: CredentialKind,
    pub(crate) generation: Generation,
    is_retired: AtomicBool,
    /// Whether the last reading of the account lacked the key: its row was removed from the database or changed
    /// there.
    is_missing: AtomicBool,
    pub(crate) last_use: LastUse,
}

impl KnownKey {
    pub(crate) fn new(
        account: Arc<Account>,
        kind: CredentialKind,
        generation: Generation,
        is_retired: bool,
    ) -> Self {
        Self {
            account,
            kind,
            generation,
            is_retired: AtomicBool::new(is_retired),
            is_missing: AtomicBool::new(false),
            last_use: LastUse::default(),
        }
    }

    /// Whether the key is refused: it was replaced, or it is no longer among the keys of its account.
    pub(crate) fn is_retired(&self) -> bool {
        self.is_retired.load(Ordering::Acquire) || self.is_missing.load(Ordering::Acquire)
    }

    /// Stores whether the last reading of the account lacked the key. Unlike [`Self::retire`], this can be undone: of
    /// two simultaneous readings, the older one may lack a key that a reset has just made.
    pub(crate) fn set_missing(&self, is_missing: bool) {
        self.is_missing.store(is_missing, Ordering::Release);
    }

    /// Refuses the key from now on. This cannot be undone.
    pub(crate) fn retire(&self) {
        self.is_retired.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_is_spent_to_its_end_and_no_further() {
        let quota_usage = QuotaUsage::of(8);
        assert!(quota_usage.spend(Some(10)) && quota_usage.spend(Some(10)) && !quota_usage.spend(Some(10)));
        assert_eq!((quota_usage.used(), quota_usage.unwritten.load(Ordering::Acquire)), (10, 2));
        quota_usage.refund();
        assert!(quota_usage.spend(Some(10)) && !quota_usage.spend(Some(10)));
    }

    #[test]
    fn many_threads_together_spend_no_more_than_the_quota() {
        let quota_usage = QuotaUsage::of(0);
        let spent = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..1_000 {
                        spent.fetch_add(u64::from(quota_usage.spend(Some(3_000))), Ordering::Relaxed);
                    }
                });
            }
        });
        assert_eq!((spent.into_inner(), quota_usage.used()), (3_000, 3_000));
    }
}
