//! Opens the database and hands out connections to it. It must not know any table.

use super::{
    Connection, StoreError, Transaction, account,
    connection::{Limit, in_time},
    engine::Engine,
    schema,
};
use crate::{domain::account::AccountId, settings::Patience};
use sqlx::{
    AnyConnection, AnyPool, AssertSqlSafe, ConnectOptions, Connection as _, Executor, any::AnyPoolOptions,
};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

/// SQLite older than this can corrupt a database when its write-ahead log is reset
/// (<https://sqlite.org/wal.html>, "The WAL-Reset Bug").
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// PostgreSQL serves several writers at once. SQLite has one, so writers wait here in the pool instead of timing out in
/// SQLite.
const POSTGRES_CONNECTIONS: u32 = 16;
const SQLITE_READERS: u32 = 4;
/// Separate from the connections of requests, so that requests that wait for a lock cannot delay the writing of counts.
const POSTGRES_BACKGROUND_CONNECTIONS: u32 = 3;

/// A database of either engine, with its tables up to date. Clones share its connections.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    pools: Pools,
    background: Pools,
    engine: Engine,
    patience: Patience,
    /// Whether this handle is for background work.
    is_unhurried: bool,
    probe_state: ProbeState,
}

#[derive(Clone, Debug)]
struct Pools {
    readers: AnyPool,
    writers: AnyPool,
}

/// The state that is kept between two probes.
#[derive(Clone, Debug, Default)]
pub(super) struct ProbeState(pub(super) Arc<Mutex<LastProbe>>);

#[derive(Debug, Default)]
pub(super) struct LastProbe {
    /// On PostgreSQL: a connection of its own, so that requests cannot use up the connection of the probe.
    pub(super) connection: Option<AnyConnection>,
    pub(super) went_well_until: Option<Instant>,
}

impl Database {
    /// Connects, and leaves the tables as they are.
    ///
    /// # Errors
    /// Fails if the URL names an unknown engine, or if the engine is too old or does not answer.
    pub(crate) async fn open(url: &str, patience: Patience) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let engine = Engine::of(url)?;
        // Connects without a pool: a pool would retry for a while and then hide the cause of a failure.
        let mut connection = match engine {
            Engine::Sqlite => connect(&with_mode(url, "rwc"), patience.background).await?,
            Engine::Postgres => connect(url, patience.background).await?,
        };
        let (pools, background) = match engine {
            Engine::Sqlite => {
                prepare_sqlite(&mut connection, patience.background).await?;
                refuse_old_sqlite(&mut connection).await?;
                let pools = Pools::of_sqlite(url, patience)?;
                // Closing the last connection would delete the write-ahead log, so the pool opens another one first.
                drop(pools.writers.acquire().await?);
                (pools.clone(), pools)
            }
            Engine::Postgres => (
                Pools::of_postgres(url, POSTGRES_CONNECTIONS, patience.request)?,
                Pools::of_postgres(url, POSTGRES_BACKGROUND_CONNECTIONS, patience.background)?,
            ),
        };
        connection.close().await?;
        Ok(Self {
            pools,
            background,
            engine,
            patience,
            is_unhurried: false,
            probe_state: ProbeState::default(),
        })
    }

    /// Applies the missing migrations. There is no time limit, because large tables can take long.
    ///
    /// # Errors
    /// Fails if a migration fails, or if the tables were made by a newer release.
    pub(crate) async fn migrate(&self) -> Result<(), StoreError> {
        let mut connection = self.pools.writers.connect_options().connect().await?;
        if self.engine == Engine::Sqlite {
            prepare_sqlite(&mut connection, self.patience.background).await?;
        }
        schema::MIGRATIONS.run(&mut connection).await?;
        Ok(connection.close().await?)
    }

    /// The same database for background work: each of its answers may take longer.
    pub(crate) fn unhurried(&self) -> Self {
        Self { is_unhurried: true, pools: self.background.clone(), ..self.clone() }
    }

    /// A connection for reading. Another transaction can change the data right after it is read.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if no connection is free in time.
    pub(crate) async fn reader(&self) -> Result<Connection, StoreError> {
        self.connection(&self.pools.readers).await
    }

    /// A transaction that writes for an account. It holds the account's lock: every other transaction that writes for
    /// the account waits until it ends, so everything that it reads stays true until it commits.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the transaction does not begin in time; [`StoreError::Damaged`] if there is no
    /// such account.
    pub(crate) async fn write_for(&self, account: &AccountId) -> Result<Transaction, StoreError> {
        let mut transaction = self.write_unlocked().await?;
        account::lock(&mut transaction, account).await?;
        Ok(transaction)
    }

    /// A transaction that writes rows of no existing account: the installation's rows, a new account, counts. It holds
    /// no lock: two such transactions that read and then write the same rows can overwrite each other's changes. For
    /// rows of an account, use [`write_for`](Self::write_for).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the transaction does not begin in time.
    pub(crate) async fn write_unlocked(&self) -> Result<Transaction, StoreError> {
        let connection = self.connection(&self.pools.writers).await?;
        Transaction::begin(connection, self.engine.begin(), self.patience.commit).await
    }

    async fn connection(&self, pool: &AnyPool) -> Result<Connection, StoreError> {
        // Background work is retried soon, so it waits for a connection no longer than a request does.
        let limit = Limit::together(self.patience.request);
        let pooled = in_time(limit.end(), pool.acquire()).await?;
        let limit = if self.is_unhurried { Limit::Each(self.patience.background) } else { limit };
        Ok(Connection::new(pooled, limit))
    }

    /// A connection outside the pools, which belongs to the caller.
    pub(super) async fn connect_apart(&self) -> Result<AnyConnection, StoreError> {
        let mut connection = self.pools.writers.connect_options().connect().await?;
        if self.engine == Engine::Postgres {
            limit_postgres(&mut connection, self.patience.request).await?;
        }
        Ok(connection)
    }

    pub(super) const fn engine(&self) -> Engine {
        self.engine
    }

    pub(super) const fn patience(&self) -> Patience {
        self.patience
    }

    pub(super) const fn probe_state(&self) -> &ProbeState {
        &self.probe_state
    }

    /// Waits until all connections are returned, and closes them.
    pub(crate) async fn close(&self) {
        for pool in [&self.pools.readers, &self.pools.writers, &self.background.readers] {
            pool.close().await;
        }
    }
}

