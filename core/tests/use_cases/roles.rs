//! Roles that an organisation has made.

use crate::{people::*, support::*};
use claviger_core::{
    domain::{
        permission::Permission::{self, ApiCredentialsManagement, AuditLog, MemberManagement},
        role::{RoleId, RoleName},
        text::TextError,
    },
    reauthentication::ActionError,
    use_cases::{
        members::MemberChange,
        roles::{ChangeRoles, Role, RolesOverview},
    },
};

impl Installation {
    async fn roles(&self, person: &Person) -> Vec<Role> {
        let session = self.session(person).await.unwrap();
        match self.claviger.roles(&session).await.unwrap() {
            RolesOverview::Permitted { roles, .. } => roles,
            RolesOverview::Refused { .. } => panic!("the roles are refused"),
        }
    }
}

on_both_engines! {
    async fn a_role_acts_at_once_for_whoever_has_it(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[]).await;
        installation.change_roles(&mut ada, create("Support", &[AuditLog])).await.unwrap();
        let role = installation.role(&ada, "Support").await;
        installation.change(&mut ada, &id, MemberChange::SetRole(Some(role.clone()))).await.unwrap();
        assert!(installation.view(&mut grace, PASSWORD).await.is_err());
        let keys = set(&[ApiCredentialsManagement]);
        installation.change_roles(&mut ada, ChangeRoles::edit(role.clone(), keys)).await.unwrap();
        installation.view(&mut grace, PASSWORD).await.unwrap();
        installation.change_roles(&mut ada, ChangeRoles::edit(role, set(&[]))).await.unwrap();
        assert!(not_permitted(&installation.view(&mut grace, PASSWORD).await, ApiCredentialsManagement));
    }

    async fn every_change_of_a_role_asks_for_the_password_and_is_recorded(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        installation.change_roles(&mut ada, create("Sales", &[])).await.unwrap();
        let sales = installation.role(&ada, "Sales").await;
        for (wanted, word) in [
            (&(|| create("Support", &[AuditLog])) as &dyn Fn() -> ChangeRoles, "role.create"),
            (&|| ChangeRoles::edit(sales.clone(), set(&[AuditLog])), "role.edit"),
            (&|| ChangeRoles::delete(sales.clone()), "role.delete"),
        ] {
            let (before, token) = (installation.roles(&ada).await, ada.session_token.clone());
            let refused = installation.confirm_with(&ada, wanted(), WRONG).await;
            assert!(matches!(refused, Err(ActionError::ProofRefused { .. })), "{word}");
            assert_eq!(installation.roles(&ada).await, before);
            assert_eq!(installation.recorded(&format!("{word} wrong_password")).await, 1);

            installation.change_roles(&mut ada, wanted()).await.unwrap();
            assert_ne!(installation.roles(&ada).await, before);
            assert_ne!(ada.session_token, token);
        }
        for (word, times) in [("role.create done", 2), ("role.edit done", 1), ("role.delete done", 1)] {
            assert_eq!(installation.recorded(word).await, times);
        }
        assert!(installation.claviger.verify_audit().await.unwrap().broken.is_empty());
    }

    async fn roles_come_with_what_they_permit_and_how_many_have_them(installation: Installation) {
        let (mut ada, _, id) = installation.with_grace(&[]).await;
        for name in ["support", "Billing"] {
            installation.change_roles(&mut ada, create(name, &[AuditLog, MemberManagement])).await.unwrap();
        }
        let billing = installation.role(&ada, "Billing").await;
        installation.change(&mut ada, &id, MemberChange::SetRole(Some(billing))).await.unwrap();
        let roles = installation.roles(&ada).await;
        let told: Vec<_> = roles.iter().map(|role| (role.name.as_str(), role.built_in, role.members)).collect();
        let expected = [
            ("Admin", true, 1),
            ("Auditor", true, 0),
            ("Developer", true, 0),
            ("Billing", false, 1),
            ("support", false, 0),
        ];
        assert_eq!(told, expected);
        assert_eq!(roles[0].permissions, set(&Permission::ALL));
        assert_eq!(roles[4].permissions, set(&[MemberManagement, AuditLog]));
    }

    async fn a_role_in_use_stays(installation: Installation) {
        let (mut ada, _, id) = installation.with_grace(&[]).await;
        installation.change_roles(&mut ada, create("Support", &[])).await.unwrap();
        let role = installation.role(&ada, "Support").await;
        installation.change(&mut ada, &id, MemberChange::SetRole(Some(role.clone()))).await.unwrap();
        let in_use = installation.change_roles(&mut ada, ChangeRoles::delete(role.clone())).await;
        assert!(matches!(in_use, Err(ActionError::RoleInUse)));
        installation.change(&mut ada, &id, MemberChange::Disable).await.unwrap();
        let in_use = installation.change_roles(&mut ada, ChangeRoles::delete(role.clone())).await;
        assert!(matches!(in_use, Err(ActionError::RoleInUse)), "whoever is disabled may come back");
        assert_eq!(installation.recorded("role.delete impossible").await, 2);

        installation.change(&mut ada, &id, MemberChange::Remove).await.unwrap();
        installation.change_roles(&mut ada, ChangeRoles::delete(role.clone())).await.unwrap();
        let gone = installation.change_roles(&mut ada, ChangeRoles::delete(role)).await;
        assert!(matches!(gone, Err(ActionError::Gone)));
        installation.change_roles(&mut ada, create("Support", &[])).await.unwrap();
    }

    async fn a_role_needs_a_name_of_its_own(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let mut eve = installation.sign_up("eve@example.org").await;
        installation.change_roles(&mut ada, create("Bücher", &[])).await.unwrap();
        for name in ["Bücher", "BÜCHER", "bu\u{308}cher", " bücher ", "admin", "DEVELOPER", "Auditor"] {
            let taken = installation.change_roles(&mut ada, create(name, &[])).await;
            assert!(matches!(taken, Err(ActionError::RoleNameTaken)), "{name}");
        }
        assert_eq!(installation.recorded("role.create impossible").await, 7);
        installation.change_roles(&mut eve, create("Bücher", &[])).await.unwrap();
        assert_eq!(RoleName::parse(" "), Err(TextError::Missing));
        assert_eq!(RoleName::parse(&"x".repeat(41)), Err(TextError::TooLong(40)));
    }

    async fn built_in_roles_and_those_of_others_are_nobodys_to_change(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let mut eve = installation.sign_up("eve@example.org").await;
        installation.change_roles(&mut ada, create("Support", &[AuditLog])).await.unwrap();
        let before = installation.roles(&ada).await;
        let adas = installation.role(&ada, "Support").await;
        let mut roles = vec![adas];
        roles.extend(["admin", "developer", "auditor", "owner"].map(|id| RoleId::parse(id).unwrap()));
        for role in roles {
            for change in [ChangeRoles::edit(role.clone(), set(&[])), ChangeRoles::delete(role)] {
                let gone = installation.change_roles(&mut eve, change).await;
                assert!(matches!(gone, Err(ActionError::Gone)));
            }
        }
        assert_eq!(installation.roles(&ada).await, before);
        assert_eq!(installation.roles(&eve).await.len(), 3, "nor to be seen");
        assert_eq!(installation.recorded("role.delete impossible").await, 5);
    }

    async fn nobody_puts_into_a_role_what_they_do_not_have(installation: Installation) {
        let (mut ada, mut manager, id) = installation.with_grace(&[MemberManagement]).await;
        installation.change_roles(&mut ada, create("Keys", &[ApiCredentialsManagement])).await.unwrap();
        let keys = installation.role(&ada, "Keys").await;
        let edit = |permissions: &[Permission]| ChangeRoles::edit(keys.clone(), set(permissions));
        for refused in [
            create("More", &[ApiCredentialsManagement]),
            create("More", &[MemberManagement, AuditLog]),
            edit(&[ApiCredentialsManagement, AuditLog]),
            edit(&[AuditLog]),
        ] {
            let refused = installation.change_roles(&mut manager, refused).await;
            assert!(matches!(refused, Err(ActionError::BeyondOwnPermissions)));
        }
        assert_eq!(installation.recorded("role.create not_permitted").await, 2);
        assert_eq!(installation.recorded("role.edit not_permitted").await, 2);

        // Permissions that the role already has may stay or be removed, but not be added again.
        let both = [ApiCredentialsManagement, MemberManagement];
        installation.change_roles(&mut manager, edit(&both)).await.unwrap();
        let refused = installation.change(&mut manager, &id, MemberChange::SetRole(Some(keys.clone()))).await;
        assert!(matches!(refused, Err(ActionError::BeyondOwnPermissions)));
        installation.change_roles(&mut manager, edit(&[])).await.unwrap();
        let refused = installation.change_roles(&mut manager, edit(&[ApiCredentialsManagement])).await;
        assert!(matches!(refused, Err(ActionError::BeyondOwnPermissions)));
        installation.change_roles(&mut manager, ChangeRoles::delete(keys)).await.unwrap();
    }

    async fn whoever_does_not_manage_members_neither_sees_nor_changes_roles(installation: Installation) {
        let (mut ada, mut grace, _) = installation.with_grace(&[AuditLog]).await;
        installation.change_roles(&mut ada, create("Support", &[])).await.unwrap();
        let role = installation.role(&ada, "Support").await;
        for change in [create("More", &[]), ChangeRoles::edit(role.clone(), set(&[])), ChangeRoles::delete(role)] {
            let refused = installation.change_roles(&mut grace, change).await;
            assert!(not_permitted(&refused, MemberManagement));
        }
        let session = installation.session(&grace).await.unwrap();
        let overview = installation.claviger.roles(&session).await.unwrap();
        assert_eq!(overview, RolesOverview::Refused { admins: vec!["Ada Lovelace".to_owned()] });
    }
}
