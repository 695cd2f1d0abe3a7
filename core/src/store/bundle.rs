//! The table of bundles.

use super::{Connection, StoreError, Transaction, columns::Flag, rows};
use crate::{
    clock::Timestamp,
    domain::{
        account::AccountId,
        bundle::{BundleId, BundleName, BundleTerms, Services},
    },
};
use sqlx::{Any, AssertSqlSafe, Database, FromRow};

/// A bundle, and how much of its quota is used.
#[derive(Debug)]
pub(crate) struct BundleRecord {
    pub(crate) id: BundleId,
    pub(crate) terms: BundleTerms,
    pub(crate) used: u64,
}

/// A row of the table.
#[derive(FromRow)]
pub(super) struct BundleRow {
    id: BundleId,
    pub(super) account_id: AccountId,
    name: String,
    services: String,
    #[sqlx(try_from = "Flag")]
    enabled: bool,
    expires_at: Option<Timestamp>,
    quota: Option<i64>,
    #[sqlx(try_from = "Flag")]
    is_trial: bool,
    used: i64,
}

/// The text of a query for bundles, with this condition.
macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT id, account_id, name, services, enabled, expires_at, quota, is_trial, used FROM bundle WHERE ",
            $condition
        )
    };
}
pub(super) use select;

impl TryFrom<BundleRow> for BundleRecord {
    type Error = StoreError;

    fn try_from(row: BundleRow) -> Result<Self, StoreError> {
        let damaged = || StoreError::Damaged("bundle");
        let count = |number: i64| u64::try_from(number).map_err(|_| damaged());
        Ok(Self {
            id: row.id,
            terms: BundleTerms {
                name: BundleName::parse(&row.name).map_err(|_| damaged())?,
                services: Services::parse(&row.services).map_err(|_| damaged())?,
                enabled: row.enabled,
                expires_at: row.expires_at,
                quota: row.quota.map(count).transpose()?,
                is_trial: row.is_trial,
            },
            // A refund just after a write can make it negative for a moment.
            used: count(row.used.max(0))?,
        })
    }
}

/// The bundle of an account, if it has one.
pub(crate) async fn find(
    connection: &mut Connection,
    account: &AccountId,
) -> Result<Option<BundleRecord>, StoreError> {
    let query = sqlx::query_as::<_, BundleRow>(select!("account_id = $1")).bind(account.as_str());
    query.fetch_optional(connection).await?.map(BundleRecord::try_from).transpose()
}

/// Inserts the bundle of an account, with nothing of its quota used.
pub(crate) async fn insert(
    transaction: &mut Transaction,
    id: &BundleId,
    account: &AccountId,
    terms: &BundleTerms,
) -> Result<(), StoreError> {
    let insert = sqlx::query(
        "INSERT INTO bundle (name, services, enabled, expires_at, quota, is_trial, account_id, id, used) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)",
    );
    bind_terms(insert, terms).bind(account.as_str()).bind(id.as_str()).execute(&mut **transaction).await?;
    Ok(())
}

/// Replaces the terms of a bundle.
pub(crate) async fn update(
    transaction: &mut Transaction,
    account: &AccountId,
    terms: &BundleTerms,
) -> Result<(), StoreError> {
    let update = sqlx::query(
        "UPDATE bundle SET name = $1, services = $2, enabled = $3, expires_at = $4, quota = $5, is_trial = $6 \
         WHERE account_id = $7",
    );
    bind_terms(update, terms).bind(account.as_str()).execute(&mut **transaction).await?;
    Ok(())
}

/// Resets the used quota of the bundle and gives the bundle a new id.
pub(crate) async fn refill(
    transaction: &mut Transaction,
    account: &AccountId,
    id: &BundleId,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE bundle SET id = $1, used = 0 WHERE account_id = $2")
        .bind(id.as_str())
        .bind(account.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Deletes the bundle. Returns false if there is none.
pub(crate) async fn delete(transaction: &mut Transaction, account: &AccountId) -> Result<bool, StoreError> {
    let deleted = sqlx::query("DELETE FROM bundle WHERE account_id = $1")
        .bind(account.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(deleted.rows_affected() == 1)
}

/// Adds to the used quota of each bundle. A bundle must not occur twice. A bundle that was deleted or refilled
/// meanwhile is skipped.
pub(crate) async fn add_used(
    transaction: &mut Transaction,
    spent: &[(BundleId, i64)],
) -> Result<(), StoreError> {
    let values = rows(spent.len(), &["BIGINT", "TEXT"]);
    let statement =
        format!("UPDATE bundle SET used = used + v.column1 FROM (VALUES {values}) AS v WHERE id = v.column2");
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for (id, used) in spent {
        query = query.bind(*used).bind(id.as_str());
    }
    query.execute(&mut **transaction).await?;
    Ok(())
}

type Query<'q> = sqlx::query::Query<'q, Any, <Any as Database>::Arguments>;

/// Binds the terms to `$1` until `$6`.
fn bind_terms<'q>(query: Query<'q>, terms: &'q BundleTerms) -> Query<'q> {
    query
        .bind(terms.name.as_str())
        .bind(terms.services.to_string())
        .bind(i64::from(terms.enabled))
        .bind(terms.expires_at.map(Timestamp::as_micros))
        .bind(terms.quota.map(|quota| i64::try_from(quota).unwrap_or(i64::MAX)))
        .bind(i64::from(terms.is_trial))
}
