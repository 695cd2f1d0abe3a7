//! The table of sessions.

use super::{Connection, StoreError, Transaction, columns::Flag};
use crate::{
    clock::Timestamp,
    domain::{account::AccountId, member::MemberId, permission::Permission, session::SessionId},
};
use sqlx::FromRow;

/// A new session.
pub(crate) struct NewSession<'a> {
    pub(crate) id: &'a SessionId,
    pub(crate) member: &'a MemberId,
    pub(crate) token_hash: &'a str,
    pub(crate) mac: &'a str,
    pub(crate) csrf_secret: &'a str,
    pub(crate) device_hash: &'a str,
    pub(crate) created_at: Timestamp,
    pub(crate) absolute_end: Timestamp,
    pub(crate) address: &'a str,
    pub(crate) user_agent: &'a str,
}

/// A session of an enabled member in an enabled account, with the names that every page shows.
#[derive(FromRow)]
pub(crate) struct SessionRow {
    pub(crate) id: SessionId,
    pub(crate) member: MemberId,
    pub(crate) account: AccountId,
    pub(crate) member_name: String,
    pub(crate) organisation: String,
    #[sqlx(try_from = "Flag")]
    pub(crate) manages_members: bool,
    pub(crate) csrf_secret: String,
    pub(crate) device_hash: String,
    pub(crate) last_seen_at: Timestamp,
    pub(crate) absolute_end: Timestamp,
    /// If the session was found by its replaced token: until when this token is still accepted.
    pub(crate) replaced_until: Option<Timestamp>,
    /// The MAC for the token by which the session was found.
    pub(crate) mac: String,
}

pub(crate) async fn insert(
    transaction: &mut Transaction,
    session: &NewSession<'_>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO session (id, member_id, token_hash, csrf_secret, device_hash, created_at, last_seen_at, \
         absolute_end, address, user_agent, mac) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10)",
    )
    .bind(session.id.as_str())
    .bind(session.member.as_str())
    .bind(session.token_hash)
    .bind(session.csrf_secret)
    .bind(session.device_hash)
    .bind(session.created_at.as_micros())
    .bind(session.absolute_end.as_micros())
    .bind(session.address)
    .bind(session.user_agent)
    .bind(session.mac)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// The session with this token. The token that it replaced finds the session too.
pub(crate) async fn find(
    connection: &mut Connection,
    token_hash: &str,
) -> Result<Option<SessionRow>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT s.id, m.id AS member, a.id AS account, m.name AS member_name, a.name AS organisation, \
         (SELECT COUNT(*) FROM role_permission r WHERE r.role_id = m.role_id AND r.permission = $2) + \
         (SELECT COUNT(*) FROM permission_grant g WHERE g.member_id = m.id AND g.permission = $2) AS manages_members, \
         s.csrf_secret, s.device_hash, s.last_seen_at, s.absolute_end, \
         CASE WHEN s.token_hash = $1 THEN NULL ELSE s.previous_valid_until END AS replaced_until, \
         COALESCE(CASE WHEN s.token_hash = $1 THEN s.mac ELSE s.previous_mac END, '') AS mac \
         FROM session s JOIN member m ON m.id = s.member_id JOIN account a ON a.id = m.account_id \
         WHERE (s.token_hash = $1 OR s.previous_token_hash = $1) AND m.status = 'active' AND a.disabled_at IS NULL",
    )
    .bind(token_hash)
    .bind(Permission::MemberManagement.as_str())
    .fetch_optional(connection)
    .await?)
}
/// When the session was last used, and its absolute end, if the session exists.
pub(crate) async fn times(
    transaction: &mut Transaction,
    id: &SessionId,
) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
    Ok(sqlx::query_as("SELECT last_seen_at, absolute_end FROM session WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(&mut **transaction)
        .await?)
}

