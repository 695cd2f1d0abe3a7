//! The table of the installation: its identifier, and how many times the server has started on its database.

use super::{Connection, StoreError, Transaction};
use crate::clock::Timestamp;
use sqlx::FromRow;

/// The one row of the table.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub(crate) struct InstallationRow {
    pub(crate) id: String,
    pub(crate) starts: i64,
}

pub(crate) async fn find(connection: &mut Connection) -> Result<Option<InstallationRow>, StoreError> {
    Ok(sqlx::query_as("SELECT id, starts FROM installation").fetch_optional(connection).await?)
}

pub(crate) async fn insert(
    transaction: &mut Transaction,
    id: &str,
    started_at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO installation (id, starts, started_at) VALUES ($1, 0, $2)")
        .bind(id)
        .bind(started_at.as_micros())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Stores the new number of starts of the server.
pub(crate) async fn set_starts(
    transaction: &mut Transaction,
    starts: i64,
    started_at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE installation SET starts = $1, started_at = $2")
        .bind(starts)
        .bind(started_at.as_micros())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
