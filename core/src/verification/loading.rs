//! How the keys get into memory, and how a change gets there before it is answered. It must not know what is asked of
//! them.

use super::verifier::Verifier;
use crate::{
    domain::account::AccountId,
    internal_error::InternalError,
    store::{self, StoreError},
};

/// How many accounts are read at once.
const PAGE: u32 = 2_000;

impl Verifier {
    /// Reads all keys into memory. Until that is done, every request is refused as *not ready*.
    ///
    /// # Errors
    /// Where they cannot be read. Those that were read stay.
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

    /// Refuses every request from now on, because somebody else may have changed keys without this process hearing of it.
    pub(crate) fn stop_verifying(&self) {
        self.cache.set_unloaded();
    }

    /// Whether the keys are loaded: requests can then be verified, whatever becomes of the database.
    #[must_use]
    pub(crate) fn is_verifying(&self) -> bool {
        self.cache.is_loaded()
    }

    /// How many accounts have their keys in memory.
    #[must_use]
    pub(crate) fn loaded_accounts(&self) -> usize {
        self.cache.accounts()
    }

    /// Reads an account once more, because somebody else changed it. From the answer on, the change holds.
    ///
    /// # Errors
    /// Where it cannot be read. Its keys are then refused until it can.
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

    /// Reads again what could not be read after a change.
    ///
    /// # Errors
    /// Where it cannot be read now either.
    pub(crate) async fn refresh_stale(&self) -> Result<(), InternalError> {
        // Those that are queued now, each once: one that cannot be read must not keep the others waiting.
        let queued: Vec<AccountId> = std::iter::from_fn(|| self.cache.next_stale()).collect();
        let mut refreshed = Ok(());
        for account in &queued {
            refreshed = refreshed.and(self.refresh_locked(account).await);
        }
        refreshed
    }

    /// Reads an account under its lock. A commit of which nobody knows what became of it has then ended, one way or the
    /// other: it holds the same lock until then.
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
            // A sign-up that was rolled back: there is no such account.
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

    /// Takes over what a commit of an account changed. Where nobody knows whether it was committed, neither the old nor the new
    /// key is good meanwhile: it may happen yet.
    pub(crate) async fn apply_commit(&self, account: &AccountId, committed: &Result<(), StoreError>) {
        if matches!(committed, Err(StoreError::Unconfirmed(_))) {
            self.cache.invalidate(account);
        } else if let Err(problem) = self.refresh(account).await {
            tracing::error!(%problem, account = account.as_str(), "its keys are refused until it can be read again");
        }
    }
}
