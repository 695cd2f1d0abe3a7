//! The table of failed password checks, by subject and source.

use super::{StoreError, Transaction};
use crate::clock::Timestamp;
use sqlx::FromRow;

/// The key of one count: whose password was tried, and from which source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counter {
    /// A member's id, or the keyed hash of an unknown e-mail address.
    pub(crate) subject: String,
    /// The hash of a known device's token, a network, or all unknown devices together.
    pub(crate) source: String,
}

/// The number of failures, and the time of the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub(crate) struct LoginFailures {
    #[sqlx(try_from = "i64")]
    pub(crate) count: u32,
    pub(crate) last_at: Timestamp,
}

pub(crate) async fn find(
    transaction: &mut Transaction,
    counter: &Counter,
) -> Result<Option<LoginFailures>, StoreError> {
    let failures = sqlx::query_as(
        "SELECT failures AS count, last_at FROM login_failure WHERE subject = $1 AND source = $2",
    );
    Ok(failures.bind(&counter.subject).bind(&counter.source).fetch_optional(&mut **transaction).await?)
}

pub(crate) async fn set(
    transaction: &mut Transaction,
    counter: &Counter,
    failures: LoginFailures,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO login_failure (subject, source, failures, last_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (subject, source) \
         DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, turned_away = 0",
    )
    .bind(&counter.subject)
    .bind(&counter.source)
    .bind(i64::from(failures.count))
    .bind(failures.last_at.as_micros())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Records that an attempt was refused without a check. Returns whether it is the first since the last failure.
pub(crate) async fn turn_away(transaction: &mut Transaction, counter: &Counter) -> Result<bool, StoreError> {
    let noted = sqlx::query(
        "UPDATE login_failure SET turned_away = 1 WHERE subject = $1 AND source = $2 AND turned_away = 0",
    )
    .bind(&counter.subject)
    .bind(&counter.source)
    .execute(&mut **transaction)
    .await?;
    Ok(noted.rows_affected() == 1)
}

pub(crate) async fn clear(transaction: &mut Transaction, counter: &Counter) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM login_failure WHERE subject = $1 AND source = $2")
        .bind(&counter.subject)
        .bind(&counter.source)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Clears the counts of a subject for every source.
pub(crate) async fn clear_all(transaction: &mut Transaction, subject: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM login_failure WHERE subject = $1")
        .bind(subject)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
