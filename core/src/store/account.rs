//! The table of accounts.

use super::{Connection, StoreError, Transaction, columns::Flag};
use crate::{
    clock::Timestamp,
    domain::{account::AccountId, limits::Limits},
};
use sqlx::FromRow;

/// A new account.
pub(crate) struct NewAccount<'a> {
    pub(crate) id: &'a AccountId,
    pub(crate) name: &'a str,
    pub(crate) slug: &'a str,
    pub(crate) created_at: Timestamp,
    pub(crate) limit_per_second: u32,
    pub(crate) limit_per_minute: u32,
}

/// An account in the operator's list.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AccountLine {
    /// The identifier of the account.
    pub id: AccountId,
    /// The word that identifies the account in commands.
    pub slug: String,
    /// The name of the organisation.
    pub name: String,
    /// The number of its members.
    #[sqlx(try_from = "i64")]
    pub members: u64,
    /// When the account was created.
    pub created_at: Timestamp,
    /// Whether its members may sign in and its keys are accepted.
    #[sqlx(try_from = "Flag")]
    pub enabled: bool,
}

/// Inserts an account. Returns false if another account already has the slug, even one that is inserted concurrently.
pub(crate) async fn insert(
    transaction: &mut Transaction,
    account: &NewAccount<'_>,
) -> Result<bool, StoreError> {
    let inserted = sqlx::query(
        "INSERT INTO account (id, name, slug, created_at, version, limit_per_second, limit_per_minute) \
         VALUES ($1, $2, $3, $4, 0, $5, $6) ON CONFLICT (slug) DO NOTHING",
    )
    .bind(account.id.as_str())
    .bind(account.name)
    .bind(account.slug)
    .bind(account.created_at.as_micros())
    .bind(i64::from(account.limit_per_second))
    .bind(i64::from(account.limit_per_minute))
    .execute(&mut **transaction)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Locks the account: every other writer of it waits until the transaction ends. Each transaction that writes for an
/// account must call this first; then everything that it reads stays true until it commits.
pub(super) async fn lock(transaction: &mut Transaction, id: &AccountId) -> Result<(), StoreError> {
    let locked = sqlx::query("UPDATE account SET version = version + 1 WHERE id = $1")
        .bind(id.as_str())
        .execute(&mut **transaction)
        .await?;
    if locked.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Damaged("account")) }
}

/// All accounts, the oldest first.
pub(crate) async fn list(connection: &mut Connection) -> Result<Vec<AccountLine>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT a.id, a.slug, a.name, a.created_at, CASE WHEN a.disabled_at IS NULL THEN 1 ELSE 0 END AS enabled, \
         (SELECT COUNT(*) FROM member m WHERE m.account_id = a.id AND m.removed_at IS NULL) AS members \
         FROM account a ORDER BY a.created_at, a.id",
    )
    .fetch_all(connection)
    .await?)
}

pub(crate) async fn rename(
    transaction: &mut Transaction,
    id: &AccountId,
    name: &str,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE account SET name = $1 WHERE id = $2")
        .bind(name)
        .bind(id.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// The account with this slug.
pub(crate) async fn find_by_slug(
    connection: &mut Connection,
    slug: &str,
) -> Result<Option<AccountId>, StoreError> {
    Ok(sqlx::query_scalar("SELECT id FROM account WHERE slug = $1")
        .bind(slug)
        .fetch_optional(connection)
        .await?)
}

pub(crate) async fn set_limits(
    transaction: &mut Transaction,
    id: &AccountId,
    limits: Limits,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE account SET limit_per_second = $1, limit_per_minute = $2 WHERE id = $3")
        .bind(i64::from(limits.per_second))
        .bind(i64::from(limits.per_minute))
        .bind(id.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Disables an account from this time on, or enables it.
pub(crate) async fn set_disabled(
    transaction: &mut Transaction,
    id: &AccountId,
    since: Option<Timestamp>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE account SET disabled_at = $1 WHERE id = $2")
        .bind(since.map(Timestamp::as_micros))
        .bind(id.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
