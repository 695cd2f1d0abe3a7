//! The roles of an organisation: named sets of permissions. It must not know which members have them.

use super::members::effective_permissions;
use crate::{
    audit::{AuditAction, Target},
    authentication::session::Session,
    claviger::Claviger,
    crypto::token::Token,
    domain::{
        permission::{Permission, Permissions},
        role::{RoleId, RoleName},
    },
    internal_error::InternalError,
    reauthentication::{Action, ActionError, Confirmed, require, sealed::Sealed},
    store::{self, Connection, StoreError},
};

pub use crate::store::role::Role;

/// The changes that can be made to roles.
#[derive(Clone, Debug, PartialEq, Eq)]
enum RoleChange {
    Create(RoleName, Permissions),
    Edit(RoleId, Permissions),
    Delete(RoleId),
}

/// The action of changing the roles of the organisation.
#[derive(Debug)]
pub struct ChangeRoles(RoleChange);

impl ChangeRoles {
    /// Creates the action of creating a role.
    #[must_use]
    pub const fn create(name: RoleName, permissions: Permissions) -> Self {
        Self(RoleChange::Create(name, permissions))
    }

    /// Creates the action of changing the permissions of a role, and so of every member who has it.
    #[must_use]
    pub const fn edit(role: RoleId, permissions: Permissions) -> Self {
        Self(RoleChange::Edit(role, permissions))
    }

    /// Creates the action of deleting a role that no member has.
    #[must_use]
    pub const fn delete(role: RoleId) -> Self {
        Self(RoleChange::Delete(role))
    }
}

impl Sealed for ChangeRoles {}

#[expect(private_interfaces, reason = "as at the trait")]
impl Action for ChangeRoles {
    fn audit_action(&self) -> AuditAction {
        match &self.0 {
            RoleChange::Create(..) => AuditAction::CreateRole,
            RoleChange::Edit(..) => AuditAction::EditRole,
            RoleChange::Delete(_) => AuditAction::DeleteRole,
        }
    }

    fn target(&self) -> Target {
        match &self.0 {
            RoleChange::Create(..) => Target::none(),
            RoleChange::Edit(role, _) | RoleChange::Delete(role) => Target::of(role.as_str()),
        }
    }

    async fn allowed(&self, connection: &mut Connection, session: &Session) -> Result<(), ActionError> {
        require(connection, session, Permission::MemberManagement).await?;
        let account = &session.account;
        let actor = store::member::find(connection, account, &session.member).await?;
        let actor = actor.ok_or(ActionError::SignedOut)?;
        let own = effective_permissions(connection, account, &session.member, &actor).await?.permissions;
        let roles = store::role::list(connection, account).await?;
        let changeable = |id: &RoleId| {
            let role = roles.iter().find(|role| role.id == *id && !role.built_in);
            role.ok_or(ActionError::Gone)
        };
        let given = match &self.0 {
            RoleChange::Create(name, permissions) => {
                if roles.iter().any(|role| name.is_like(&role.name)) {
                    return Err(ActionError::RoleNameTaken);
                }
                *permissions
            }
            RoleChange::Edit(id, permissions) => permissions.without(changeable(id)?.permissions),
            RoleChange::Delete(id) => {
                if changeable(id)?.members > 0 {
                    return Err(ActionError::RoleInUse);
                }
                Permissions::empty()
            }
        };
        if own.includes(given) { Ok(()) } else { Err(ActionError::BeyondOwnPermissions) }
    }
}

/// The part of the roles that a member may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RolesOverview {
    /// Every role.
    Permitted {
        /// The built-in ones first.
        roles: Vec<Role>,
        /// The permissions of the viewing member. They can give only these.
        own: Permissions,
    },
    /// Nothing, because Member management is missing.
    Refused {
        /// The names of the admins who can grant it.
        admins: Vec<String>,
    },
}

impl Claviger {
    /// Returns the roles of the organisation.
    ///
    /// # Errors
    /// The roles cannot be read.
    pub async fn roles(&self, session: &Session) -> Result<RolesOverview, InternalError> {
        let mut reader = self.database.reader().await?;
        let account = &session.account;
        let permission = Permission::MemberManagement;
        if !store::member::is_permitted(&mut reader, &session.member, permission).await? {
            let admins = store::member::admin_names(&mut reader, account).await?;
            return Ok(RolesOverview::Refused { admins });
        }
        let viewer = store::member::find(&mut reader, account, &session.member).await?;
        let viewer = viewer.ok_or(StoreError::Damaged("member"))?;
        let own = effective_permissions(&mut reader, account, &session.member, &viewer).await?.permissions;
        Ok(RolesOverview::Permitted { roles: store::role::list(&mut reader, account).await?, own })
    }

    /// Changes the roles. The change is in effect at once, for every member who has the role. Returns the new session
    /// token.
    ///
    /// # Errors
    /// The reason why nothing was changed.
    pub async fn change_roles(&self, confirmed: Confirmed<ChangeRoles>) -> Result<Token, ActionError> {
        let mut acting = confirmed.begin(self).await?;
        let id = match acting.action.0.clone() {
            RoleChange::Create(name, permissions) => {
                let id = RoleId::new(self.now(), &*self.random).map_err(InternalError::from)?;
                let account = &acting.session.account;
                store::role::insert(&mut acting.transaction, account, &id, &name).await?;
                store::role::set_permissions(&mut acting.transaction, &id, permissions).await?;
                id
            }
            RoleChange::Edit(id, permissions) => {
                store::role::set_permissions(&mut acting.transaction, &id, permissions).await?;
                id
            }
            RoleChange::Delete(id) => {
                store::role::delete(&mut acting.transaction, &id).await?;
                id
            }
        };
        acting.record(Target::of(id.as_str())).await?;
        acting.commit().await
    }
}
