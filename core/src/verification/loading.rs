//! Loads the keys into memory, and brings each change there before the change is answered. It must not know how the
//! keys are used.

use super::verifier::Verifier;
use crate::{
    domain::account::AccountId,
    internal_error::InternalError,
    store::{self, StoreError},
};

/// How many accounts one query reads.
const PAGE: u32 = 2_000;

impl Verifier {
    /// Reads all keys into memory. Until then, every request is refused as *not ready*.
    ///
    /// # Errors
    /// The database cannot be read. The keys that were already read stay in memory.
    pub(crate) async fn load_keys(&self) -> Result<(), InternalError> {
        let database = self.database.unhurried();
        let mut last: Option<AccountId> = None;
        loop {
            let mut reader = database.reader().await?;
            let page = store::known_keys::page(&mut reader, &self.keys.row, last.as_ref(), PAGE).await?;
            drop(reader);
            let Some((records, newest)) = page else { break };
            last = Some(newest);
            for record in records {
                self.cache.apply(record);
            }
        }
        self.cache.set_loaded();
        tracing::info!(accounts = self.cache.accounts(), "the keys are loaded");
        Ok(())
    }

    /// Refuses every request from now on, because another process may have changed keys without notifying this one.
    pub(crate) fn stop_verifying(&self) {
        self.cache.set_unloaded();
    }

    /// Whether the keys are loaded. Requests can then be verified even if the database fails.
    #[must_use]
    pub(crate) fn is_verifying(&self) -> bool {
        self.cache.is_loaded()
    }

    /// How many accounts have their keys in memory.
    #[must_use]
    pub(crate) fn loaded_accounts(&self) -> usize {
        self.cache.accounts()
    }

    /// Reads an account again, because another process changed it. When this returns, the change is in effect.
    ///
    /// # Errors
    /// The account cannot be read. Its keys are refused until it can be read.
    pub(crate) async fn refresh(&self, account: &AccountId) -> Result<(), InternalError> {
        let read = self.read_account(account).await;
        if read.is_err() {
            self.cache.invalidate(account);
        }
        Ok(read?)
    }

    async fn read_account(&self, account: &AccountId) -> Result<(), StoreError> {
        let mut reader = self.database.reader().await?;
        if let Some(record) = store::known_keys::account(&mut reader, &self.keys.row, account).await? {
            self.cache.apply(record);
        }
        Ok(())
    }

    /// Reads again the accounts that could not be read after a change.
    ///
    /// # Errors
    /// An account still cannot be read.
    pub(crate) async fn refresh_stale(&self) -> Result<(), InternalError> {
        // Each account that is queued now, once: an account that cannot be read must not block the others.
        let queued: Vec<AccountId> = std::iter::from_fn(|| self.cache.next_stale()).collect();
        let mut refreshed = Ok(());
        for account in &queued {
            refreshed = refreshed.and(self.refresh_locked(account).await);
        }
        refreshed
    }

    /// Reads an account under its lock. A commit with an unknown outcome has ended by then, because it holds the same
    /// lock until it ends.
    async fn refresh_locked(&self, account: &AccountId) -> Result<(), InternalError> {
        let read = self.read_locked(account).await;
        if read.is_err() {
            self.cache.invalidate(account);
        }
        Ok(read?)
    }

    async fn read_locked(&self, account: &AccountId) -> Result<(), StoreError> {
        let mut transaction = match self.database.write_for(account).await {
            Ok(transaction) => transaction,
            // The account does not exist: its sign-up was rolled back.
            Err(StoreError::Damaged("account")) => return Ok(()),
            Err(error) => return Err(error),
        };
        let record = store::known_keys::account(&mut transaction, &self.keys.row, account).await?;
        transaction.commit().await?;
        if let Some(record) = record {
            self.cache.apply(record);
        }
        Ok(())
    }

    /// Applies the changes of a commit to the cache. If the outcome of the commit is unknown, the old key and the new
    /// key are both refused for now, because the commit may still take effect.
    pub(crate) async fn apply_commit(&self, account: &AccountId, committed: &Result<(), StoreError>) {
        if matches!(committed, Err(StoreError::Unconfirmed(_))) {
            self.cache.invalidate(account);
        } else if let Err(problem) = self.refresh(account).await {
            tracing::error!(%problem, account = account.as_str(), "the account cannot be read; its keys are refused until it can");
        }
    }
}
