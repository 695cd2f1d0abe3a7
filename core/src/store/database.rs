//! How the database is opened, and where connections to it come from. It must not know any table.

use super::{StoreError, Transaction, schema};
use sqlx::{Any, AnyConnection, AnyPool, Connection, Executor, any::AnyPoolOptions, pool::PoolConnection};
use std::time::Duration;

/// SQLite older than this can corrupt a database when its write-ahead log is reset
/// (<https://sqlite.org/wal.html>, "The WAL-Reset Bug").
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// PostgreSQL serves several writers at once; SQLite has one, so that they queue here rather than time out there.
const POSTGRES_CONNECTIONS: u32 = 16;
const SQLITE_READERS: u32 = 4;

/// A database of either engine, with its tables up to date.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    readers: AnyPool,
    writers: AnyPool,
    engine: Engine,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    fn of(url: &str) -> Result<Self, StoreError> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => Ok(Self::Sqlite),
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            _ => Err(StoreError::UnknownScheme),
        }
    }
}

impl Database {
    /// Connects, and leaves the tables as they are.
    ///
    /// # Errors
    /// Where the URL is of no known engine, or the engine is too old or does not answer.
    pub(crate) async fn open(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let engine = Engine::of(url)?;
        Ok(match engine {
            Engine::Sqlite => {
                let url = if url.contains('?') { url.to_owned() } else { format!("{url}?mode=rwc") };
                // A pool would try for ten seconds and then tell no cause.
                let mut connection = AnyConnection::connect(&url).await?;
                prepare_sqlite(&mut connection).await?;
                connection.close().await?;
                // The writer first: it makes the file and turns it to WAL, which the readers then find.
                let writers = sqlite_pool(1).connect(&url).await?;
                refuse_old_sqlite(&writers).await?;
                Self { writers, readers: sqlite_pool(SQLITE_READERS).connect_lazy(&url)?, engine }
            }
            Engine::Postgres => {
                // A pool would try for half a minute and then tell no cause.
                AnyConnection::connect(url).await?.close().await?;
                let pool = AnyPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).connect(url).await?;
                Self { writers: pool.clone(), readers: pool, engine }
            }
        })
    }

    /// Brings the tables up to date.
    ///
    /// # Errors
    /// A migration fails, or the tables are newer than this program.
    pub(crate) async fn migrate(&self) -> Result<(), StoreError> {
        Ok(schema::MIGRATIONS.run(&self.writers).await?)
    }

    /// A connection to read on. What it reads may be changed the moment after.
    pub(crate) async fn reader(&self) -> Result<PoolConnection<Any>, StoreError> {
        Ok(self.readers.acquire().await?)
    }

    /// A transaction to write in.
    pub(crate) async fn write(&self) -> Result<Transaction, StoreError> {
        // Without IMMEDIATE, SQLite would take the write lock at the first write, and could fail there with a
        // snapshot that somebody else's commit made stale.
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        };
        Transaction::begin(self.writers.acquire().await?, begin).await
    }

    /// Waits until what is under way is done, and closes the files.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}

fn sqlite_pool(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(|connection, _| Box::pin(prepare_sqlite(connection)))
}

async fn prepare_sqlite(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    connection
        .execute(
            "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;",
        )
        .await?;
    Ok(())
}

async fn refuse_old_sqlite(pool: &AnyPool) -> Result<(), StoreError> {
    let (version,): (String,) = sqlx::query_as("SELECT sqlite_version()").fetch_one(pool).await?;
    if is_recent_sqlite(&version) { Ok(()) } else { Err(StoreError::SqliteTooOld(version)) }
}

fn is_recent_sqlite(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next()) >= OLDEST_SQLITE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_before_the_mended_log_reset_is_refused() {
        for (version, recent) in [
            ("3.51.3", true),
            ("3.52.0", true),
            ("4.0.0", true),
            ("3.51.2", false),
            ("3.9.9", false),
            ("", false),
        ] {
            assert_eq!(is_recent_sqlite(version), recent, "{version}");
        }
    }

    #[tokio::test]
    async fn a_database_that_cannot_be_reached_is_told_at_once() {
        let refused = Database::open("postgres://nobody@127.0.0.1:1/nothing").await;
        assert!(matches!(refused, Err(StoreError::Database(sqlx::Error::Io(_)))));
    }

    #[tokio::test]
    async fn a_url_of_no_known_engine_is_refused() {
        for url in ["mysql://localhost/claviger", "claviger.db", ""] {
            assert!(matches!(Database::open(url).await, Err(StoreError::UnknownScheme)), "{url}");
        }
    }
}
