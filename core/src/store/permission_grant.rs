//! The table of permissions that were granted directly to members.

use super::{Connection, StoreError, Transaction, columns::Shared};
use crate::{
    clock::Timestamp,
    domain::{
        member::MemberId,
        permission::{Permission, Permissions},
    },
};

/// Grants a permission. Does nothing if the member already has the grant.
pub(crate) async fn insert(
    transaction: &mut Transaction,
    member: &MemberId,
    permission: Permission,
    granted_by: &MemberId,
    granted_at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO permission_grant (member_id, permission, granted_by, granted_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (member_id, permission) DO NOTHING",
    )
    .bind(member.as_str())
    .bind(permission.as_str())
    .bind(granted_by.as_str())
    .bind(granted_at.as_micros())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

pub(crate) async fn delete(
    transaction: &mut Transaction,
    member: &MemberId,
    permission: Permission,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM permission_grant WHERE member_id = $1 AND permission = $2")
        .bind(member.as_str())
        .bind(permission.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

pub(crate) async fn delete_all(transaction: &mut Transaction, member: &MemberId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM permission_grant WHERE member_id = $1")
        .bind(member.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// The permissions that were granted directly to the member.
pub(crate) async fn of(connection: &mut Connection, member: &MemberId) -> Result<Permissions, StoreError> {
    let granted: Vec<Shared<Permission>> =
        sqlx::query_scalar("SELECT permission FROM permission_grant WHERE member_id = $1")
            .bind(member.as_str())
            .fetch_all(connection)
            .await?;
    Ok(granted.into_iter().map(Permission::from).collect())
}
