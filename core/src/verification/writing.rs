//! Writes the counts from memory to the database, in batches. It must not know what is counted.

use super::{account::KnownKey, tally::day_of, verifier::Verifier};
use crate::{
    clock::Timestamp,
    domain::bundle::BundleId,
    internal_error::InternalError,
    store::{self, StoreError, credential::Use, usage::Counted},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
};

/// How many keys one transaction writes: few enough that a reset does not wait long for its turn.
const BATCH: usize = 500;

/// How many rows one statement writes. 20 rows need fewer round trips than single rows, but SQLite looks up `$n`
/// parameters linearly, so hundreds of rows per statement are slower.
const ROWS: usize = 20;

/// The counts of one key and its account that are to be written. They were taken out of the tally, and are put back
/// if the write fails.
struct PendingWrite {
    key: Arc<KnownKey>,
    counts: Vec<(i64, &'static str, u32)>,
    spent: Option<(BundleId, i64)>,
}

impl PendingWrite {
    fn take(key: Arc<KnownKey>, now: Timestamp) -> Self {
        let today = day_of(now);
        let of_day = |day| {
            let taken = key.account.tally.take(day).into_iter();
            taken.map(move |(outcome, count)| (day, outcome, count))
        };
        let counts = of_day(today - 1).chain(of_day(today)).collect();
        let bundle = key.account.snapshot.load().bundle.clone();
        let spent =
            bundle.map(|bundle| (bundle.id.clone(), bundle.quota_usage.unwritten.swap(0, Ordering::AcqRel)));
        Self { counts, spent: spent.filter(|(_, spent)| *spent != 0), key }
    }

    fn put_back(&self, verifier: &Verifier) {
        for (day, outcome, count) in &self.counts {
            self.key.account.tally.put_back(*day, outcome, *count);
        }
        let bundle = self.key.account.snapshot.load().bundle.clone();
        if let (Some((id, spent)), Some(bundle)) = (&self.spent, bundle)
            && bundle.id == *id
        {
            bundle.quota_usage.unwritten.fetch_add(*spent, Ordering::AcqRel);
        }
        verifier.cache.unwritten.add(&self.key);
    }
}

impl Verifier {
    /// Writes the counts since the last write, and when keys were last used.
    ///
    /// # Errors
    /// The database cannot be written. The counts then stay in memory.
    pub(crate) async fn write_usage(&self) -> Result<(), InternalError> {
        loop {
            let now = self.now();
            let keys = self.cache.unwritten.take(BATCH);
            if keys.is_empty() {
                return Ok(());
            }
            let pending: Vec<PendingWrite> =
                keys.into_iter().map(|key| PendingWrite::take(key, now)).collect();
            if let Err(problem) = self.write(&pending).await {
                for write in &pending {
                    write.put_back(self);
                }
                return Err(problem.into());
            }
        }
    }

    async fn write(&self, pending: &[PendingWrite]) -> Result<(), StoreError> {
        let (mut counted, mut spent_of, mut uses) =
            (BTreeMap::<Counted, i64>::new(), BTreeMap::new(), Vec::new());
        for PendingWrite { key, counts, spent } in pending {
            let account = &key.account.id;
            // Both keys of an account may be in the batch.
            for (day, outcome, count) in counts {
                *counted.entry((account.clone(), *day, *outcome)).or_default() += i64::from(*count);
            }
            if let Some((bundle, spent)) = spent {
                *spent_of.entry(bundle.clone()).or_default() += *spent;
            }
            if let Some((at, from)) = key.last_use.get() {
                uses.push(Use { account, kind: key.kind, generation: key.generation, at, from });
            }
        }
        let mut transaction = self.database.unhurried().write_unlocked().await?;
        let (counted, spent_of) = (Vec::from_iter(counted), Vec::from_iter(spent_of));
        for counted in counted.chunks(ROWS) {
            store::usage::add(&mut transaction, counted).await?;
        }
        for spent in spent_of.chunks(ROWS) {
            store::bundle::add_used(&mut transaction, spent).await?;
        }
        for uses in uses.chunks(ROWS) {
            store::credential::note_uses(&mut transaction, uses).await?;
        }
        transaction.commit().await
    }
}
