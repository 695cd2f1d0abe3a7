//! The table of unconfirmed changes of e-mail addresses: at most one a member.

use super::{Connection, StoreError, Transaction};
use crate::{
    clock::Timestamp,
    domain::{account::AccountId, member::MemberId},
};
use sqlx::FromRow;

/// A pending change, as found by its token.
#[derive(FromRow)]
pub(crate) struct ChangeRow {
    pub(crate) member: MemberId,
    pub(crate) account: AccountId,
    pub(crate) email: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) mac: String,
}

/// A new pending change.
pub(crate) struct NewChange<'a> {
    pub(crate) member: &'a MemberId,
    pub(crate) email: &'a str,
    pub(crate) token_hash: &'a str,
    pub(crate) mac: &'a str,
    pub(crate) expires_at: Timestamp,
}

/// Stores a change. It replaces the member's earlier change.
pub(crate) async fn set(transaction: &mut Transaction, change: &NewChange<'_>) -> Result<(), StoreError> {
    delete(transaction, change.member).await?;
    sqlx::query(
        "INSERT INTO email_change (member_id, email, token_hash, mac, expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(change.member.as_str())
    .bind(change.email)
    .bind(change.token_hash)
    .bind(change.mac)
    .bind(change.expires_at.as_micros())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// The change with this token, if its member may sign in.
pub(crate) async fn find(
    connection: &mut Connection,
    token_hash: &str,
) -> Result<Option<ChangeRow>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT m.id AS member, a.id AS account, c.email, c.expires_at, c.mac FROM email_change c \
         JOIN member m ON m.id = c.member_id JOIN account a ON a.id = m.account_id \
         WHERE c.token_hash = $1 AND m.status = 'active' AND a.disabled_at IS NULL",
    )
    .bind(token_hash)
    .fetch_optional(connection)
    .await?)
}

pub(crate) async fn delete(transaction: &mut Transaction, member: &MemberId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM email_change WHERE member_id = $1")
        .bind(member.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
