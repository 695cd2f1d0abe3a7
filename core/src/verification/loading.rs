//! How the keys get into memory, and how a change gets there before it is answered. It must not know what is asked of
//! them.

use crate::{
    claviger::Claviger,
    domain::account::AccountId,
    failure::Failure,
    store::{self, StoreError, Transaction},
};

/// How many accounts are read at once.
const PAGE: u32 = 2_000;

impl Claviger {
    /// Reads all keys into memory. Until that is done, every request is refused as *not ready*.
    ///
    /// # Errors
    /// Where they cannot be read. Those that were read stay.
    pub async fn load_keys(&self) -> Result<(), Failure> {
        let database = self.database.unhurried();
        let mut last: Option<AccountId> = None;
        loop {
            let mut reader = database.reader().await?;
            let page = store::verification::page(&mut reader, &self.keys.row, last.as_ref(), PAGE).await?;
            drop(reader);
            let Some((records, newest)) = page else { break };
            last = Some(newest);
            for record in records {
                self.keyring.apply(record);
            }
        }
        self.keyring.set_loaded();
        tracing::info!(accounts = self.keyring.accounts(), "the keys are loaded");
        Ok(())
    }

    /// Refuses every request from now on, because somebody else may have changed keys without this process hearing of it.
    pub fn stop_verifying(&self) {
        self.keyring.set_unloaded();
    }

    /// Whether the keys are loaded: requests can then be verified, whatever becomes of the database.
    #[must_use]
    pub fn is_verifying(&self) -> bool {
        self.keyring.is_loaded()
    }

    /// Whether a change could be written down now. The answer comes within the patience of a request.
    ///
    /// # Errors
    /// What stands in the way of it.
    pub async fn check_writing(&self) -> Result<(), Failure> {
        Ok(self.database.probe().await?)
    }

    /// How many accounts have their keys in memory.
    #[must_use]
    pub fn loaded_accounts(&self) -> usize {
        self.keyring.accounts()
    }

    /// Reads an account once more, because somebody else changed it. From the answer on, the change holds.
    ///
    /// # Errors
    /// Where it cannot be read. Its keys are then refused until it can.
    pub async fn refresh(&self, account: &AccountId) -> Result<(), Failure> {
        let read = self.read_account(account).await;
        if read.is_err() {
            self.keyring.doubt(account);
        }
        Ok(read?)
    }

    async fn read_account(&self, account: &AccountId) -> Result<(), StoreError> {
        let mut reader = self.database.reader().await?;
        if let Some(record) = store::verification::account(&mut reader, &self.keys.row, account).await? {
            self.keyring.apply(record);
        }
        Ok(())
    }

    /// Reads again what could not be read after a change.
    ///
    /// # Errors
    /// Where it cannot be read now either.
    pub async fn refresh_doubtful(&self) -> Result<(), Failure> {
        // Those that are queued now, each once: one that cannot be read must not keep the others waiting.
        let queued: Vec<AccountId> = std::iter::from_fn(|| self.keyring.next_doubtful()).collect();
        let mut refreshed = Ok(());
        for account in &queued {
            refreshed = refreshed.and(self.refresh_locked(account).await);
        }
        refreshed
    }

    /// Reads an account under its lock. A commit of which nobody knows what became of it has then ended, one way or the
    /// other: it holds the same lock until then.
    async fn refresh_locked(&self, account: &AccountId) -> Result<(), Failure> {
        let read = self.read_locked(account).await;
        if read.is_err() {
            self.keyring.doubt(account);
        }
        Ok(read?)
    }

    async fn read_locked(&self, account: &AccountId) -> Result<(), StoreError> {
        let mut transaction = self.database.write().await?;
        let record = match store::account::lock(&mut transaction, account).await {
            Ok(()) => store::verification::account(&mut transaction, &self.keys.row, account).await?,
            // A sign-up that was rolled back: there is no such account.
            Err(StoreError::Damaged("account")) => None,
            Err(error) => return Err(error),
        };
        transaction.commit().await?;
        if let Some(record) = record {
            self.keyring.apply(record);
        }
        Ok(())
    }

    /// Commits what changed the keys of an account, its bundle or its limits. When it is answered, it holds: what was
    /// replaced is refused.
    ///
    /// It goes on by itself when the caller goes away. Else a key that the database has replaced would stay good in
    /// memory.
    pub(crate) async fn commit_keys(
        &self,
        transaction: Transaction,
        account: &AccountId,
    ) -> Result<(), Failure> {
        let (claviger, account) = (self.clone(), account.clone());
        let done = tokio::spawn(async move {
            let committed = transaction.commit().await;
            claviger.marking.hurry();
            let read = if matches!(committed, Err(StoreError::Unconfirmed(_))) {
                // It may have happened, and it may happen yet. Neither the old nor the new key is good meanwhile.
                claviger.keyring.doubt(&account);
                Ok(())
            } else {
                claviger.refresh(&account).await
            };
            if let Err(problem) = read {
                tracing::error!(%problem, account = account.as_str(), "its keys are refused until it can be read again");
            }
            committed
        });
        done.await.map_err(|_| Failure::Stopped)??;
        Ok(())
    }
}
