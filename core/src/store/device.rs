//! The table of known devices: the browsers that have signed the member in before.

use super::{Connection, StoreError, Transaction};
use crate::{clock::Timestamp, domain::member::MemberId};

pub(crate) async fn is_known_to(
    connection: &mut Connection,
    token_hash: &str,
    member: &MemberId,
    used_after: Timestamp,
) -> Result<bool, StoreError> {
    let row: Option<String> = sqlx::query_scalar(
        "SELECT member_id FROM known_device WHERE token_hash = $1 AND member_id = $2 AND last_used_at > $3",
    )
    .bind(token_hash)
    .bind(member.as_str())
    .bind(used_after.as_micros())
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

/// Whether this device token was ever issued. A token that a client made up must not become a known device.
pub(crate) async fn exists(
    connection: &mut Connection,
    token_hash: &str,
    used_after: Timestamp,
) -> Result<bool, StoreError> {
    let row: Option<String> = sqlx::query_scalar(
        "SELECT member_id FROM known_device WHERE token_hash = $1 AND last_used_at > $2 LIMIT 1",
    )
    .bind(token_hash)
    .bind(used_after.as_micros())
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

/// Records that a device signed a member in.
pub(crate) async fn remember(
    transaction: &mut Transaction,
    token_hash: &str,
    member: &MemberId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO known_device (token_hash, member_id, created_at, last_used_at) VALUES ($1, $2, $3, $3) \
         ON CONFLICT (token_hash, member_id) DO UPDATE SET last_used_at = excluded.last_used_at",
    )
    .bind(token_hash)
    .bind(member.as_str())
    .bind(now.as_micros())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Forgets the least recently used devices of a member, so that at most `left` remain besides this one.
pub(crate) async fn keep_most_used(
    transaction: &mut Transaction,
    token_hash: &str,
    member: &MemberId,
    left: u32,
) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM known_device WHERE member_id = $1 AND token_hash <> $2 AND token_hash NOT IN \
         (SELECT token_hash FROM known_device WHERE member_id = $1 AND token_hash <> $2 \
         ORDER BY last_used_at DESC, token_hash LIMIT $3)",
    )
    .bind(member.as_str())
    .bind(token_hash)
    .bind(i64::from(left))
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Forgets every known device of a member except this one.
pub(crate) async fn forget_others(
    transaction: &mut Transaction,
    member: &MemberId,
    token_hash: &str,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM known_device WHERE member_id = $1 AND token_hash <> $2")
        .bind(member.as_str())
        .bind(token_hash)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Forgets every known device of a member.
pub(crate) async fn forget_all(transaction: &mut Transaction, member: &MemberId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM known_device WHERE member_id = $1")
        .bind(member.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
