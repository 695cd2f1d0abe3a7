//! The rules for which member may change what about which other member. It must not change anything.

use super::MemberChange;
use crate::{
    domain::{account::AccountId, member::MemberId, permission::Permissions},
    reauthentication::ActionError,
    store::{self, Connection, StoreError, member::MemberRow, role::Role},
};

/// The effective permissions of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EffectivePermissions {
    pub(crate) is_admin: bool,
    /// The permissions of the role and the single grants.
    pub(crate) permissions: Permissions,
}

/// The member to be changed, in the state before the change.
#[derive(Clone, Copy, Debug)]
pub(super) struct TargetMember {
    pub(super) effective: EffectivePermissions,
    pub(super) is_active: bool,
    pub(super) another_admin_is_active: bool,
}

/// Returns the effective permissions of a member of the account, provided that the member is active.
pub(crate) async fn effective_permissions(
    connection: &mut Connection,
    account: &AccountId,
    id: &MemberId,
    row: &MemberRow,
) -> Result<EffectivePermissions, StoreError> {
    let by_role = match &row.role {
        Some(role) => {
            let role = store::role::find(connection, account, role).await?;
            role.ok_or(StoreError::Damaged("member"))?.permissions
        }
        None => Permissions::default(),
    };
    let granted = store::permission_grant::of(connection, id).await?;
    let is_admin = row.role.as_ref().is_some_and(crate::domain::role::RoleId::is_admin);
    Ok(EffectivePermissions { is_admin, permissions: by_role.union(granted) })
}

/// Checks whether a member with Member management may make the change. `role` is the role that the change gives.
pub(super) fn check_change(
    actor: EffectivePermissions,
    target: TargetMember,
    change: &MemberChange,
    role: Option<&Role>,
) -> Result<(), ActionError> {
    if target.effective.is_admin && !actor.is_admin {
        return Err(ActionError::AdminsOnly);
    }
    let gives = match change {
        MemberChange::Grant(permission) => [*permission].into_iter().collect(),
        MemberChange::SetRole(_) => role.map_or_else(Permissions::default, |role| role.permissions),
        // An enabled member has all their former permissions again.
        MemberChange::Enable => target.effective.permissions,
        _ => Permissions::default(),
    };
    let makes_admin = role.is_some_and(|role| role.id.is_admin());
    let is_for_admins =
        matches!(change, MemberChange::EndSessions | MemberChange::Unlock | MemberChange::MakePasswordLink);
    if (makes_admin || is_for_admins) && !actor.is_admin {
        return Err(ActionError::AdminsOnly);
    }
    if !actor.permissions.includes(gives) {
        return Err(ActionError::BeyondOwnPermissions);
    }
    let ends_admin = match change {
        MemberChange::SetRole(_) => !makes_admin,
        MemberChange::Disable | MemberChange::Remove => true,
        _ => false,
    };
    let is_active_admin = target.effective.is_admin && target.is_active;
    if ends_admin && is_active_admin && !target.another_admin_is_active {
        return Err(ActionError::LastAdmin);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{permission::Permission, role::RoleId};
    use Permission::{ApiCredentialsManagement, AuditLog, MemberManagement};

    const NO_PERMISSIONS: Permissions = Permissions::empty();

    fn manager() -> EffectivePermissions {
        EffectivePermissions {
            is_admin: false,
            permissions: [MemberManagement, AuditLog].into_iter().collect(),
        }
    }

    fn admin() -> EffectivePermissions {
        EffectivePermissions { is_admin: true, permissions: Permission::ALL.into_iter().collect() }
    }

    fn target_member(effective: EffectivePermissions, another_admin_is_active: bool) -> TargetMember {
        TargetMember { effective, is_active: true, another_admin_is_active }
    }

    fn plain() -> TargetMember {
        target_member(EffectivePermissions { is_admin: false, permissions: NO_PERMISSIONS }, true)
    }

    fn role(id: &str, permissions: &[Permission]) -> Role {
        Role {
            id: RoleId::parse(id).unwrap(),
            name: id.to_owned(),
            built_in: false,
            permissions: permissions.iter().copied().collect(),
            members: 0,
        }
    }

    #[test]
    fn nobody_gives_what_they_do_not_have() {
        let grant = |permission| check_change(manager(), plain(), &MemberChange::Grant(permission), None);
        assert!(grant(AuditLog).is_ok());
        assert!(matches!(grant(ApiCredentialsManagement), Err(ActionError::BeyondOwnPermissions)));

        let give = |role: &Role| {
            check_change(manager(), plain(), &MemberChange::SetRole(Some(role.id.clone())), Some(role))
        };
        assert!(give(&role("auditor", &[AuditLog])).is_ok());
        assert!(matches!(
            give(&role("developer", &[ApiCredentialsManagement])),
            Err(ActionError::BeyondOwnPermissions)
        ));
        assert!(matches!(give(&role("admin", &Permission::ALL)), Err(ActionError::AdminsOnly)));
    }

    #[test]
    fn enabling_somebody_gives_what_they_had() {
        let effective = EffectivePermissions {
            is_admin: false,
            permissions: [ApiCredentialsManagement].into_iter().collect(),
        };
        let target = TargetMember { is_active: false, ..target_member(effective, true) };
        let refused = check_change(manager(), target, &MemberChange::Enable, None);
        assert!(matches!(refused, Err(ActionError::BeyondOwnPermissions)));
        assert!(check_change(admin(), target, &MemberChange::Enable, None).is_ok());
    }

    #[test]
    fn only_admins_touch_admins() {
        let target = target_member(admin(), true);
        for change in [MemberChange::Disable, MemberChange::Revoke(AuditLog), MemberChange::SetRole(None)] {
            assert!(
                matches!(check_change(manager(), target, &change, None), Err(ActionError::AdminsOnly)),
                "{change:?}"
            );
            assert!(check_change(admin(), target, &change, None).is_ok(), "{change:?}");
        }
    }

    #[test]
    fn what_lets_somebody_into_an_account_is_for_admins() {
        for change in [MemberChange::EndSessions, MemberChange::Unlock, MemberChange::MakePasswordLink] {
            assert!(
                matches!(check_change(manager(), plain(), &change, None), Err(ActionError::AdminsOnly)),
                "{change:?}"
            );
            assert!(check_change(admin(), plain(), &change, None).is_ok(), "{change:?}");
        }
    }

    #[test]
    fn the_last_active_admin_stays_one() {
        let last = target_member(admin(), false);
        for change in [MemberChange::Disable, MemberChange::Remove, MemberChange::SetRole(None)] {
            assert!(
                matches!(check_change(admin(), last, &change, None), Err(ActionError::LastAdmin)),
                "{change:?}"
            );
        }
        let again = role("admin", &Permission::ALL);
        assert!(
            check_change(admin(), last, &MemberChange::SetRole(Some(RoleId::admin())), Some(&again)).is_ok()
        );
        let disabled = TargetMember { is_active: false, ..last };
        assert!(check_change(admin(), disabled, &MemberChange::Remove, None).is_ok());
    }
}
