//! The table of browsers that have signed a member in before.

use super::{StoreError, Transaction};
use crate::{clock::Timestamp, domain::member::MemberId};
use sqlx::AnyConnection;

pub(crate) async fn is_known_to(
    connection: &mut AnyConnection,
    token_hash: &str,
    member: &MemberId,
) -> Result<bool, StoreError> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT member_id FROM known_device WHERE token_hash = $1 AND member_id = $2")
            .bind(token_hash)
            .bind(member.as_str())
            .fetch_optional(connection)
            .await?;
    Ok(row.is_some())
}

/// Whether the token was ever given out: one that a visitor made up must not become a device's.
pub(crate) async fn exists(connection: &mut AnyConnection, token_hash: &str) -> Result<bool, StoreError> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT member_id FROM known_device WHERE token_hash = $1 LIMIT 1")
            .bind(token_hash)
            .fetch_optional(connection)
            .await?;
    Ok(row.is_some())
}

pub(crate) async fn remember(
    transaction: &mut Transaction,
    token_hash: &str,
    member: &MemberId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO known_device (token_hash, member_id, created_at) VALUES ($1, $2, $3) \
         ON CONFLICT (token_hash, member_id) DO NOTHING",
    )
    .bind(token_hash)
    .bind(member.as_str())
    .bind(now.as_micros())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Forgets every browser of a member.
pub(crate) async fn forget_all(transaction: &mut Transaction, member: &MemberId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM known_device WHERE member_id = $1")
        .bind(member.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
