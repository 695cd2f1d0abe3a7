//! The table of members.

use super::{Connection, StoreError, Transaction, columns::Flag};
use crate::{
    clock::Timestamp,
    domain::{
        account::AccountId,
        member::{Email, MemberId},
        permission::Permission,
        role::RoleId,
    },
    password::PasswordHash,
};
use sqlx::FromRow;

/// A new member.
pub(crate) struct NewMember<'a> {
    pub(crate) id: &'a MemberId,
    pub(crate) account: &'a AccountId,
    pub(crate) email: &'a Email,
    pub(crate) name: &'a str,
    pub(crate) password_hash: &'a PasswordHash,
    pub(crate) role: Option<&'a RoleId>,
    pub(crate) created_at: Timestamp,
}

/// A member as a change of members needs it.
#[derive(FromRow)]
pub(crate) struct MemberRow {
    pub(crate) email: String,
    #[sqlx(try_from = "Flag")]
    pub(crate) is_active: bool,
    pub(crate) role: Option<RoleId>,
}

/// A member as signing in needs it.
#[derive(Clone, FromRow)]
pub(crate) struct Login {
    pub(crate) member: MemberId,
    pub(crate) account: AccountId,
    pub(crate) password_hash: PasswordHash,
}

/// Inserts a member. Fails with a duplicate error if the e-mail address is taken.
pub(crate) async fn insert(transaction: &mut Transaction, member: &NewMember<'_>) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO member (id, account_id, email, email_folded, name, name_folded, password_hash, status, role_id, \
         created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', $8, $9)",
    )
    .bind(member.id.as_str())
    .bind(member.account.as_str())
    .bind(member.email.as_str())
    .bind(member.email.folded())
    .bind(member.name)
    .bind(member.name.to_lowercase())
    .bind(member.password_hash.as_str())
    .bind(member.role.map(RoleId::as_str))
    .bind(member.created_at.as_micros())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

pub(crate) async fn find_login(
    connection: &mut Connection,
    email: &Email,
) -> Result<Option<Login>, StoreError> {
    let login = sqlx::query_as(
        "SELECT id AS member, account_id AS account, password_hash FROM member WHERE email_folded = $1",
    );
    Ok(login.bind(email.folded()).fetch_optional(connection).await?)
}

/// Whether the member and the account are enabled, and the password hash is still the given one.
pub(crate) async fn may_sign_in(
    transaction: &mut Transaction,
    member: &MemberId,
    password_hash: &PasswordHash,
) -> Result<bool, StoreError> {
    let row: Option<String> = sqlx::query_scalar(
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
    connection: &mut Connection,
    member: &MemberId,
) -> Result<Option<PasswordHash>, StoreError> {
    Ok(sqlx::query_scalar("SELECT password_hash FROM member WHERE id = $1")
        .bind(member.as_str())
        .fetch_optional(connection)
        .await?)
}

pub(crate) async fn email_is_taken(connection: &mut Connection, email: &Email) -> Result<bool, StoreError> {
    Ok(find_login(connection, email).await?.is_some())
}

/// The names of the active admins of an account, in the order in which they were added.
pub(crate) async fn admin_names(
    connection: &mut Connection,
    account: &AccountId,
) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT name FROM member WHERE account_id = $1 AND role_id = 'admin' AND status = 'active' \
         ORDER BY created_at, id",
    )
    .bind(account.as_str())
    .fetch_all(connection)
    .await?)
}

/// Whether the member is active, in an account that is not disabled, and has the permission through a role or a grant.
pub(crate) async fn is_permitted(
    connection: &mut Connection,
    member: &MemberId,
    permission: Permission,
) -> Result<bool, StoreError> {
    let row: Option<String> = sqlx::query_scalar(
        "SELECT m.id FROM member m JOIN account a ON a.id = m.account_id \
         WHERE m.id = $1 AND m.status = 'active' AND a.disabled_at IS NULL AND ( \
         EXISTS (SELECT 1 FROM role_permission r WHERE r.role_id = m.role_id AND r.permission = $2) \
         OR EXISTS (SELECT 1 FROM permission_grant g WHERE g.member_id = m.id AND g.permission = $2))",
    )
    .bind(member.as_str())
    .bind(permission.as_str())
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

/// A member of this account who has not been removed.
pub(crate) async fn find(
    connection: &mut Connection,
    account: &AccountId,
    member: &MemberId,
) -> Result<Option<MemberRow>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT email, CASE WHEN status = 'active' THEN 1 ELSE 0 END AS is_active, role_id AS role FROM member \
         WHERE account_id = $1 AND id = $2 AND removed_at IS NULL",
    )
    .bind(account.as_str())
    .bind(member.as_str())
    .fetch_optional(connection)
    .await?)
}

/// Whether the account would still have an active admin without this member.
pub(crate) async fn has_other_active_admin(
    connection: &mut Connection,
    account: &AccountId,
    member: &MemberId,
) -> Result<bool, StoreError> {
    let row: Option<String> = sqlx::query_scalar(
        "SELECT id FROM member WHERE account_id = $1 AND role_id = 'admin' AND status = 'active' AND id <> $2 LIMIT 1",
    )
    .bind(account.as_str())
    .bind(member.as_str())
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

pub(crate) async fn set_role(
    transaction: &mut Transaction,
    member: &MemberId,
    role: Option<&RoleId>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE member SET role_id = $1 WHERE id = $2")
        .bind(role.map(RoleId::as_str))
        .bind(member.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Allows or forbids the member to sign in.
pub(crate) async fn set_active(
    transaction: &mut Transaction,
    member: &MemberId,
    active: bool,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE member SET status = $1 WHERE id = $2")
        .bind(if active { "active" } else { "disabled" })
        .bind(member.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Clears the member's row except for the name, which keys and grants still refer to, and makes the e-mail address
/// available again.
pub(crate) async fn remove(
    transaction: &mut Transaction,
    member: &MemberId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE member SET status = 'disabled', removed_at = $1, role_id = NULL, email = '', email_folded = id, \
         password_hash = '' WHERE id = $2",
    )
    .bind(now.as_micros())
    .bind(member.as_str())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

pub(crate) async fn rename(
    transaction: &mut Transaction,
    member: &MemberId,
    name: &str,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE member SET name = $1, name_folded = $2 WHERE id = $3")
        .bind(name)
        .bind(name.to_lowercase())
        .bind(member.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Changes the e-mail address. Fails with a duplicate error if the address is taken.
pub(crate) async fn set_email(
    transaction: &mut Transaction,
    member: &MemberId,
    email: &Email,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE member SET email = $1, email_folded = $2 WHERE id = $3")
        .bind(email.as_str())
        .bind(email.folded())
        .bind(member.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

pub(crate) async fn set_password(
    transaction: &mut Transaction,
    member: &MemberId,
    password_hash: &PasswordHash,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE member SET password_hash = $1 WHERE id = $2")
        .bind(password_hash.as_str())
        .bind(member.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
