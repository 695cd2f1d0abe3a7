//! Whether a change could be written down now. It must not know what would be changed.

use super::{
    Database, StoreError, Transaction,
    connection::{Limit, in_time, too_late},
    engine::Engine,
};
use sqlx::{AnyConnection, Executor};
use tokio::time::{Instant, timeout_at};

/// A change waits for whoever has taken these tables. It changes nothing itself: no account has such an id.
const LOCK_LIKE_A_CHANGE: &str = "UPDATE account SET version = version WHERE id = ''";

/// One row that is always there, written as it is.
const WRITE_SOMETHING: &str = "UPDATE role SET name = name WHERE id = 'admin'";

/// SQLite writes into the room that its files already have, so that small changes still succeed where a disk is full, and
/// larger ones fail. With less than this, the disk counts as full.
const LEAST_ROOM: u64 = 1024 * 1024;

impl Database {
    /// Begins a change as any other, and says what stands in its way. It waits no longer than a request does.
    ///
    /// # Errors
    /// What a change would fail with.
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
                // Only one that answered is kept.
                kept.connection = Some(in_time(limit.end(), self.probe_postgres(connection)).await?);
            }
        }
        kept.went_well_until = Some(Instant::now() + self.patience().look_again);
        Ok(())
    }

    /// By the one connection that writes, since nothing is worth more than that this one works; and to the disk.
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

/// How many bytes can still be written where a file is, if that can be told.
fn room_beside(file: &str) -> Option<u64> {
    let found = rustix::fs::statvfs(file).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}
