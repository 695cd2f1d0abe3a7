//! The tables of members and of what they were granted.

use super::{StoreError, Transaction};
use crate::{
    clock::Timestamp,
    domain::{
        account::AccountId,
        member::{Email, MemberId},
        permission::Permission,
    },
    password::PasswordHash,
};
use sqlx::AnyConnection;

/// A new member.
pub(crate) struct NewMember<'a> {
    pub(crate) id: &'a MemberId,
    pub(crate) account: &'a AccountId,
    pub(crate) email: &'a Email,
    pub(crate) name: &'a str,
    pub(crate) password_hash: &'a PasswordHash,
    pub(crate) is_admin: bool,
    pub(crate) created_at: Timestamp,
}

/// What signing in needs to know of a member.
pub(crate) struct Login {
    pub(crate) member: MemberId,
    pub(crate) account: AccountId,
    pub(crate) password_hash: PasswordHash,
}

/// Fails as a duplicate where the e-mail is taken.
pub(crate) async fn insert(transaction: &mut Transaction, member: &NewMember<'_>) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO member (id, account_id, email, email_folded, name, password_hash, status, role_id, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 'active', $7, $8)",
    )
    .bind(member.id.as_str())
    .bind(member.account.as_str())
    .bind(member.email.as_str())
    .bind(member.email.folded())
    .bind(member.name)
    .bind(member.password_hash.as_str())
    .bind(member.is_admin.then_some("admin"))
    .bind(member.created_at.as_micros())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

pub(crate) async fn find_login(
    connection: &mut AnyConnection,
    email: &Email,
) -> Result<Option<Login>, StoreError> {
    let row: Option<(String, String, String)> =
        sqlx::query_as("SELECT id, account_id, password_hash FROM member WHERE email_folded = $1")
            .bind(email.folded())
            .fetch_optional(connection)
            .await?;
    Ok(row.map(|(member, account, password_hash)| Login {
        member: MemberId::from_stored(member),
        account: AccountId::from_stored(account),
        password_hash: PasswordHash::from_stored(password_hash),
    }))
}

/// Whether neither the member nor the account is disabled, and the password still is the one with this hash.
pub(crate) async fn may_sign_in(
    transaction: &mut Transaction,
    member: &MemberId,
    password_hash: &PasswordHash,
) -> Result<bool, StoreError> {
    let row: Option<(String,)> = sqlx::query_as(
        "SELECT m.id FROM member m JOIN account a ON a.id = m.account_id \
         WHERE m.id = $1 AND m.password_hash = $2 AND m.status = 'active' AND a.disabled_at IS NULL",
    )
    .bind(member.as_str())
    .bind(password_hash.as_str())
    .fetch_optional(&mut **transaction)
    .await?;
    Ok(row.is_some())
}

pub(crate) async fn password_hash(
    connection: &mut AnyConnection,
    member: &MemberId,
) -> Result<Option<PasswordHash>, StoreError> {
    let row: Option<(String,)> = sqlx::query_as("SELECT password_hash FROM member WHERE id = $1")
        .bind(member.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|(hash,)| PasswordHash::from_stored(hash)))
}

pub(crate) async fn email_is_taken(
    connection: &mut AnyConnection,
    email: &Email,
) -> Result<bool, StoreError> {
    Ok(find_login(connection, email).await?.is_some())
}

/// The names of the active admins of an account, in the order in which they came.
pub(crate) async fn admin_names(
    connection: &mut AnyConnection,
    account: &AccountId,
) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT name FROM member WHERE account_id = $1 AND role_id = 'admin' AND status = 'active' \
         ORDER BY created_at, id",
    )
    .bind(account.as_str())
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// Whether the member is active, in an account that is not disabled, and has the permission: as an admin, or by a
/// grant.
pub(crate) async fn is_permitted(
    connection: &mut AnyConnection,
    member: &MemberId,
    permission: Permission,
) -> Result<bool, StoreError> {
    let row: Option<(String,)> = sqlx::query_as(
        "SELECT m.id FROM member m JOIN account a ON a.id = m.account_id \
         WHERE m.id = $1 AND m.status = 'active' AND a.disabled_at IS NULL AND (m.role_id = 'admin' \
         OR EXISTS (SELECT 1 FROM permission_grant g WHERE g.member_id = m.id AND g.permission = $2))",
    )
    .bind(member.as_str())
    .bind(permission.as_str())
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

pub(crate) async fn grant(
    transaction: &mut Transaction,
    member: &MemberId,
    permission: Permission,
    granted_by: &MemberId,
    granted_at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO permission_grant (member_id, permission, granted_by, granted_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (member_id, permission) DO NOTHING",
    )
    .bind(member.as_str())
    .bind(permission.as_str())
    .bind(granted_by.as_str())
    .bind(granted_at.as_micros())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}
