//! The table of the links by which a member chooses a new password: at most one a member.

use super::{StoreError, Transaction};
use crate::{
    clock::Timestamp,
    domain::{account::AccountId, member::MemberId},
};
use sqlx::AnyConnection;

/// A link as its token finds it.
pub(crate) struct LinkRow {
    pub(crate) member: MemberId,
    pub(crate) account: AccountId,
    pub(crate) organisation: String,
    pub(crate) name: String,
    pub(crate) email: String,
    /// None where the operator made it.
    pub(crate) made_by: Option<MemberId>,
    pub(crate) expires_at: Timestamp,
}

type Columns = (String, String, String, String, String, Option<String>, i64);

/// Takes the place of a link that is there.
pub(crate) async fn set(
    transaction: &mut Transaction,
    member: &MemberId,
    token_hash: &str,
    made_by: Option<&MemberId>,
    created_at: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    delete(transaction, member).await?;
    sqlx::query(
        "INSERT INTO password_link (member_id, token_hash, made_by, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(member.as_str())
    .bind(token_hash)
    .bind(made_by.map(MemberId::as_str))
    .bind(created_at.as_micros())
    .bind(expires_at.as_micros())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// The link of a token, where the member may sign in.
pub(crate) async fn find(
    connection: &mut AnyConnection,
    token_hash: &str,
) -> Result<Option<LinkRow>, StoreError> {
    let row: Option<Columns> = sqlx::query_as(
        "SELECT m.id, a.id, a.name, m.name, m.email, l.made_by, l.expires_at FROM password_link l \
         JOIN member m ON m.id = l.member_id JOIN account a ON a.id = m.account_id \
         WHERE l.token_hash = $1 AND m.status = 'active' AND a.disabled_at IS NULL",
    )
    .bind(token_hash)
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|(member, account, organisation, name, email, made_by, expires_at)| LinkRow {
        member: MemberId::from_stored(member),
        account: AccountId::from_stored(account),
        organisation,
        name,
        email,
        made_by: made_by.map(MemberId::from_stored),
        expires_at: Timestamp::from_micros(expires_at),
    }))
}

pub(crate) async fn delete(transaction: &mut Transaction, member: &MemberId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM password_link WHERE member_id = $1")
        .bind(member.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
