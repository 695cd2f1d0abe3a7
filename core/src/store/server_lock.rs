//! The lock that a server holds on its database while it runs. A server keeps all keys in memory, so a second server
//! would not learn about the resets of the first. It must not know what the server serves.

use super::{Connection, Place, StoreError};
use sha2::{Digest, Sha256};
use sqlx::{AnyConnection, Connection as _, Executor};
use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, ErrorKind},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::time::{sleep, timeout};

/// A command that checks whether a server runs holds the lock of the file for a moment. A server that starts at that
/// moment tries again.
const ATTEMPTS: u32 = 10;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(20);
/// If the connection that holds the lock gives no answer for this long, it counts as lost.
const PATIENCE: Duration = Duration::from_secs(5);

/// A held lock.
pub struct ServerLock(Held);

enum Held {
    /// The operating system releases it when the process ends for any reason.
    File(#[allow(dead_code, reason = "it is held by being there")] File),
    Memory,
    Session(Session),
}

/// A PostgreSQL session. The server releases the lock when the session ends.
struct Session {
    url: String,
    key: i64,
    connection: Option<AnyConnection>,
    /// Identifies the session. PostgreSQL can keep a session for a while after its network connection is lost.
    identity: String,
}

/// Whether a server still holds its lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockState {
    /// It was never lost.
    Held,
    /// It was lost and has been taken again.
    TakenAgain,
    /// Another server took it in the meantime.
    LostToAnother,
}

crate::opaque_debug!(ServerLock);

impl ServerLock {
    /// Takes the lock. Returns `None` if another server holds it.
    pub(crate) async fn take(place: &Place, url: &str) -> Result<Option<Self>, StoreError> {
        Ok(match place {
            Place::File(database) => take_file(database).await?.map(Held::File),
            Place::Memory => Some(Held::Memory),
            Place::Server { .. } => Session::begin(url).await?.map(Held::Session),
        }
        .map(Self))
    }

    /// Checks that the lock is still held, and takes it again if its connection was lost.
    ///
    /// # Errors
    /// Fails if the database does not answer. Then it is unknown which server holds the lock.
    pub async fn keep(&mut self) -> Result<LockState, StoreError> {
        match &mut self.0 {
            Held::File(_) | Held::Memory => Ok(LockState::Held),
            Held::Session(session) => session.keep().await,
        }
    }
}

impl ServerLock {
    /// Releases the lock before the process ends, so that the next server does not have to wait until the database
    /// notices.
    pub async fn release(&mut self) {
        if let Held::Session(Session { connection, .. }) = &mut self.0
            && let Some(connection) = connection.take()
        {
            // If the session does not end cleanly, the database ends it.
            let _ = timeout(PATIENCE, connection.close()).await;
        }
    }
}

/// Whether a server runs on this database, wherever the server's data folder is.
pub(crate) async fn is_held(place: &Place, connection: &mut Connection) -> Result<bool, StoreError> {
    match place {
        Place::File(database) => Ok(is_file_held(&lock_file(database))?),
        Place::Memory => Ok(false),
        Place::Server { .. } => {
            let connection = connection.unlimited();
            let key = session_key(connection).await?;
            Ok(holder(connection, key).await?.is_some())
        }
    }
}

/// The lock file beside the database file. Links are resolved, so that every path to the database leads to the same
/// lock.
fn lock_file(database: &Path) -> PathBuf {
    let database = database.canonicalize().unwrap_or_else(|_| database.to_owned());
    let mut name = database.into_os_string();
    name.push(".lock");
    name.into()
}

async fn take_file(database: &Path) -> io::Result<Option<File>> {
    let path = lock_file(database);
    let file =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
    for _ in 0..ATTEMPTS {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) => sleep(BETWEEN_ATTEMPTS).await,
            Err(TryLockError::Error(problem)) => return Err(problem),
        }
    }
    Ok(None)
}

fn is_file_held(path: &Path) -> io::Result<bool> {
    let file = match File::open(path) {
        Err(problem) if problem.kind() == ErrorKind::NotFound => return Ok(false),
        opened => opened?,
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(problem)) => Err(problem),
    }
}

