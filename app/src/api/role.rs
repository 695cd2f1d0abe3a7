//! Roles: the named sets of permissions that an organisation makes for itself.

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

/// What `/members/roles` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolesPage {
    /// Who looks.
    pub viewer: Viewer,
    /// What they may see.
    pub access: RolesAccess,
}

/// What somebody may see of the roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RolesAccess {
    /// Every role.
    Permitted {
        /// The built-in ones first.
        roles: Vec<Role>,
        /// What whoever looks may give.
        own: Vec<Permission>,
    },
    /// Nothing: Member management is missing.
    Refused {
        /// The names of the admins to ask.
        admins: Vec<String>,
    },
}

/// One role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Names the role in requests.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whether it cannot be changed.
    pub built_in: bool,
    /// What it permits.
    pub permissions: Vec<Permission>,
    /// How many members have it.
    pub members: u64,
}

/// The roles of the organisation.
#[server(name = ReadRolesPage, endpoint = "roles")]
pub async fn roles_page() -> Result<RolesPage, ApiError> {
    let caller = crate::server::caller::Caller::current()?;
    let session = caller.session().await?;
    let overview = caller.claviger.roles(&session).await.map_err(|error| caller.refuse(error))?;
    Ok(RolesPage { viewer: (&session).into(), access: overview.into() })
}

/// Creates a role. `permissions` lists the names of its permissions, separated by spaces: each is parsed by name, so
/// that a permission the server does not know is refused instead of ignored.
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

/// Replaces the permissions of a role by those listed, as in [`create_role`].
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

/// Deletes a role that nobody has.
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
    //! What the changes have in common.

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

    /// An unknown name refuses the whole list.
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
