//! The limits of what members may change: which change is refused for whom, and that the refusal is recorded.

use crate::{people::*, support::*};
use Permission::{ApiCredentialsManagement, AuditLog, MemberManagement};
use claviger_core::{
    domain::{member::MemberId, permission::Permission, role::RoleId},
    reauthentication::ActionError,
    use_cases::{credentials::Overview, members::MemberChange},
};
use std::time::Duration;

on_both_engines! {
    async fn whoever_does_not_manage_members_changes_nobody(installation: Installation) {
        let (ada, _, id) = installation.with_grace(&[]).await;
        let others = [ApiCredentialsManagement, AuditLog];
        let alan = installation.add(&ada, "alan@example.org", &others).await;
        let (alans, before) = (installation.id(&ada, &alan.email).await, installation.line(&ada, GRACE).await);
        for (change, word) in every_change() {
            for (member, password) in [(&id, PASSWORD), (&id, WRONG), (&alans, PASSWORD)] {
                let refused = installation.confirm_with(&alan, changing(member, change.clone()), password).await;
                assert!(not_permitted(&refused, MemberManagement), "{word}");
            }
            assert_eq!(installation.recorded(&format!("{word} not_permitted")).await, 3);
        }
        assert_eq!(installation.line(&ada, GRACE).await, before);
        assert_eq!(installation.count("SELECT COUNT(*) FROM login_failure").await, 0);
    }

    async fn the_refusal_names_the_admins_who_can_help(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        installation.clock.advance(Duration::from_secs(1));
        let grace = installation.add(&ada, GRACE, &[]).await;
        let id = installation.id(&ada, GRACE).await;
        let alan = installation.add(&ada, "alan@example.org", &[]).await;
        let refused = installation.confirm(&alan, changing(&id, MemberChange::Disable)).await;
        let Err(ActionError::NotPermitted { admins, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(admins, ["Ada Lovelace"]);
        installation.change(&mut ada, &id, give("admin")).await.unwrap();
        let session = installation.session(&grace).await.unwrap();
        installation.claviger.change_name(&session, "Grace", &request_context()).await.unwrap();
        let refused = installation.confirm(&alan, changing(&id, MemberChange::Disable)).await;
        let Err(ActionError::NotPermitted { admins, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(admins, ["Ada Lovelace", "Grace"]);
    }

    async fn nobody_reaches_whom_there_is_not_or_is_elsewhere(installation: Installation) {
        let (mut ada, _, removed) = installation.with_grace(&[]).await;
        installation.change(&mut ada, &removed, MemberChange::Remove).await.unwrap();
        let eve = installation.sign_up("eve@example.org").await;
        let theirs = installation.id(&eve, "eve@example.org").await;
        let before = installation.line(&eve, "eve@example.org").await;
        let unknown = MemberId::parse("0199").unwrap();
        for (change, word) in every_change() {
            for id in [&theirs, &unknown, &removed] {
                let refused = installation.change(&mut ada, id, change.clone()).await;
                assert!(matches!(refused, Err(ActionError::Gone)), "{word}");
            }
            assert_eq!(installation.recorded(&format!("{word} impossible")).await, 3);
        }
        assert!(installation.session(&eve).await.is_ok());
        assert_eq!(installation.line(&eve, "eve@example.org").await, before);
    }

    async fn nobody_is_given_a_role_that_there_is_not_or_is_elsewhere(installation: Installation) {
        let (mut ada, _, id) = installation.with_grace(&[]).await;
        let mut eve = installation.sign_up("eve@example.org").await;
        installation.change_roles(&mut eve, create("Support", &[AuditLog])).await.unwrap();
        let theirs = installation.role(&eve, "Support").await;
        for role in [theirs, RoleId::parse("owner").unwrap()] {
            let refused = installation.change(&mut ada, &id, MemberChange::SetRole(Some(role))).await;
            assert!(matches!(refused, Err(ActionError::Gone)));
        }
        assert_eq!(installation.line(&ada, GRACE).await.role, None);
        assert_eq!(installation.recorded("member.change_role impossible").await, 2);
    }

    async fn a_manager_gives_nothing_that_they_do_not_have(installation: Installation) {
        let (mut ada, mut manager, id) = installation.with_grace(&[MemberManagement]).await;
        let alan = installation.add(&ada, "alan@example.org", &[]).await;
        let alans = installation.id(&ada, &alan.email).await;
        installation.change_roles(&mut ada, create("Lead", &[MemberManagement, AuditLog])).await.unwrap();
        let lead = installation.role(&ada, "Lead").await;
        for change in [
            MemberChange::Grant(ApiCredentialsManagement),
            MemberChange::Grant(AuditLog),
            give("developer"),
            give("auditor"),
            MemberChange::SetRole(Some(lead.clone())),
        ] {
            for member in [&alans, &id] {
                let refused = installation.change(&mut manager, member, change.clone()).await;
                assert!(matches!(refused, Err(ActionError::BeyondOwnPermissions)), "{change:?}");
            }
        }
        assert_eq!(installation.recorded("permission.grant not_permitted").await, 4);
        assert_eq!(installation.recorded("member.change_role not_permitted").await, 6);

        // A permission counts in the same way if it comes from a grant or from a role.
        installation.change(&mut ada, &id, give("auditor")).await.unwrap();
        installation.change(&mut manager, &alans, MemberChange::SetRole(Some(lead))).await.unwrap();
        installation.change(&mut manager, &alans, MemberChange::Grant(MemberManagement)).await.unwrap();
    }

    async fn a_manager_takes_back_also_what_they_do_not_have(installation: Installation) {
        let (ada, mut manager, _) = installation.with_grace(&[MemberManagement]).await;
        let mut alan = installation.add(&ada, "alan@example.org", &[ApiCredentialsManagement]).await;
        let alans = installation.id(&ada, &alan.email).await;
        for change in [
            MemberChange::Revoke(ApiCredentialsManagement),
            MemberChange::SetRole(None),
            MemberChange::Disable,
            MemberChange::Enable,
        ] {
            installation.change(&mut manager, &alans, change).await.unwrap();
        }
        alan.keep(&installation.sign_in(&alan.email.clone(), PASSWORD, NEW_DEVICE).await.unwrap());
        assert!(not_permitted(&installation.view(&mut alan, PASSWORD).await, ApiCredentialsManagement));
        installation.change(&mut manager, &alans, MemberChange::Remove).await.unwrap();
    }

    async fn enabling_somebody_who_may_more_is_beyond_a_manager(installation: Installation) {
        let (mut ada, mut manager, _) = installation.with_grace(&[MemberManagement]).await;
        let alan = installation.add(&ada, "alan@example.org", &[ApiCredentialsManagement]).await;
        let alans = installation.id(&ada, &alan.email).await;
        installation.change(&mut manager, &alans, MemberChange::Disable).await.unwrap();
        let refused = installation.change(&mut manager, &alans, MemberChange::Enable).await;
        assert!(matches!(refused, Err(ActionError::BeyondOwnPermissions)));
        installation.change(&mut ada, &alans, MemberChange::Revoke(ApiCredentialsManagement)).await.unwrap();
        installation.change(&mut ada, &alans, give("auditor")).await.unwrap();
        let refused = installation.change(&mut manager, &alans, MemberChange::Enable).await;
        assert!(matches!(refused, Err(ActionError::BeyondOwnPermissions)));
        assert!(!installation.lets_in(&alan.email, PASSWORD).await);
        assert_eq!(installation.recorded("member.enable not_permitted").await, 2);

        installation.change(&mut ada, &alans, MemberChange::SetRole(None)).await.unwrap();
        installation.change(&mut manager, &alans, MemberChange::Enable).await.unwrap();
        assert!(installation.lets_in(&alan.email, PASSWORD).await);
    }

    async fn a_manager_touches_no_admin_and_makes_none(installation: Installation) {
        let (mut ada, mut manager, id) = installation.with_grace(&Permission::ALL).await;
        let alan = installation.add(&ada, "alan@example.org", &[]).await;
        let alans = installation.id(&ada, &alan.email).await;
        installation.change(&mut ada, &alans, give("admin")).await.unwrap();
        let before = installation.line(&ada, &alan.email).await;
        for (change, word) in every_change() {
            let refused = installation.change(&mut manager, &alans, change).await;
            assert!(matches!(refused, Err(ActionError::AdminsOnly)), "{word}");
            assert_eq!(installation.recorded(&format!("{word} not_permitted")).await, 1);
        }
        assert_eq!(installation.line(&ada, &alan.email).await, before);
        assert!(installation.session(&alan).await.is_ok());
        for member in [&alans, &id] {
            let refused = installation.change(&mut manager, member, give("admin")).await;
            assert!(matches!(refused, Err(ActionError::AdminsOnly)), "not even with every permission");
        }
        installation.change(&mut ada, &alans, MemberChange::Disable).await.unwrap();
        for change in [MemberChange::Enable, MemberChange::Remove, MemberChange::SetRole(None)] {
            let refused = installation.change(&mut manager, &alans, change).await;
            assert!(matches!(refused, Err(ActionError::AdminsOnly)), "nor one who is disabled");
        }
    }

    async fn what_lets_into_an_account_is_for_admins_alone(installation: Installation) {
        let (ada, mut manager, id) = installation.with_grace(&Permission::ALL).await;
        let alan = installation.add(&ada, "alan@example.org", &[]).await;
        let alans = installation.id(&ada, &alan.email).await;
        for change in [MemberChange::EndSessions, MemberChange::Unlock, MemberChange::MakePasswordLink] {
            for member in [&alans, &id] {
                let refused = installation.change(&mut manager, member, change.clone()).await;
                assert!(matches!(refused, Err(ActionError::AdminsOnly)), "{change:?}");
            }
        }
        assert!(installation.session(&alan).await.is_ok());
        assert_eq!(installation.count("SELECT COUNT(*) FROM password_link").await, 0);
    }

    async fn the_last_active_admin_stays_one(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[MemberManagement]).await;
        let adas = installation.id(&ada, ADA).await;
        let ends = [MemberChange::Disable, MemberChange::Remove, MemberChange::SetRole(None), give("developer")];
        for change in ends.clone() {
            let refused = installation.change(&mut ada, &adas, change).await;
            assert!(matches!(refused, Err(ActionError::LastAdmin)));
        }
        installation.change(&mut ada, &id, give("admin")).await.unwrap();
        installation.change(&mut ada, &id, MemberChange::Disable).await.unwrap();
        for change in ends {
            let refused = installation.change(&mut ada, &adas, change).await;
            assert!(matches!(refused, Err(ActionError::LastAdmin)), "a disabled admin is none");
        }
        assert!(installation.line(&ada, ADA).await.is_last_admin);
        assert_eq!(installation.recorded("member.remove impossible").await, 2);

        installation.change(&mut ada, &adas, give("admin")).await.unwrap();
        installation.change(&mut ada, &id, MemberChange::Enable).await.unwrap();
        assert!(!installation.line(&ada, ADA).await.is_last_admin);
        installation.change(&mut ada, &adas, MemberChange::SetRole(None)).await.unwrap();
        grace.keep(&installation.sign_in(GRACE, PASSWORD, NEW_DEVICE).await.unwrap());
        let refused = installation.change(&mut grace, &id, MemberChange::Remove).await;
        assert!(matches!(refused, Err(ActionError::LastAdmin)));
        let session = installation.session(&ada).await.unwrap();
        let overview = installation.claviger.credentials(&session).await.unwrap();
        assert_eq!(overview, Overview::Refused { admins: vec!["Grace Hopper".to_owned()] });
    }

    async fn an_admin_elsewhere_does_not_count(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        installation.sign_up("eve@example.org").await;
        let adas = installation.id(&ada, ADA).await;
        let refused = installation.change(&mut ada, &adas, MemberChange::Disable).await;
        assert!(matches!(refused, Err(ActionError::LastAdmin)));
    }

    async fn an_admin_who_is_disabled_already_can_be_removed(installation: Installation) {
        let (mut ada, _, id) = installation.with_grace(&[]).await;
        for change in [give("admin"), MemberChange::Disable, MemberChange::Remove] {
            installation.change(&mut ada, &id, change).await.unwrap();
        }
        assert_eq!(installation.found(&ada, "", 1).await.found, 1);
    }
}
