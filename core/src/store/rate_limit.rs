//! The table of rate limits: for each limit, the time at which nothing of it is used any more.

use super::{StoreError, Transaction};
use crate::clock::Timestamp;

pub(crate) async fn find(
    transaction: &mut Transaction,
    subject: &str,
) -> Result<Option<Timestamp>, StoreError> {
    Ok(sqlx::query_scalar("SELECT at_rest FROM rate_limit WHERE subject = $1")
        .bind(subject)
        .fetch_optional(&mut **transaction)
        .await?)
}

/// Creates the row if it does not exist, and locks it until the transaction ends: the value that is read then stays
/// true.
pub(crate) async fn lock(transaction: &mut Transaction, subject: &str) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO rate_limit (subject, at_rest) VALUES ($1, 0) \
         ON CONFLICT (subject) DO UPDATE SET at_rest = rate_limit.at_rest",
    )
    .bind(subject)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

pub(crate) async fn set(
    transaction: &mut Transaction,
    subject: &str,
    at_rest: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE rate_limit SET at_rest = $1 WHERE subject = $2")
        .bind(at_rest.as_micros())
        .bind(subject)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
