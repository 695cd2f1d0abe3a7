//! Checks whether the database could save a change now. It must not know what would be changed.

use super::{
    Database, StoreError, Transaction,
    connection::{Limit, in_time, too_late},
    engine::Engine,
};
use sqlx::{AnyConnection, Executor};
use tokio::time::{Instant, timeout_at};

/// Waits for the locks that a change would need. It changes nothing: no account has this id.
const LOCK_LIKE_A_CHANGE: &str = "UPDATE account SET version = version WHERE id = ''";

/// Writes a row that always exists, without changing its value.
const WRITE_SOMETHING: &str = "UPDATE role SET name = name WHERE id = 'admin'";

/// SQLite also writes into the free space inside its files. So on a full disk, small changes still succeed and larger
/// ones fail. With fewer free bytes than this, the disk counts as full.
const LEAST_ROOM: u64 = 1024 * 1024;

impl Database {
    /// Begins a transaction like any change, and returns the error that a change would get. It waits no longer than a
    /// request does.
    ///
    /// # Errors
    /// Returns the error that a change would fail with.
    pub(crate) async fn probe(&self) -> Result<(), StoreError> {
        let limit = Limit::together(self.patience().request);
        let mut kept = timeout_at(limit.end(), self.probe_state().0.lock()).await.map_err(|_| too_late())?;
        if kept.went_well_until.is_some_and(|until| Instant::now() < until) {
            return Ok(());
        }
        match self.engine() {
            Engine::Sqlite => self.probe_sqlite().await?,
            Engine::Postgres => {
                let connection = kept.connection.take();
                // Only a connection that answered is kept.
                kept.connection = Some(in_time(limit.end(), self.probe_postgres(connection)).await?);
            }
        }
        kept.went_well_until = Some(Instant::now() + self.patience().look_again);
        Ok(())
    }

    /// Uses the only connection that writes, because the probe must show whether exactly this connection works; and
    /// writes to the disk.
    async fn probe_sqlite(&self) -> Result<(), StoreError> {
        let mut transaction = self.write_unlocked().await?;
        (&mut *transaction).execute(LOCK_LIKE_A_CHANGE).await?;
        (&mut *transaction).execute(WRITE_SOMETHING).await?;
        let file = file_of(&mut transaction).await?;
        transaction.commit().await?;
        let room = tokio::task::spawn_blocking(move || room_beside(&file)).await;
        match room {
            Ok(Some(room)) if room < LEAST_ROOM => Err(StoreError::DiskFull),
            _ => Ok(()),
        }
    }

    async fn probe_postgres(&self, connection: Option<AnyConnection>) -> Result<AnyConnection, StoreError> {
        let mut connection = match connection {
            Some(connection) => connection,
            None => self.connect_apart().await?,
        };
        for statement in [self.engine().begin(), LOCK_LIKE_A_CHANGE, "ROLLBACK"] {
            connection.execute(statement).await?;
        }
        Ok(connection)
    }
}

async fn file_of(transaction: &mut Transaction) -> Result<String, StoreError> {
    Ok(sqlx::query_scalar("SELECT file FROM pragma_database_list WHERE name = 'main'")
        .fetch_one(&mut **transaction)
        .await?)
}

/// The number of bytes that can still be written on the disk of a file, if the operating system reports it.
fn room_beside(file: &str) -> Option<u64> {
    let found = rustix::fs::statvfs(file).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}
