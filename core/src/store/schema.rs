//! The schema version of a database: the highest migration that was applied. It must not change the tables.

use super::{Connection, StoreError};
use sqlx::migrate::Migrator;

/// All migrations that this program knows.
pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!();

/// The schema version that this program works with.
pub(crate) fn newest() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// The highest migration that was applied; `None` if the database has no tables of Claviger.
pub(crate) async fn find(connection: &mut Connection) -> Result<Option<i64>, StoreError> {
    let tables: i64 = sqlx::query_scalar(match connection.backend_name() {
        "SQLite" => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'",
        _ => "SELECT CAST(COUNT(to_regclass('_sqlx_migrations')) AS BIGINT)",
    })
    .fetch_one(&mut *connection)
    .await?;
    if tables == 0 {
        return Ok(None);
    }
    Ok(sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations").fetch_one(connection).await?)
}
