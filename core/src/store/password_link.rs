//! The table of password links, with which a member chooses a new password: at most one a member.

use super::{Connection, StoreError, Transaction};
use crate::{
    clock::Timestamp,
    domain::{account::AccountId, member::MemberId},
};
use sqlx::FromRow;

/// A password link, as found by its token.
#[derive(FromRow)]
pub(crate) struct LinkRow {
    pub(crate) member: MemberId,
    pub(crate) account: AccountId,
    pub(crate) organisation: String,
    pub(crate) name: String,
    pub(crate) email: String,
    /// `None` if the operator created it.
    pub(crate) made_by: Option<MemberId>,
    pub(crate) expires_at: Timestamp,
    pub(crate) mac: String,
}

/// A new password link.
pub(crate) struct NewLink<'a> {
    pub(crate) member: &'a MemberId,
    pub(crate) token_hash: &'a str,
    pub(crate) mac: &'a str,
    /// `None` if the operator creates it.
    pub(crate) made_by: Option<&'a MemberId>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// Stores a link. It replaces the member's earlier link.
pub(crate) async fn set(transaction: &mut Transaction, link: &NewLink<'_>) -> Result<(), StoreError> {
    delete(transaction, link.member).await?;
    sqlx::query(
        "INSERT INTO password_link (member_id, token_hash, mac, made_by, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(link.member.as_str())
    .bind(link.token_hash)
    .bind(link.mac)
    .bind(link.made_by.map(MemberId::as_str))
    .bind(link.created_at.as_micros())
    .bind(link.expires_at.as_micros())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// The link with this token, if its member may sign in.
pub(crate) async fn find(
    connection: &mut Connection,
    token_hash: &str,
) -> Result<Option<LinkRow>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT m.id AS member, a.id AS account, a.name AS organisation, m.name, m.email, l.made_by, l.expires_at, l.mac \
         FROM password_link l JOIN member m ON m.id = l.member_id JOIN account a ON a.id = m.account_id \
         WHERE l.token_hash = $1 AND m.status = 'active' AND a.disabled_at IS NULL",
    )
    .bind(token_hash)
    .fetch_optional(connection)
    .await?)
}

pub(crate) async fn delete(transaction: &mut Transaction, member: &MemberId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM password_link WHERE member_id = $1")
        .bind(member.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