impl Pools {
    fn of_sqlite(url: &str, patience: Patience) -> Result<Self, StoreError> {
        let pool = |connections| {
            AnyPoolOptions::new()
                .max_connections(connections)
                .min_connections(1)
                .acquire_timeout(patience.background)
                .idle_timeout(None)
                .max_lifetime(None)
                .after_connect(move |connection, _| Box::pin(prepare_sqlite(connection, patience.request)))
                .connect_lazy(&with_mode(url, "rw"))
        };
        Ok(Self { writers: pool(1)?, readers: pool(SQLITE_READERS)? })
    }

    fn of_postgres(url: &str, connections: u32, limit: Duration) -> Result<Self, StoreError> {
        let pool = AnyPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(limit)
            .after_connect(move |connection, _| Box::pin(limit_postgres(connection, limit)))
            .after_release(move |connection, _| Box::pin(answers(connection, limit)))
            .connect_lazy(url)?;
        Ok(Self { writers: pool.clone(), readers: pool })
    }
}

/// Connects once, without a pool. A pool would retry for a while and then hide the cause of a failure.
async fn connect(url: &str, limit: Duration) -> Result<AnyConnection, StoreError> {
    in_time(Limit::together(limit).end(), AnyConnection::connect(url)).await
}

/// Only opening the installation creates a database file. Connections are also opened after failures: if a disk was
/// unmounted, they must not create a new, empty database.
fn with_mode(url: &str, mode: &str) -> String {
    if url.contains('?') { url.to_owned() } else { format!("{url}?mode={mode}") }
}

/// The limit for waiting for a lock. It is shorter than the whole limit, so that the error says that a lock was the
/// cause, and not only that the time is up.
fn for_locks(limit: Duration) -> u128 {
    limit.as_millis() * 2 / 3
}

async fn prepare_sqlite(connection: &mut AnyConnection, limit: Duration) -> Result<(), sqlx::Error> {
    let pragmas = format!(
        "PRAGMA busy_timeout = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;",
        for_locks(limit)
    );
    connection.execute(AssertSqlSafe(pragmas)).await?;
    Ok(())
}

async fn limit_postgres(connection: &mut AnyConnection, limit: Duration) -> Result<(), sqlx::Error> {
    let settings = format!(
        "SET statement_timeout = {0}; SET idle_in_transaction_session_timeout = {0}; SET lock_timeout = {1}",
        limit.as_millis(),
        for_locks(limit)
    );
    connection.execute(AssertSqlSafe(settings)).await?;
    Ok(())
}

/// Whether a connection still works when it returns to its pool. The pool itself checks this too, but without a time
/// limit: it would wait for ever, with one connection less meanwhile.
async fn answers(connection: &mut AnyConnection, limit: Duration) -> Result<bool, sqlx::Error> {
    Ok(matches!(timeout(limit, connection.ping()).await, Ok(Ok(()))))
}

async fn refuse_old_sqlite(connection: &mut AnyConnection) -> Result<(), StoreError> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(connection).await?;
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
        let refused = Database::open("postgres://nobody@127.0.0.1:1/nothing", Patience::default()).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(sqlx::Error::Io(_)))));
    }

    #[tokio::test]
    async fn a_url_of_no_known_engine_is_refused() {
        for url in ["mysql://localhost/claviger", "claviger.db", ""] {
            assert!(
                matches!(Database::open(url, Patience::default()).await, Err(StoreError::UnknownScheme)),
                "{url}"
            );
        }
    }
}
