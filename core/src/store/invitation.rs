//! The table of invitations.

use super::{Connection, StoreError, Transaction, columns::Flag};
use crate::{
    clock::Timestamp,
    domain::{
        account::AccountId,
        invitation::InvitationId,
        member::{Email, MemberId},
    },
};
use sqlx::FromRow;

/// A new invitation.
pub(crate) struct NewInvitation<'a> {
    pub(crate) id: &'a InvitationId,
    pub(crate) account: &'a AccountId,
    pub(crate) email: &'a Email,
    pub(crate) name: &'a str,
    pub(crate) token_hash: &'a str,
    pub(crate) mac: &'a str,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) invited_by: &'a MemberId,
}

/// An invitation, as found by its token.
#[derive(FromRow)]
pub(crate) struct InvitationRow {
    pub(crate) id: InvitationId,
    pub(crate) account: AccountId,
    pub(crate) organisation: String,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) invited_by: MemberId,
    pub(crate) expires_at: Timestamp,
    #[sqlx(try_from = "Flag")]
    pub(crate) is_used: bool,
    pub(crate) mac: String,
}

/// An invitation in the list of its account.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct InvitationLine {
    /// The identifier of the invitation.
    pub id: InvitationId,
    /// The name of the invited person.
    pub name: String,
    /// The e-mail address of the invited person.
    pub email: String,
    /// The name of the inviter.
    pub invited_by: String,
    /// When the invitation expires.
    pub expires_at: Timestamp,
    /// Whether it has expired.
    #[sqlx(try_from = "Flag")]
    pub has_expired: bool,
}

pub(crate) async fn insert(
    transaction: &mut Transaction,
    invitation: &NewInvitation<'_>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO invitation (id, account_id, email, email_folded, name, token_hash, created_at, expires_at, \
         invited_by, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(invitation.id.as_str())
    .bind(invitation.account.as_str())
    .bind(invitation.email.as_str())
    .bind(invitation.email.folded())
    .bind(invitation.name)
    .bind(invitation.token_hash)
    .bind(invitation.created_at.as_micros())
    .bind(invitation.expires_at.as_micros())
    .bind(invitation.invited_by.as_str())
    .bind(invitation.mac)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// The invitation with this token, if its account is not disabled.
pub(crate) async fn find(
    connection: &mut Connection,
    token_hash: &str,
) -> Result<Option<InvitationRow>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT i.id, i.account_id AS account, a.name AS organisation, i.email, i.name, i.invited_by, i.expires_at, \
         CASE WHEN i.used_at IS NULL THEN 0 ELSE 1 END AS is_used, i.mac \
         FROM invitation i JOIN account a ON a.id = i.account_id \
         WHERE i.token_hash = $1 AND a.disabled_at IS NULL",
    )
    .bind(token_hash)
    .fetch_optional(connection)
    .await?)
}

/// The number of unused invitations of an account, expired ones included.
pub(crate) async fn count_unused(
    connection: &mut Connection,
    account: &AccountId,
) -> Result<u64, StoreError> {
    let count: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM invitation WHERE account_id = $1 AND used_at IS NULL")
            .bind(account.as_str())
            .fetch_one(connection)
            .await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// A page of the account's invitations, the newest first.
pub(crate) async fn list(
    connection: &mut Connection,
    account: &AccountId,
    now: Timestamp,
    (limit, offset): (i64, i64),
) -> Result<Vec<InvitationLine>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT i.id, i.name, i.email, m.name AS invited_by, i.expires_at, \
         CASE WHEN i.expires_at <= $2 THEN 1 ELSE 0 END AS has_expired \
         FROM invitation i JOIN member m ON m.id = i.invited_by \
         WHERE i.account_id = $1 AND i.used_at IS NULL ORDER BY i.created_at DESC, i.id DESC LIMIT $3 OFFSET $4",
    )
    .bind(account.as_str())
    .bind(now.as_micros())
    .bind(limit)
    .bind(offset)
    .fetch_all(connection)
    .await?)
}

/// The number of invitations of an account that can still be accepted.
pub(crate) async fn count_open(
    transaction: &mut Transaction,
    account: &AccountId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let count: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM invitation WHERE account_id = $1 AND used_at IS NULL AND expires_at > $2",
    )
    .bind(account.as_str())
    .bind(now.as_micros())
    .fetch_one(&mut **transaction)
    .await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Marks the invitation as used, and deletes its address: the address now belongs to the member.
pub(crate) async fn mark_used(
    transaction: &mut Transaction,
    id: &InvitationId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE invitation SET used_at = $1, email = '', email_folded = '' WHERE id = $2")
        .bind(now.as_micros())
        .bind(id.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Withdraws an open invitation of this account. Returns whether there was one.
pub(crate) async fn delete(
    transaction: &mut Transaction,
    account: &AccountId,
    id: &InvitationId,
) -> Result<bool, StoreError> {
    let deleted = sqlx::query("DELETE FROM invitation WHERE account_id = $1 AND id = $2 AND used_at IS NULL")
        .bind(account.as_str())
        .bind(id.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(deleted.rows_affected() == 1)
}

/// Withdraws the open invitations for this address in this account: a new invitation replaces the old one.
pub(crate) async fn delete_for(
    transaction: &mut Transaction,
    account: &AccountId,
    email: &Email,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM invitation WHERE account_id = $1 AND email_folded = $2 AND used_at IS NULL")
        .bind(account.as_str())
        .bind(email.folded())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Withdraws the open invitations of an inviter: a member who leaves must not be able to come back with one.
pub(crate) async fn delete_by(transaction: &mut Transaction, inviter: &MemberId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM invitation WHERE invited_by = $1 AND used_at IS NULL")
        .bind(inviter.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
