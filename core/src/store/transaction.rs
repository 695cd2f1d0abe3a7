//! A transaction that returns its connection to the pool only after a successful commit. It must not know any table.

use super::{Connection, StoreError};
use sqlx::Executor;
use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};

/// A transaction that may write. If it is dropped without `commit`, nothing is changed.
///
/// It sends BEGIN and COMMIT itself, because sqlx counts open transactions in the client. When SQLite rolls back by
/// itself, for example because the disk is full, that count never returns to zero, and every later BEGIN on the
/// connection is refused. Here, a transaction that does not end with a successful COMMIT closes its connection. The
/// engine then rolls back, and the pool opens another connection.
#[derive(Debug)]
pub(crate) struct Transaction {
    connection: Connection,
    is_open: bool,
    commit_limit: Duration,
}

impl Transaction {
    /// Sends the engine's BEGIN statement.
    pub(super) async fn begin(
        connection: Connection,
        begin: &'static str,
        commit_limit: Duration,
    ) -> Result<Self, StoreError> {
        let mut transaction = Self { connection, is_open: true, commit_limit };
        transaction.connection.execute(begin).await?;
        Ok(transaction)
    }

    /// Commits.
    ///
    /// This has the longest time limit of all, because after a timeout the caller does not know whether the change was
    /// saved.
    ///
    /// # Errors
    /// [`StoreError::Unconfirmed`] if it is unknown whether the change was saved. With any other error, it was not
    /// saved.
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        // After a failed statement, PostgreSQL answers a COMMIT with success, but rolls back.
        if self.connection.has_failed() {
            return Err(StoreError::Aborted);
        }
        self.connection.allow(self.commit_limit);
        self.connection.execute("COMMIT").await.map_err(StoreError::of_commit)?;
        self.is_open = false;
        Ok(())
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if self.is_open {
            self.connection.condemn();
        }
    }
}

impl Deref for Transaction {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        Database,
        account::{self, NewAccount},
    };
    use super::*;
    use crate::{clock::Timestamp, domain::account::AccountId, settings::Patience};
    use tempfile::TempDir;

    async fn database() -> (Database, TempDir) {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite://{}", folder.path().join("claviger.db").display());
        let database = Database::open(&url, Patience::default()).await.unwrap();
        database.migrate().await.unwrap();
        (database, folder)
    }

    async fn taken(database: &Database, slug: &str) -> bool {
        account::find_by_slug(&mut database.reader().await.unwrap(), slug).await.unwrap().is_some()
    }

    async fn insert(transaction: &mut Transaction, slug: &'static str) {
        let id = AccountId::parse(slug).unwrap();
        let (created_at, limit) = (Timestamp::from_micros(0), 1);
        let row = NewAccount {
            id: &id,
            name: slug,
            slug,
            created_at,
            limit_per_second: limit,
            limit_per_minute: limit,
        };
        account::insert(transaction, &row).await.unwrap();
    }

    #[tokio::test]
    async fn after_a_rollback_that_the_engine_made_by_itself_the_next_change_is_written() {
        let (database, _folder) = database().await;
        for slug in ["first", "second"] {
            let mut transaction = database.write_unlocked().await.unwrap();
            insert(&mut transaction, slug).await;
            // SQLite does this by itself if the disk is full.
            (&mut *transaction).execute("ROLLBACK").await.unwrap();
            assert!(transaction.commit().await.is_err());
            assert!(!taken(&database, slug).await);
        }
        let mut transaction = database.write_unlocked().await.unwrap();
        insert(&mut transaction, "third").await;
        transaction.commit().await.unwrap();
        assert!(taken(&database, "third").await);
    }

    #[tokio::test]
    async fn a_transaction_that_is_dropped_leaves_nothing_behind() {
        let (database, _folder) = database().await;
        let mut transaction = database.write_unlocked().await.unwrap();
        insert(&mut transaction, "dropped").await;
        drop(transaction);
        assert!(!taken(&database, "dropped").await);
    }
}
