//! The tables of audit chains and their events. Events are added, never changed.

use super::{StoreError, Transaction};
use sqlx::{AnyConnection, FromRow};

/// Where a chain ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChainHead {
    /// Of the last event; 0 where there is none.
    pub(crate) sequence: i64,
    /// Of the last event; empty where there is none.
    pub(crate) last_mac: String,
    /// The message authentication code over the two.
    pub(crate) head_seal: String,
}

/// One event as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub(crate) struct EventRow {
    pub(crate) sequence: i64,
    pub(crate) at: i64,
    pub(crate) actor: String,
    pub(crate) action: String,
    pub(crate) target: String,
    pub(crate) outcome: String,
    pub(crate) address: String,
    pub(crate) user_agent: String,
    pub(crate) request_id: String,
    pub(crate) previous_mac: String,
    pub(crate) mac: String,
}

/// A chain without an event, its end sealed.
pub(crate) async fn insert_chain(
    transaction: &mut Transaction,
    chain: &str,
    head_seal: &str,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO audit_chain (id, sequence, last_mac, head_seal) VALUES ($1, 0, '', $2)")
        .bind(chain)
        .bind(head_seal)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Reads the end of a chain and keeps every other writer of the chain waiting until the transaction ends.
pub(crate) async fn lock_head(transaction: &mut Transaction, chain: &str) -> Result<ChainHead, StoreError> {
    sqlx::query("UPDATE audit_chain SET sequence = sequence WHERE id = $1")
        .bind(chain)
        .execute(&mut **transaction)
        .await?;
    head(transaction, chain).await
}

pub(crate) async fn head(connection: &mut AnyConnection, chain: &str) -> Result<ChainHead, StoreError> {
    let row: Option<(i64, String, String)> =
        sqlx::query_as("SELECT sequence, last_mac, head_seal FROM audit_chain WHERE id = $1")
            .bind(chain)
            .fetch_optional(connection)
            .await?;
    let (sequence, last_mac, head_seal) = row.ok_or(StoreError::Damaged("audit_chain"))?;
    Ok(ChainHead { sequence, last_mac, head_seal })
}

pub(crate) async fn append(
    transaction: &mut Transaction,
    chain: &str,
    event: &EventRow,
    head_seal: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, \
         request_id, previous_mac, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(chain)
    .bind(event.sequence)
    .bind(event.at)
    .bind(&event.actor)
    .bind(&event.action)
    .bind(&event.target)
    .bind(&event.outcome)
    .bind(&event.address)
    .bind(&event.user_agent)
    .bind(&event.request_id)
    .bind(&event.previous_mac)
    .bind(&event.mac)
    .execute(&mut **transaction)
    .await?;
    sqlx::query("UPDATE audit_chain SET sequence = $1, last_mac = $2, head_seal = $3 WHERE id = $4")
        .bind(event.sequence)
        .bind(&event.mac)
        .bind(head_seal)
        .bind(chain)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// How many events all chains together have recorded. It never falls while nobody puts an older copy of the database back.
pub(crate) async fn count_recorded(connection: &mut AnyConnection) -> Result<i64, StoreError> {
    let (recorded,): (i64,) =
        sqlx::query_as("SELECT CAST(COALESCE(SUM(sequence), 0) AS BIGINT) FROM audit_chain")
            .fetch_one(connection)
            .await?;
    Ok(recorded)
}

/// The names of all chains.
pub(crate) async fn chains(connection: &mut AnyConnection) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM audit_chain ORDER BY id").fetch_all(connection).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Up to `limit` events of a chain that come after `sequence`, in their order.
pub(crate) async fn events_after(
    connection: &mut AnyConnection,
    chain: &str,
    sequence: i64,
    limit: i64,
) -> Result<Vec<EventRow>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT sequence, at, actor, action, target, outcome, address, user_agent, request_id, previous_mac, mac \
         FROM audit_event WHERE chain = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
    )
    .bind(chain)
    .bind(sequence)
    .bind(limit)
    .fetch_all(connection)
    .await?)
}
