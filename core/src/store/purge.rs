//! Deletes expired rows of every table that outsiders can make grow, a limited number at a time.

use super::{StoreError, Transaction};
use crate::clock::Timestamp;

/// The expired rows of one table: the columns of its primary key, and the condition on the time `$1`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Old {
    table: &'static str,
    key: &'static str,
    condition: &'static str,
}

pub(crate) const LOGIN_FAILURES: Old =
    Old { table: "login_failure", key: "subject, source", condition: "last_at <= $1" };
pub(crate) const RATE_LIMITS: Old = Old { table: "rate_limit", key: "subject", condition: "at_rest <= $1" };
pub(crate) const IDLE_SESSIONS: Old = Old { table: "session", key: "id", condition: "last_seen_at <= $1" };
pub(crate) const ENDED_SESSIONS: Old = Old { table: "session", key: "id", condition: "absolute_end <= $1" };
pub(crate) const KNOWN_DEVICES: Old =
    Old { table: "known_device", key: "token_hash, member_id", condition: "last_used_at <= $1" };
pub(crate) const INVITATIONS: Old = Old { table: "invitation", key: "id", condition: "expires_at <= $1" };
pub(crate) const EMAIL_CHANGES: Old =
    Old { table: "email_change", key: "member_id", condition: "expires_at <= $1" };
pub(crate) const PASSWORD_LINKS: Old =
    Old { table: "password_link", key: "member_id", condition: "expires_at <= $1" };

/// Deletes at most `most` expired rows. Returns how many were deleted.
pub(crate) async fn delete(
    transaction: &mut Transaction,
    old: Old,
    moment: Timestamp,
    most: u32,
) -> Result<u64, StoreError> {
    let Old { table, key, condition } = old;
    // The condition occurs twice: a row that was used again after the inner query must stay.
    let statement = format!(
        "DELETE FROM {table} WHERE {condition} AND ({key}) IN (SELECT {key} FROM {table} WHERE {condition} LIMIT {most})"
    );
    let deleted = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(moment.as_micros())
        .execute(&mut **transaction)
        .await?;
    Ok(deleted.rows_affected())
}
