//! The table of usage: how often the requests of an account ended how, day by day.

use super::{StoreError, Transaction};
use crate::domain::account::AccountId;
use sqlx::AnyConnection;

/// What was counted of one outcome on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UsageRow {
    /// Counted from 1970-01-01, in UTC.
    pub(crate) day: i64,
    pub(crate) outcome: String,
    pub(crate) count: u64,
}

/// Adds to what was counted.
pub(crate) async fn add(
    transaction: &mut Transaction,
    account: &AccountId,
    day: i64,
    outcome: &str,
    count: u32,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO usage_day (account_id, day, outcome, count) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (account_id, day, outcome) DO UPDATE SET count = usage_day.count + excluded.count",
    )
    .bind(account.as_str())
    .bind(day)
    .bind(outcome)
    .bind(i64::from(count))
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// What was counted from a day on.
pub(crate) async fn since(
    connection: &mut AnyConnection,
    account: &AccountId,
    day: i64,
) -> Result<Vec<UsageRow>, StoreError> {
    let rows: Vec<(i64, String, i64)> = sqlx::query_as(
        "SELECT day, outcome, count FROM usage_day WHERE account_id = $1 AND day >= $2 ORDER BY day, outcome",
    )
    .bind(account.as_str())
    .bind(day)
    .fetch_all(connection)
    .await?;
    let row = |(day, outcome, count)| UsageRow { day, outcome, count: u64::try_from(count).unwrap_or(0) };
    Ok(rows.into_iter().map(row).collect())
}