impl Session {
    async fn begin(url: &str) -> Result<Option<Self>, StoreError> {
        let mut connection = AnyConnection::connect(url).await?;
        let key = session_key(&mut connection).await?;
        // The session of a server that has just ended can remain for a moment.
        for _ in 0..ATTEMPTS {
            if try_lock(&mut connection, key).await? {
                let identity = own_identity(&mut connection).await?;
                return Ok(Some(Self { url: url.to_owned(), key, connection: Some(connection), identity }));
            }
            sleep(BETWEEN_ATTEMPTS).await;
        }
        Ok(None)
    }

    async fn keep(&mut self) -> Result<LockState, StoreError> {
        if let Some(connection) = &mut self.connection {
            if matches!(timeout(PATIENCE, connection.execute("SELECT 1")).await, Ok(Ok(_))) {
                return Ok(LockState::Held);
            }
            self.connection = None;
        }
        timeout(PATIENCE, self.take_again()).await.map_err(|_| StoreError::NoAnswer)?
    }

    async fn take_again(&mut self) -> Result<LockState, StoreError> {
        let mut connection = AnyConnection::connect(&self.url).await?;
        if try_lock(&mut connection, self.key).await? {
            self.identity = own_identity(&mut connection).await?;
            self.connection = Some(connection);
            return Ok(LockState::TakenAgain);
        }
        let holder = holder(&mut connection, self.key).await?;
        if holder.as_ref() == Some(&self.identity) {
            // The database server has not yet noticed that the lost session of this process is gone.
            let pid = self.identity.split(' ').next().unwrap_or_default().to_owned();
            sqlx::query("SELECT CASE WHEN pg_terminate_backend(CAST($1 AS INTEGER)) THEN 1 ELSE 0 END")
                .bind(pid)
                .execute(&mut connection)
                .await?;
            return Err(StoreError::NoAnswer);
        }
        Ok(LockState::LostToAnother)
    }
}

/// The lock number of this database and schema: in PostgreSQL, lock numbers are separate for each database, but not for
/// each schema.
async fn session_key(connection: &mut AnyConnection) -> Result<i64, StoreError> {
    let schema: String = sqlx::query_scalar("SELECT COALESCE(CAST(current_schema() AS TEXT), '')")
        .fetch_one(connection)
        .await?;
    let digest = Sha256::digest(format!("claviger server {schema}"));
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    Ok(i64::from_be_bytes(first))
}

async fn try_lock(connection: &mut AnyConnection, key: i64) -> Result<bool, StoreError> {
    let taken: i64 = sqlx::query_scalar(
        "SELECT CASE WHEN pg_try_advisory_lock($1) THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END",
    )
    .bind(key)
    .fetch_one(connection)
    .await?;
    Ok(taken == 1)
}

async fn own_identity(connection: &mut AnyConnection) -> Result<String, StoreError> {
    let identity: String = sqlx::query_scalar(
        "SELECT CAST(pid AS TEXT) || ' ' || COALESCE(CAST(backend_start AS TEXT), '') FROM pg_stat_activity \
         WHERE pid = pg_backend_pid()",
    )
    .fetch_one(connection)
    .await?;
    Ok(identity)
}

/// The session that holds the lock.
async fn holder(connection: &mut AnyConnection, key: i64) -> Result<Option<String>, StoreError> {
    let bits = key.cast_unsigned();
    let row: Option<String> = sqlx::query_scalar(
        "SELECT CAST(l.pid AS TEXT) || ' ' || COALESCE(CAST(a.backend_start AS TEXT), '') FROM pg_locks l \
         LEFT JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted \
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.objsubid = 1 \
         AND CAST(l.classid AS BIGINT) = $1 AND CAST(l.objid AS BIGINT) = $2",
    )
    .bind((bits >> 32).cast_signed())
    .bind((bits & 0xffff_ffff).cast_signed())
    .fetch_optional(connection)
    .await?;
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_server_at_a_time_holds_the_lock_of_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("claviger.db");
        let lock = lock_file(&database);
        assert!(!is_file_held(&lock).unwrap(), "there is no lock before the first server");
        let held = take_file(&database).await.unwrap().unwrap();
        assert!(is_file_held(&lock).unwrap());
        assert!(take_file(&database).await.unwrap().is_none());
        drop(held);
        assert!(!is_file_held(&lock).unwrap());
        assert!(take_file(&database).await.unwrap().is_some());
    }
}
