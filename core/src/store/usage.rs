//! The table of usage: for each account, day and outcome, the number of requests.

use super::{Connection, StoreError, Transaction, rows};
use crate::domain::account::AccountId;
use sqlx::{AssertSqlSafe, FromRow};

/// The count of one outcome on one day.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub(crate) struct UsageRow {
    /// The number of days since 1970-01-01, in UTC.
    pub(crate) day: i64,
    pub(crate) outcome: String,
    #[sqlx(try_from = "i64")]
    pub(crate) count: u64,
}

/// The key of one count: the account, the day and the outcome.
pub(crate) type Counted = (AccountId, i64, &'static str);

/// Adds to the counts. No key may occur twice.
pub(crate) async fn add(transaction: &mut Transaction, counts: &[(Counted, i64)]) -> Result<(), StoreError> {
    let statement = format!(
        "INSERT INTO usage_day (account_id, day, outcome, count) VALUES {} \
         ON CONFLICT (account_id, day, outcome) DO UPDATE SET count = usage_day.count + excluded.count",
        rows(counts.len(), &["TEXT", "BIGINT", "TEXT", "BIGINT"])
    );
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for ((account, day, outcome), count) in counts {
        query = query.bind(account.as_str()).bind(*day).bind(*outcome).bind(*count);
    }
    query.execute(&mut **transaction).await?;
    Ok(())
}

/// The counts from this day on.
pub(crate) async fn since(
    connection: &mut Connection,
    account: &AccountId,
    day: i64,
) -> Result<Vec<UsageRow>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT day, outcome, count FROM usage_day WHERE account_id = $1 AND day >= $2 ORDER BY day, outcome",
    )
    .bind(account.as_str())
    .bind(day)
    .fetch_all(connection)
    .await?)
}
