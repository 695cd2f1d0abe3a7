//! The tables of roles and their permissions.

use super::{
    Connection, StoreError, Transaction,
    columns::{Flag, Shared},
};
use crate::domain::{
    account::AccountId,
    permission::{Permission, Permissions},
    role::{RoleId, RoleName},
};
use sqlx::FromRow;

/// A role that an organisation can assign: a built-in one or one of its own.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Role {
    /// The identifier of the role.
    pub id: RoleId,
    /// The name of the role.
    pub name: String,
    /// Whether it is built in: every organisation has it and cannot change it.
    #[sqlx(try_from = "Flag")]
    pub built_in: bool,
    /// The permissions of the role.
    #[sqlx(skip)]
    pub permissions: Permissions,
    /// The number of members of the organisation who have it.
    #[sqlx(try_from = "i64")]
    pub members: u64,
}

/// All roles that the account can assign: the built-in ones first, then its own, sorted by name.
pub(crate) async fn list(connection: &mut Connection, account: &AccountId) -> Result<Vec<Role>, StoreError> {
    let mut roles: Vec<Role> = sqlx::query_as(
        "SELECT r.id, r.name, CASE WHEN r.account_id IS NULL THEN 1 ELSE 0 END AS built_in, \
         (SELECT COUNT(*) FROM member m WHERE m.role_id = r.id AND m.account_id = $1) AS members \
         FROM role r WHERE r.account_id IS NULL OR r.account_id = $1",
    )
    .bind(account.as_str())
    .fetch_all(&mut *connection)
    .await?;
    let permitted: Vec<(RoleId, Shared<Permission>)> = sqlx::query_as(
        "SELECT p.role_id, p.permission FROM role_permission p JOIN role r ON r.id = p.role_id \
         WHERE r.account_id IS NULL OR r.account_id = $1",
    )
    .bind(account.as_str())
    .fetch_all(connection)
    .await?;
    for role in &mut roles {
        let permissions = permitted.iter().filter(|(id, _)| *id == role.id);
        role.permissions = permissions.map(|(_, permission)| Permission::from(*permission)).collect();
    }
    roles.sort_by_key(|role| (!role.built_in, !role.id.is_admin(), role.name.to_lowercase()));
    Ok(roles)
}

/// One role that the account can assign.
pub(crate) async fn find(
    connection: &mut Connection,
    account: &AccountId,
    id: &RoleId,
) -> Result<Option<Role>, StoreError> {
    Ok(list(connection, account).await?.into_iter().find(|role| role.id == *id))
}

/// Inserts a role of an account.
pub(crate) async fn insert(
    transaction: &mut Transaction,
    account: &AccountId,
    id: &RoleId,
    name: &RoleName,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO role (id, account_id, name) VALUES ($1, $2, $3)")
        .bind(id.as_str())
        .bind(account.as_str())
        .bind(name.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Replaces the permissions of a role.
pub(crate) async fn set_permissions(
    transaction: &mut Transaction,
    id: &RoleId,
    permissions: Permissions,
) -> Result<(), StoreError> {
    clear(transaction, id).await?;
    for permission in permissions.iter() {
        sqlx::query("INSERT INTO role_permission (role_id, permission) VALUES ($1, $2)")
            .bind(id.as_str())
            .bind(permission.as_str())
            .execute(&mut **transaction)
            .await?;
    }
    Ok(())
}

pub(crate) async fn delete(transaction: &mut Transaction, id: &RoleId) -> Result<(), StoreError> {
    clear(transaction, id).await?;
    sqlx::query("DELETE FROM role WHERE id = $1").bind(id.as_str()).execute(&mut **transaction).await?;
    Ok(())
}

async fn clear(transaction: &mut Transaction, id: &RoleId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM role_permission WHERE role_id = $1")
        .bind(id.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
