//! A place in the PostgreSQL that the environment names.

use super::machine::postgres_url;
use claviger_core::random::{Random, SystemRandom};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// Whoever waited for the lock by which a server keeps others away, and took it when the server's session ended.
pub(crate) struct Usurper {
    _session: PgConnection,
}

impl Usurper {
    /// Ends the session of the server on this schema, whose lock is taken in the same moment.
    pub(crate) async fn take_over(url: &str) -> Self {
        let mut asking = PgConnection::connect(url).await.unwrap();
        let digest = Sha256::digest(format!("claviger server {}", schema_of(url)));
        let key = i64::from_be_bytes(digest[..8].try_into().unwrap());
        let mut waiting = PgConnection::connect(url).await.unwrap();
        let (waiter,): (i32,) =
            sqlx::query_as("SELECT pg_backend_pid()").fetch_one(&mut waiting).await.unwrap();
        let taking = tokio::spawn(async move {
            sqlx::query("SELECT pg_advisory_lock($1)").bind(key).execute(&mut waiting).await.unwrap();
            waiting
        });
        // It stands in the queue before the server can.
        let queued = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND pid = $1";
        while sqlx::query_scalar::<_, i64>(queued).bind(waiter).fetch_one(&mut asking).await.unwrap() == 0 {
            tokio::task::yield_now().await;
        }
        let end = "SELECT pg_terminate_backend(holder.pid) FROM pg_locks waiter JOIN pg_locks holder \
            ON holder.granted AND holder.locktype = 'advisory' AND holder.database = waiter.database \
            AND holder.classid = waiter.classid AND holder.objid = waiter.objid WHERE waiter.pid = $1 \
            AND NOT waiter.granted";
        let ended = sqlx::query(end).bind(waiter).fetch_all(&mut asking).await.unwrap();
        assert_eq!(ended.len(), 1, "a server had the lock");
        Self { _session: taking.await.unwrap() }
    }
}

fn schema_of(url: &str) -> &str {
    url.rsplit_once('=').unwrap().1
}

/// The URL of a schema that nobody else uses; none where there is no PostgreSQL.
pub(crate) async fn postgres_schema() -> Option<String> {
    let url = postgres_url()?;
    let mut bytes = [0; 16];
    SystemRandom.fill(&mut bytes).unwrap();
    let schema = format!("http_{:032x}", u128::from_be_bytes(bytes));
    let mut connection = PgConnection::connect(&url).await.unwrap();
    connection.execute(AssertSqlSafe(format!("CREATE SCHEMA {schema}"))).await.unwrap();
    connection.close().await.unwrap();
    let separator = if url.contains('?') { '&' } else { '?' };
    Some(format!("{url}{separator}options[search_path]={schema}"))
}
