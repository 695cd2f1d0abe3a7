//! The tables of audit chains and their events. Events are inserted, never changed.

use super::{Connection, StoreError, Transaction};
use crate::clock::Timestamp;
use sqlx::FromRow;

/// The head of a chain: the state after its last event.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub(crate) struct ChainHead {
    /// The identifier of the chain.
    pub(crate) chain: String,
    /// An account's id, or `installation`.
    pub(crate) owner: String,
    /// 1 for the owner's first chain. Each chain that replaces a broken one gets the next number.
    pub(crate) number: i64,
    /// The number of the last event; 0 if there is none.
    pub(crate) sequence: i64,
    /// The MAC of the last event; empty if there is none.
    pub(crate) last_mac: String,
    /// The MAC over the number and the MAC of the last event.
    pub(crate) head_seal: String,
}

/// An event as it is stored.
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

/// Inserts a chain without events, with the MAC of its head. Returns false if a chain with its id or number already
/// exists.
pub(crate) async fn insert_chain(
    transaction: &mut Transaction,
    head: &ChainHead,
) -> Result<bool, StoreError> {
    let inserted = sqlx::query(
        "INSERT INTO audit_chain (id, owner, number, sequence, last_mac, head_seal) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT DO NOTHING",
    )
    .bind(&head.chain)
    .bind(&head.owner)
    .bind(head.number)
    .bind(head.sequence)
    .bind(&head.last_mac)
    .bind(&head.head_seal)
    .execute(&mut **transaction)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Reads the head of the newest chain of an owner, and locks the chain until the transaction ends. Returns `None` if
/// the owner has no chain, which means that its row was deleted.
pub(crate) async fn lock_head(
    transaction: &mut Transaction,
    owner: &str,
) -> Result<Option<ChainHead>, StoreError> {
    sqlx::query("UPDATE audit_chain SET sequence = sequence WHERE owner = $1")
        .bind(owner)
        .execute(&mut **transaction)
        .await?;
    Ok(sqlx::query_as(concat!(
        "SELECT id AS chain, owner, number, sequence, last_mac, head_seal FROM audit_chain ",
        "WHERE owner = $1 ORDER BY number DESC LIMIT 1"
    ))
    .bind(owner)
    .fetch_optional(&mut **transaction)
    .await?)
}

/// Adds an event to a chain and stores the MAC of the new head. Returns false if another event already has its number:
/// an attacker who can write to the database may have inserted one.
pub(crate) async fn append(
    transaction: &mut Transaction,
    chain: &str,
    event: &EventRow,
    head_seal: &str,
) -> Result<bool, StoreError> {
    let inserted = sqlx::query(
        "INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, \
         request_id, previous_mac, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT DO NOTHING",
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
    if inserted.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query("UPDATE audit_chain SET sequence = $1, last_mac = $2, head_seal = $3 WHERE id = $4")
        .bind(event.sequence)
        .bind(&event.mac)
        .bind(head_seal)
        .bind(chain)
        .execute(&mut **transaction)
        .await?;
    Ok(true)
}

/// The number of events that all chains together have recorded. It decreases only if an older copy of the database is
/// restored.
pub(crate) async fn count_recorded(connection: &mut Connection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT CAST(COALESCE(SUM(sequence), 0) AS BIGINT) FROM audit_chain")
        .fetch_one(connection)
        .await?)
}

/// The time of the newest event in any chain.
pub(crate) async fn newest(connection: &mut Connection) -> Result<Option<Timestamp>, StoreError> {
    Ok(sqlx::query_scalar("SELECT MAX(at) FROM audit_event").fetch_one(connection).await?)
}

/// The heads of all chains. The chains of one owner are sorted by number.
pub(crate) async fn heads(connection: &mut Connection) -> Result<Vec<ChainHead>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT id AS chain, owner, number, sequence, last_mac, head_seal FROM audit_chain ORDER BY owner, number",
    )
    .fetch_all(connection)
    .await?)
}

/// The accounts without any chain.
pub(crate) async fn accounts_without_chain(connection: &mut Connection) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT a.id FROM account a WHERE NOT EXISTS (SELECT 1 FROM audit_chain c WHERE c.owner = a.id) ORDER BY a.id",
    )
    .fetch_all(connection)
    .await?)
}

/// The chains with events before their first or after their last event, and chains that exist only as events. One
/// statement, so that events and heads come from the same moment.
pub(crate) async fn chains_with_stray_events(connection: &mut Connection) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT DISTINCT e.chain FROM audit_event e LEFT JOIN audit_chain c ON c.id = e.chain \
         WHERE c.id IS NULL OR e.sequence < 1 OR e.sequence > c.sequence ORDER BY e.chain",
    )
    .fetch_all(connection)
    .await?)
}

/// Up to `limit` events of a chain after `sequence`, in order.
pub(crate) async fn events_after(
    connection: &mut Connection,
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
