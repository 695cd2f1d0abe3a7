//! The members of an account as a list: a page of them, with what each may do and has seen.

use super::{Connection, StoreError};
use crate::{
    clock::Timestamp,
    domain::{
        account::AccountId, credential::CredentialKind, member::MemberId, permission::Permission,
        role::RoleId,
    },
};

/// Which members are asked for.
pub(crate) struct Selection<'a> {
    pub(crate) account: &'a AccountId,
    /// Folded, and with what `LIKE` takes for a wildcard marked as none.
    pub(crate) pattern: &'a str,
    pub(crate) limit: i64,
    pub(crate) offset: i64,
    /// Wrong passwords are counted where the last one came after this.
    pub(crate) failures_since: Timestamp,
    /// The source that stands for all unknown devices together.
    pub(crate) unknown_devices: &'a str,
}

/// One member.
pub(crate) struct Line {
    pub(crate) id: MemberId,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) is_active: bool,
    pub(crate) role: Option<RoleId>,
    /// The most wrong passwords of any one source, and those of all unknown devices together.
    pub(crate) failures: (u32, u32),
}

/// One permission that was granted to one member alone.
pub(crate) struct GrantLine {
    pub(crate) member: MemberId,
    pub(crate) permission: Permission,
    pub(crate) granted_by: String,
    pub(crate) granted_at: Timestamp,
}

const MATCHES: &str = "account_id = $1 AND removed_at IS NULL \
                       AND (name_folded LIKE $2 ESCAPE '!' OR email_folded LIKE $2 ESCAPE '!')";

/// How many members there are of this kind.
pub(crate) async fn count(
    connection: &mut Connection,
    account: &AccountId,
    pattern: &str,
) -> Result<u64, StoreError> {
    let (count,): (i64,) =
        sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM member WHERE {MATCHES}")))
            .bind(account.as_str())
            .bind(pattern)
            .fetch_one(connection)
            .await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

type LineColumns = (String, String, String, String, Option<String>, i64, i64);

/// A page of members by name.
pub(crate) async fn page(
    connection: &mut Connection,
    selection: &Selection<'_>,
) -> Result<Vec<Line>, StoreError> {
    let most = "SELECT COALESCE(MAX(f.failures), 0) FROM login_failure f WHERE f.subject = member.id AND f.last_at > $5";
    let rows: Vec<LineColumns> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT id, name, email, status, role_id, ({most} AND f.source <> $6), ({most} AND f.source = $6) \
             FROM member WHERE {MATCHES} ORDER BY name_folded, id LIMIT $3 OFFSET $4"
    )))
    .bind(selection.account.as_str())
    .bind(selection.pattern)
    .bind(selection.limit)
    .bind(selection.offset)
    .bind(selection.failures_since.as_micros())
    .bind(selection.unknown_devices)
    .fetch_all(connection)
    .await?;
    let count = |count| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(rows
        .into_iter()
        .map(|(id, name, email, status, role, of_one, of_unknown)| Line {
            id: MemberId::from_stored(id),
            name,
            email,
            is_active: status == "active",
            role: role.map(RoleId::from_stored),
            failures: (count(of_one), count(of_unknown)),
        })
        .collect())
}

/// What was granted to the members of an account whose ids lie between two.
pub(crate) async fn grants(
    connection: &mut Connection,
    selection: &Selection<'_>,
) -> Result<Vec<GrantLine>, StoreError> {
    let rows: Vec<(String, String, String, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT g.member_id, g.permission, b.name, g.granted_at FROM permission_grant g \
         JOIN member b ON b.id = g.granted_by \
         WHERE g.member_id IN (SELECT id FROM member WHERE {MATCHES} ORDER BY name_folded, id LIMIT $3 OFFSET $4)"
    )))
    .bind(selection.account.as_str())
    .bind(selection.pattern)
    .bind(selection.limit)
    .bind(selection.offset)
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|(member, permission, granted_by, granted_at)| {
            Ok(GrantLine {
                member: MemberId::from_stored(member),
                permission: Permission::from_stored(&permission)
                    .ok_or(StoreError::Damaged("permission_grant"))?,
                granted_by,
                granted_at: Timestamp::from_micros(granted_at),
            })
        })
        .collect()
}

/// Who has seen the generations of the keys that are good now, by the audit trail: whoever viewed, copied or reset
/// one since it was made.
pub(crate) async fn who_has_seen_current_keys(
    connection: &mut Connection,
    account: &AccountId,
) -> Result<Vec<(MemberId, CredentialKind)>, StoreError> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT DISTINCT e.actor, c.kind FROM credential c \
         JOIN audit_chain h ON h.owner = c.account_id \
         JOIN audit_event e ON e.chain = h.id AND e.target = c.kind || '/' || CAST(c.generation AS TEXT) \
         AND e.sequence BETWEEN 1 AND h.sequence WHERE c.account_id = $1 AND c.retired_at IS NULL AND e.outcome = 'done' \
         AND e.action IN ('credential.view', 'credential.copy', 'credential.reset') ORDER BY e.actor, c.kind",
    )
    .bind(account.as_str())
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|(member, kind)| {
            let kind = CredentialKind::from_stored(&kind).ok_or(StoreError::Damaged("credential"))?;
            Ok((MemberId::from_stored(member), kind))
        })
        .collect()
}
