//! A transaction that never gives a connection back to its pool unless it ended well. It must not know any table.

use super::{Connection, StoreError};
use sqlx::Executor;
use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};

/// A transaction that may write. Dropped without `commit`, it leaves nothing behind.
///
/// It sends BEGIN and COMMIT itself, because sqlx counts open transactions on its side: when SQLite rolls back by itself,
/// as it does where the disk is full, that count never reaches zero again, and every later BEGIN on the connection is
/// refused. Here a transaction that did not end with a COMMIT that succeeded takes its connection with it. The engine
/// rolls back what was open when it is closed, and the pool opens another.
#[derive(Debug)]
pub(crate) struct Transaction {
    connection: Connection,
    is_open: bool,
    commit_limit: Duration,
}

impl Transaction {
    /// Sends BEGIN, in the words of the engine.
    pub(super) async fn begin(
        connection: Connection,
        begin: &'static str,
        commit_limit: Duration,
    ) -> Result<Self, StoreError> {
        let mut transaction = Self { connection, is_open: true, commit_limit };
        transaction.connection.execute(begin).await?;
        Ok(transaction)
    }

    /// Makes it last.
    ///
    /// It is waited for longer than for anything else: whoever gives up here does not know what happened.
    ///
    /// # Errors
    /// [`StoreError::Unconfirmed`] where nobody knows whether it lasts; otherwise it does not.
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        // To a COMMIT after a statement that failed, PostgreSQL answers that all is well, and rolls back.
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
            // What SQLite does by itself where the disk is full.
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
