//! The use cases of verification, and the commit that brings a change of keys into the cache before the change is
//! answered.

use crate::{
    claviger::Claviger,
    domain::account::AccountId,
    internal_error::InternalError,
    store::Transaction,
    verification::{Denied, Passed, Presented},
};

impl Claviger {
    /// Decides whether a request may pass, and counts the request.
    ///
    /// # Errors
    /// The reason why the request may not pass.
    pub fn verify(&self, presented: &Presented<'_>) -> Result<Passed, Denied> {
        self.verifier.verify(presented)
    }

    /// Reads all keys into memory. Until then, every request is refused as *not ready*.
    ///
    /// # Errors
    /// The database cannot be read. The keys that were already read stay in memory.
    pub async fn load_keys(&self) -> Result<(), InternalError> {
        self.verifier.load_keys().await
    }

    /// Refuses every request from now on, because another server may have changed keys without notifying this
    /// process.
    pub fn stop_verifying(&self) {
        self.verifier.stop_verifying();
    }

    /// Whether the keys are loaded. Requests can then be verified even if the database fails.
    #[must_use]
    pub fn is_verifying(&self) -> bool {
        self.verifier.is_verifying()
    }

    /// How many accounts have their keys in memory.
    #[must_use]
    pub fn loaded_accounts(&self) -> usize {
        self.verifier.loaded_accounts()
    }

    /// Reads an account again, because another process changed it. When this returns, the change is in effect.
    ///
    /// # Errors
    /// The account cannot be read. Its keys are refused until it can be read.
    pub async fn refresh(&self, account: &AccountId) -> Result<(), InternalError> {
        self.verifier.refresh(account).await
    }

    /// Reads again the accounts that could not be read after a change.
    ///
    /// # Errors
    /// An account still cannot be read.
    pub async fn refresh_stale(&self) -> Result<(), InternalError> {
        self.verifier.refresh_stale().await
    }

    /// Writes the counts since the last write, and when keys were last used.
    ///
    /// # Errors
    /// The database cannot be written. The counts then stay in memory.
    pub async fn write_usage(&self) -> Result<(), InternalError> {
        self.verifier.write_usage().await
    }

    /// Checks whether the database can be written now. It returns within the time limit of a request.
    ///
    /// # Errors
    /// The reason why the database cannot be written.
    pub async fn check_writing(&self) -> Result<(), InternalError> {
        Ok(self.database.probe().await?)
    }

    /// Commits a change of the keys of an account, its bundle or its limits. When this returns, the change is in
    /// effect: replaced keys are refused.
    ///
    /// It runs in its own task and continues if the caller is cancelled. Otherwise a key that was replaced in the
    /// database would stay valid in memory.
    pub(crate) async fn commit_keys(
        &self,
        transaction: Transaction,
        account: &AccountId,
    ) -> Result<(), InternalError> {
        let (claviger, account) = (self.clone(), account.clone());
        let done = tokio::spawn(async move {
            let committed = transaction.commit().await;
            claviger.marking.hurry();
            claviger.verifier.apply_commit(&account, &committed).await;
            committed
        });
        done.await.map_err(|_| InternalError::Stopped)??;
        Ok(())
    }
}
