//! Verification as the server and the use cases ask for it, and how a change of keys gets into memory before it is answered.

use crate::{
    claviger::Claviger,
    domain::account::AccountId,
    internal_error::InternalError,
    store::Transaction,
    verification::{Denied, Passed, Presented},
};

impl Claviger {
    /// Says whether a request may pass, and counts it.
    ///
    /// # Errors
    /// Why it may not pass.
    pub fn verify(&self, presented: &Presented<'_>) -> Result<Passed, Denied> {
        self.verifier.verify(presented)
    }

    /// Reads all keys into memory. Until that is done, every request is refused as *not ready*.
    ///
    /// # Errors
    /// They cannot be read. Those that were read stay.
    pub async fn load_keys(&self) -> Result<(), InternalError> {
        self.verifier.load_keys().await
    }

    /// Refuses every request from now on, because another server may have changed keys without this process hearing of it.
    pub fn stop_verifying(&self) {
        self.verifier.stop_verifying();
    }

    /// Whether the keys are loaded: requests can then be verified, whatever becomes of the database.
    #[must_use]
    pub fn is_verifying(&self) -> bool {
        self.verifier.is_verifying()
    }

    /// How many accounts have their keys in memory.
    #[must_use]
    pub fn loaded_accounts(&self) -> usize {
        self.verifier.loaded_accounts()
    }

    /// Reads an account once more, because another process changed it. From the answer on, the change holds.
    ///
    /// # Errors
    /// It cannot be read. Its keys are then refused until it can.
    pub async fn refresh(&self, account: &AccountId) -> Result<(), InternalError> {
        self.verifier.refresh(account).await
    }

    /// Reads again what could not be read after a change.
    ///
    /// # Errors
    /// It cannot be read now either.
    pub async fn refresh_stale(&self) -> Result<(), InternalError> {
        self.verifier.refresh_stale().await
    }

    /// Writes down what was counted since the last time, and when keys were last used.
    ///
    /// # Errors
    /// It cannot be written. It then stays counted.
    pub async fn write_usage(&self) -> Result<(), InternalError> {
        self.verifier.write_usage().await
    }

    /// Whether a change could be written down now. The answer comes within the patience of a request.
    ///
    /// # Errors
    /// What stands in the way of it.
    pub async fn check_writing(&self) -> Result<(), InternalError> {
        Ok(self.database.probe().await?)
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
