//! The tables of roles and of what they permit.

use super::{Connection, StoreError, Transaction};
use crate::domain::{
    account::AccountId,
    permission::{Permission, Permissions},
    role::{RoleId, RoleName},
};

/// A role that an organisation can give: one that is built in, or one of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Names the role.
    pub id: RoleId,
    /// What people call it.
    pub name: String,
    /// Whether every organisation has it, and none can change it.
    pub built_in: bool,
    /// What it permits.
    pub permissions: Permissions,
    /// How many members of the organisation have it.
    pub members: u64,
}

/// Every role that the account can give: the built-in ones first, then its own by name.
pub(crate) async fn list(connection: &mut Connection, account: &AccountId) -> Result<Vec<Role>, StoreError> {
    let roles: Vec<(String, Option<String>, String, i64)> = sqlx::query_as(
        "SELECT r.id, r.account_id, r.name, (SELECT COUNT(*) FROM member m WHERE m.role_id = r.id AND m.account_id = $1) \
         FROM role r WHERE r.account_id IS NULL OR r.account_id = $1",
    )
    .bind(account.as_str())
    .fetch_all(&mut *connection)
    .await?;
    let permitted: Vec<(String, String)> = sqlx::query_as(
        "SELECT p.role_id, p.permission FROM role_permission p JOIN role r ON r.id = p.role_id \
         WHERE r.account_id IS NULL OR r.account_id = $1",
    )
    .bind(account.as_str())
    .fetch_all(connection)
    .await?;
    let mut roles = roles
        .into_iter()
        .map(|(id, owner, name, members)| {
            let permissions = permitted.iter().filter(|(role, _)| *role == id);
            Ok(Role {
                permissions: permissions
                    .map(|(_, word)| {
                        Permission::from_stored(word).ok_or(StoreError::Damaged("role_permission"))
                    })
                    .collect::<Result<_, _>>()?,
                id: RoleId::from_stored(id),
                name,
                built_in: owner.is_none(),
                members: u64::try_from(members).unwrap_or(0),
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    roles.sort_by_key(|role| (!role.built_in, !role.id.is_admin(), role.name.to_lowercase()));

    Ok(roles)
}

/// One role that the account can give.
pub(crate) async fn find(
    connection: &mut Connection,
    account: &AccountId,
    id: &RoleId,
) -> Result<Option<Role>, StoreError> {
    Ok(list(connection, account).await?.into_iter().find(|role| role.id == *id))
}

/// A new role of an account.
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

/// Gives a role other permissions than it had.
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
