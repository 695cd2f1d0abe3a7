//! Roles: the named sets of permissions that an organisation defines.

use super::session::Viewer;
use crate::wire::{error::ApiError, proof::Proof};
use claviger_types::Permission;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use {
    crate::done::RolesDone,
    claviger_core::use_cases::roles::ChangeRoles,
    server::{change, existing, new_name, parse_permissions},
};

/// The data of `/members/roles`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolesPage {
    /// The signed-in member.
    pub viewer: Viewer,
    /// The part of the roles that the member may see.
    pub access: RolesAccess,
}

/// The part of the roles that a member may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RolesAccess {
    /// The member may see every role.
    Permitted {
        /// All roles, the built-in roles first.
        roles: Vec<Role>,
        /// The permissions that the signed-in member may grant.
        own: Vec<Permission>,
    },
    /// The member may see nothing, because the permission to manage members is missing.
    Refused {
        /// The names of the admins who can grant the permission.
        admins: Vec<String>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// The id that names the role in requests.
    pub id: String,
    pub name: String,
    /// Whether the role is built in and cannot be changed.
    pub built_in: bool,
    /// The permissions that the role gives.
    pub permissions: Vec<Permission>,
    /// The number of members who have the role.
    pub members: u64,
}

/// Returns the roles of the organisation.
#[server(name = ReadRolesPage, endpoint = "roles")]
pub async fn roles_page() -> Result<RolesPage, ApiError> {
    let caller = crate::server::caller::Caller::current()?;
    let session = caller.session().await?;
    let overview = caller.claviger.roles(&session).await.map_err(|error| caller.refuse(error))?;
    Ok(RolesPage { viewer: (&session).into(), access: overview.into() })
}

/// Creates a role. `permissions` lists the names of its permissions, separated by spaces. Each permission is parsed by name, so
/// that the server refuses an unknown permission instead of ignoring it.
#[server(endpoint = "create_role")]
pub async fn create_role(
    #[server(default)] csrf: String,
    #[server(default)] role_name: String,
    #[server(default)] permissions: String,
    #[server(flatten)] proof: Proof,
) -> Result<(), ApiError> {
    let action = ChangeRoles::create(new_name(&role_name)?, parse_permissions(&permissions)?);
    change(&csrf, action, proof, RolesDone::Created).await
}

/// Replaces the permissions of a role with the listed permissions, in the same form as for [`create_role`].
#[server(endpoint = "edit_role")]
pub async fn edit_role(
    #[server(default)] csrf: String,
    role: String,
    #[server(default)] permissions: String,
    #[server(flatten)] proof: Proof,
) -> Result<(), ApiError> {
    let action = ChangeRoles::edit(existing(&role)?, parse_permissions(&permissions)?);
    change(&csrf, action, proof, RolesDone::Edited).await
}

/// Deletes a role that no member has.
#[server(endpoint = "delete_role")]
pub async fn delete_role(
    #[server(default)] csrf: String,
    role: String,
    #[server(flatten)] proof: Proof,
) -> Result<(), ApiError> {
    change(&csrf, ChangeRoles::delete(existing(&role)?), proof, RolesDone::Deleted).await
}

#[cfg(feature = "ssr")]
mod server {
    //! The code that the changes share.

    use super::{ApiError, ChangeRoles, Proof, Role, RolesAccess, RolesDone};
    use crate::server::caller::{Caller, answer, keep_session};
    use claviger_core::{
        domain::{
            permission::{Permission, Permissions},
            role::{RoleId, RoleName},
        },
        use_cases::roles::{self, RolesOverview},
    };
    use claviger_types::{Field, FieldError};

    pub(super) fn new_name(text: &str) -> Result<RoleName, ApiError> {
        RoleName::parse(text).map_err(|problem| {
            let refused = FieldError { field: Field::RoleName, problem: problem.into() };
            answer(ApiError::Invalid(vec![refused]))
        })
    }

    pub(super) fn existing(id: &str) -> Result<RoleId, ApiError> {
        RoleId::parse(id).ok_or(ApiError::Malformed).map_err(answer)
    }

    /// Parses a list of permissions. One unknown name makes the whole list invalid.
    pub(super) fn parse_permissions(list: &str) -> Result<Permissions, ApiError> {
        list.split_whitespace()
            .map(|name| Permission::parse(name).ok_or(ApiError::Malformed).map_err(answer))
            .collect()
    }

    pub(super) async fn change(
        csrf: &str,
        action: ChangeRoles,
        proof: Proof,
        done: RolesDone,
    ) -> Result<(), ApiError> {
        let caller = Caller::current()?;
        let session = caller.session_for_change(csrf).await?;
        let confirmed = caller.confirm(session, action, proof).await?;
        let token = caller.claviger.change_roles(confirmed).await.map_err(|error| caller.refuse(error))?;
        keep_session(&token);
        caller.redirect_form_to(&done.address());
        Ok(())
    }

    impl From<RolesOverview> for RolesAccess {
        fn from(overview: RolesOverview) -> Self {
            match overview {
                RolesOverview::Refused { admins } => Self::Refused { admins },
                RolesOverview::Permitted { roles, own } => Self::Permitted {
                    roles: roles.into_iter().map(Role::from).collect(),
                    own: own.iter().collect(),
                },
            }
        }
    }

    impl From<roles::Role> for Role {
        fn from(role: roles::Role) -> Self {
            Self {
                id: role.id.as_str().to_owned(),
                name: role.name,
                built_in: role.built_in,
                permissions: role.permissions.iter().collect(),
                members: role.members,
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn every_permission_is_parsed_by_its_name_and_an_unknown_name_is_refused() {
            for permission in Permission::ALL {
                let parsed = parse_permissions(permission.as_str()).unwrap();
                assert_eq!(parsed.iter().collect::<Vec<_>>(), [permission]);
            }
            let all = Permission::ALL.map(Permission::as_str).join(" ");
            assert_eq!(parse_permissions(&all).unwrap().iter().collect::<Vec<_>>(), Permission::ALL);
            assert_eq!(parse_permissions("").unwrap(), Permissions::empty());
            assert_eq!(parse_permissions("audit_log everything"), Err(ApiError::Malformed));
        }
    }
}