pub(crate) async fn touch(
    transaction: &mut Transaction,
    id: &SessionId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE session SET last_seen_at = $1 WHERE id = $2 AND last_seen_at < $1")
        .bind(now.as_micros())
        .bind(id.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Gives the session a new token. The old token is accepted until `previous_valid_until`, for requests that are under
/// way.
pub(crate) async fn replace_token(
    transaction: &mut Transaction,
    id: &SessionId,
    token_hash: &str,
    mac: &str,
    previous_valid_until: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE session SET previous_token_hash = token_hash, previous_mac = mac, previous_valid_until = $1, \
         token_hash = $2, mac = $3 WHERE id = $4",
    )
    .bind(previous_valid_until.as_micros())
    .bind(token_hash)
    .bind(mac)
    .bind(id.as_str())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Ends a session: its token and the replaced token are refused from now on. Returns whether the session existed.
pub(crate) async fn delete(transaction: &mut Transaction, id: &SessionId) -> Result<bool, StoreError> {
    let deleted = sqlx::query("DELETE FROM session WHERE id = $1")
        .bind(id.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(deleted.rows_affected() == 1)
}

/// Ends the session with this token, so that a browser that signs in again leaves no session behind.
pub(crate) async fn delete_of_token(
    transaction: &mut Transaction,
    token_hash: &str,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM session WHERE token_hash = $1 OR previous_token_hash = $1")
        .bind(token_hash)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Deletes the expired sessions of a member.
pub(crate) async fn delete_ended(
    transaction: &mut Transaction,
    member: &MemberId,
    last_seen_before: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM session WHERE member_id = $1 AND (last_seen_at < $2 OR absolute_end <= $3)")
        .bind(member.as_str())
        .bind(last_seen_before.as_micros())
        .bind(now.as_micros())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Ends the oldest sessions of a member, so that at most this many remain.
pub(crate) async fn delete_oldest(
    transaction: &mut Transaction,
    member: &MemberId,
    left: u32,
) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM session WHERE member_id = $1 AND id NOT IN \
         (SELECT id FROM session WHERE member_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2)",
    )
    .bind(member.as_str())
    .bind(i64::from(left))
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Ends all sessions of a member, or all except one.
pub(crate) async fn delete_all_of(
    transaction: &mut Transaction,
    member: &MemberId,
    except: Option<&SessionId>,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM session WHERE member_id = $1 AND id <> $2")
        .bind(member.as_str())
        .bind(except.map_or("", SessionId::as_str))
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Ends one session of a member. Returns whether it existed.
pub(crate) async fn delete_of(
    transaction: &mut Transaction,
    member: &MemberId,
    id: &SessionId,
) -> Result<bool, StoreError> {
    let deleted = sqlx::query("DELETE FROM session WHERE member_id = $1 AND id = $2")
        .bind(member.as_str())
        .bind(id.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(deleted.rows_affected() == 1)
}

/// A session in its member's list.
#[derive(FromRow)]
pub(crate) struct SessionLine {
    pub(crate) id: SessionId,
    pub(crate) created_at: Timestamp,
    pub(crate) last_seen_at: Timestamp,
    pub(crate) absolute_end: Timestamp,
    pub(crate) address: String,
    pub(crate) user_agent: String,
}

/// All sessions of a member, the most recently used first.
pub(crate) async fn list(
    connection: &mut Connection,
    member: &MemberId,
) -> Result<Vec<SessionLine>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT id, created_at, last_seen_at, absolute_end, address, user_agent FROM session \
         WHERE member_id = $1 ORDER BY last_seen_at DESC, id DESC",
    )
    .bind(member.as_str())
    .fetch_all(connection)
    .await?)
}

/// The number of sessions that were used since one time and have not ended at another.
pub(crate) async fn count_running(
    connection: &mut Connection,
    idle_since: Timestamp,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let count: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM session WHERE last_seen_at > $1 AND absolute_end > $2")
            .bind(idle_since.as_micros())
            .bind(now.as_micros())
            .fetch_one(connection)
            .await?;
    Ok(usize::try_from(count).unwrap_or(0))
}
