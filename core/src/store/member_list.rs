//! The list of the members of an account: one page, with the permissions of each member and the keys that they have
//! seen.

use super::{
    Connection, StoreError,
    columns::{Flag, Shared},
};
use crate::{
    clock::Timestamp,
    domain::{
        account::AccountId, credential::CredentialKind, member::MemberId, permission::Permission,
        role::RoleId,
    },
};
use sqlx::{AssertSqlSafe, FromRow};

/// The members to select.
pub(crate) struct Selection<'a> {
    pub(crate) account: &'a AccountId,
    /// The search text, case-folded, with the wildcards of `LIKE` escaped.
    pub(crate) pattern: &'a str,
    pub(crate) limit: i64,
    pub(crate) offset: i64,
    /// Counts of wrong passwords are included only if their last failure is newer than this.
    pub(crate) failures_since: Timestamp,
    /// The source that counts all unknown devices together.
    pub(crate) unknown_devices: &'a str,
}

/// One member.
#[derive(FromRow)]
pub(crate) struct Line {
    pub(crate) id: MemberId,
    pub(crate) name: String,
    pub(crate) email: String,
    #[sqlx(try_from = "Flag")]
    pub(crate) is_active: bool,
    pub(crate) role: Option<RoleId>,
    /// The highest count of wrong passwords from any single source.
    #[sqlx(try_from = "i64")]
    pub(crate) failures_of_one_source: u32,
    /// The count of wrong passwords from all unknown devices together.
    #[sqlx(try_from = "i64")]
    pub(crate) failures_of_unknown_devices: u32,
}

/// One permission that was granted directly to a member.
#[derive(FromRow)]
pub(crate) struct GrantLine {
    pub(crate) member: MemberId,
    #[sqlx(try_from = "Shared<Permission>")]
    pub(crate) permission: Permission,
    pub(crate) granted_by: String,
    pub(crate) granted_at: Timestamp,
}

const MATCHES: &str = "account_id = $1 AND removed_at IS NULL \
                       AND (name_folded LIKE $2 ESCAPE '!' OR email_folded LIKE $2 ESCAPE '!')";

/// The number of members that match the selection.
pub(crate) async fn count(
    connection: &mut Connection,
    account: &AccountId,
    pattern: &str,
) -> Result<u64, StoreError> {
    let count: i64 =
        sqlx::query_scalar(AssertSqlSafe(format!("SELECT COUNT(*) FROM member WHERE {MATCHES}")))
            .bind(account.as_str())
            .bind(pattern)
            .fetch_one(connection)
            .await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// A page of members, sorted by name.
pub(crate) async fn page(
    connection: &mut Connection,
    selection: &Selection<'_>,
) -> Result<Vec<Line>, StoreError> {
    let most = "SELECT COALESCE(MAX(f.failures), 0) FROM login_failure f WHERE f.subject = member.id AND f.last_at > $5";
    Ok(sqlx::query_as(AssertSqlSafe(format!(
        "SELECT id, name, email, CASE WHEN status = 'active' THEN 1 ELSE 0 END AS is_active, role_id AS role, \
         ({most} AND f.source <> $6) AS failures_of_one_source, ({most} AND f.source = $6) AS failures_of_unknown_devices \
         FROM member WHERE {MATCHES} ORDER BY name_folded, id LIMIT $3 OFFSET $4"
    )))
    .bind(selection.account.as_str())
    .bind(selection.pattern)
    .bind(selection.limit)
    .bind(selection.offset)
    .bind(selection.failures_since.as_micros())
    .bind(selection.unknown_devices)
    .fetch_all(connection)
    .await?)
}

/// The grants of the members of an account whose ids lie between two ids.
pub(crate) async fn grants(
    connection: &mut Connection,
    selection: &Selection<'_>,
) -> Result<Vec<GrantLine>, StoreError> {
    Ok(sqlx::query_as(AssertSqlSafe(format!(
        "SELECT g.member_id AS member, g.permission, b.name AS granted_by, g.granted_at FROM permission_grant g \
         JOIN member b ON b.id = g.granted_by \
         WHERE g.member_id IN (SELECT id FROM member WHERE {MATCHES} ORDER BY name_folded, id LIMIT $3 OFFSET $4)"
    )))
    .bind(selection.account.as_str())
    .bind(selection.pattern)
    .bind(selection.limit)
    .bind(selection.offset)
    .fetch_all(connection)
    .await?)
}

/// The members who have seen a current generation of a key: the audit trail says that they viewed, copied or reset it.
pub(crate) async fn who_has_seen_current_keys(
    connection: &mut Connection,
    account: &AccountId,
) -> Result<Vec<(MemberId, CredentialKind)>, StoreError> {
    let seen: Vec<(MemberId, Shared<CredentialKind>)> = sqlx::query_as(
        "SELECT DISTINCT e.actor, c.kind FROM credential c \
         JOIN audit_chain h ON h.owner = c.account_id \
         JOIN audit_event e ON e.chain = h.id AND e.target = c.kind || '/' || CAST(c.generation AS TEXT) \
         AND e.sequence BETWEEN 1 AND h.sequence WHERE c.account_id = $1 AND c.retired_at IS NULL AND e.outcome = 'done' \
         AND e.action IN ('credential.view', 'credential.copy', 'credential.reset') ORDER BY e.actor, c.kind",
    )
    .bind(account.as_str())
    .fetch_all(connection)
    .await?;
    Ok(seen.into_iter().map(|(member, kind)| (member, kind.into())).collect())
}
