//! Changes of a member: the effect of each, and that it takes effect at once.

use crate::{people::*, support::*};
use Permission::{ApiCredentialsManagement, AuditLog, MemberManagement};
use claviger_core::{
    authentication::sign_in::SignInError,
    domain::{permission::Permission, role::RoleId},
    limits::throttle::Throttled,
    reauthentication::ActionError,
    use_cases::members::MemberChange,
};

on_both_engines! {
    async fn every_change_asks_for_the_password_renews_the_token_and_is_recorded(installation: Installation) {
        let (mut ada, _, id) = installation.with_grace(&[]).await;
        for (change, word) in every_change() {
            let before = installation.line(&ada, GRACE).await;
            let refused = installation.confirm_with(&ada, changing(&id, change.clone()), WRONG).await;
            assert!(matches!(refused, Err(ActionError::ProofRefused { .. })), "{word}");
            assert_eq!(installation.line(&ada, GRACE).await, before, "{word}");
            assert_eq!(installation.recorded(&format!("{word} wrong_password")).await, 1);
            assert_eq!(installation.recorded(&format!("{word} done")).await, 0);

            let token = ada.session_token.clone();
            installation.change(&mut ada, &id, change).await.unwrap();
            assert_ne!(ada.session_token, token, "{word}");
            assert!(installation.session(&ada).await.is_ok(), "{word}");
            assert_eq!(installation.recorded(&format!("{word} done")).await, 1);
        }
        assert!(installation.claviger.verify_audit().await.unwrap().broken.is_empty());
    }

    async fn what_was_changed_of_whom_is_recorded(installation: Installation) {
        let (mut ada, _, id) = installation.with_grace(&[]).await;
        for (change, _) in every_change() {
            installation.change(&mut ada, &id, change).await.unwrap();
        }
        for (events, of) in [
            (2, "SELECT COUNT(*) FROM audit_event e JOIN member m ON e.target = m.id || '/audit_log'"),
            (1, "SELECT COUNT(*) FROM audit_event e JOIN member m ON e.target = m.id || '/auditor'"),
            (6, "SELECT COUNT(*) FROM audit_event e JOIN member m ON e.target = m.id WHERE e.actor <> 'operator' \
                 AND e.actor <> e.target"),
        ] {
            assert_eq!(installation.count(of).await, events, "{of}");
        }
    }

    async fn wrong_passwords_for_changes_count_like_those_for_keys(installation: Installation) {
        let (mut ada, _, id) = installation.with_grace(&[]).await;
        let grant = || changing(&id, MemberChange::Grant(AuditLog));
        for _ in 0..3 {
            assert!(installation.confirm_with(&ada, grant(), WRONG).await.is_err());
        }
        assert!(installation.view(&mut ada, WRONG).await.is_err());
        let fifth = installation.confirm_with(&ada, create("Support", &[]), WRONG).await;
        assert!(matches!(fifth, Err(ActionError::ProofRefused { wait }) if wait.as_secs() == 30));
        let right = installation.confirm(&ada, grant()).await;
        assert!(matches!(right, Err(ActionError::Throttled(Throttled::Wait(wait))) if wait.as_secs() == 30));
        assert!(installation.line(&ada, GRACE).await.grants.is_empty());
    }

    async fn a_grant_acts_at_once_and_so_does_its_revocation(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[]).await;
        let refused = installation.view(&mut grace, PASSWORD).await;
        assert!(not_permitted(&refused, ApiCredentialsManagement));

        installation.change(&mut ada, &id, MemberChange::Grant(ApiCredentialsManagement)).await.unwrap();
        installation.view(&mut grace, PASSWORD).await.unwrap();
        let line = installation.line(&ada, GRACE).await;
        assert_eq!((line.grants[0].permission, line.grants[0].by.as_str()), (ApiCredentialsManagement, "Ada Lovelace"));

        installation.change(&mut ada, &id, MemberChange::Revoke(ApiCredentialsManagement)).await.unwrap();
        assert!(not_permitted(&installation.view(&mut grace, PASSWORD).await, ApiCredentialsManagement));
        assert!(installation.line(&ada, GRACE).await.grants.is_empty());
    }

    async fn every_permission_opens_what_it_names_and_nothing_else(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[]).await;
        for permission in Permission::ALL {
            installation.change(&mut ada, &id, MemberChange::Grant(permission)).await.unwrap();
            let views = installation.view(&mut grace, PASSWORD).await.is_ok();
            assert_eq!(views, permission == ApiCredentialsManagement, "{permission:?}");
            let invites = installation.invite(&grace, "alan@example.org").await.is_ok();
            assert_eq!(invites, permission == MemberManagement, "{permission:?}");
            installation.change(&mut ada, &id, MemberChange::Revoke(permission)).await.unwrap();
        }
    }

    async fn a_grant_that_is_there_already_stays_with_whoever_made_it(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[MemberManagement, AuditLog]).await;
        let alan = installation.add(&ada, "alan@example.org", &[AuditLog]).await;
        let alans = installation.id(&ada, &alan.email).await;
        installation.change(&mut grace, &alans, MemberChange::Grant(AuditLog)).await.unwrap();
        let line = installation.line(&ada, &alan.email).await;
        assert_eq!((line.grants.len(), line.grants[0].by.as_str()), (1, "Ada Lovelace"));
        installation.change(&mut ada, &id, MemberChange::Revoke(ApiCredentialsManagement)).await.unwrap();
        assert_eq!(installation.line(&ada, GRACE).await.grants.len(), 2, "nothing was there to be revoked");
    }

    async fn each_built_in_role_permits_what_it_stands_for(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[]).await;
        for (role, permits) in [
            ("developer", &[ApiCredentialsManagement][..]),
            ("auditor", &[AuditLog]),
            ("admin", &Permission::ALL),
        ] {
            installation.change(&mut ada, &id, give(role)).await.unwrap();
            assert_eq!(installation.line(&ada, GRACE).await.by_role, set(permits), "{role}");
            let views = installation.view(&mut grace, PASSWORD).await.is_ok();
            assert_eq!(views, permits.contains(&ApiCredentialsManagement), "{role}");
            assert_eq!(installation.session(&grace).await.unwrap().manages_members(), role == "admin");
        }
        installation.change(&mut ada, &id, MemberChange::SetRole(None)).await.unwrap();
        assert!(not_permitted(&installation.view(&mut grace, PASSWORD).await, ApiCredentialsManagement));
        assert_eq!(installation.line(&ada, GRACE).await.role, None);
    }

    async fn roles_and_grants_stand_beside_each_other(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[ApiCredentialsManagement]).await;
        installation.change(&mut ada, &id, give("developer")).await.unwrap();
        installation.change(&mut ada, &id, MemberChange::Revoke(ApiCredentialsManagement)).await.unwrap();
        installation.view(&mut grace, PASSWORD).await.unwrap();
        installation.change(&mut ada, &id, MemberChange::Grant(ApiCredentialsManagement)).await.unwrap();
        installation.change(&mut ada, &id, give("admin")).await.unwrap();
        installation.change(&mut ada, &id, MemberChange::SetRole(None)).await.unwrap();
        installation.view(&mut grace, PASSWORD).await.unwrap();
        assert!(!installation.session(&grace).await.unwrap().manages_members());
        installation.change(&mut ada, &id, MemberChange::Revoke(ApiCredentialsManagement)).await.unwrap();
        assert!(installation.view(&mut grace, PASSWORD).await.is_err());
    }

    async fn disabling_ends_sessions_and_enabling_lets_in_again(installation: Installation) {
        let (mut ada, grace, id) = installation.with_grace(&[ApiCredentialsManagement]).await;
        installation.change(&mut ada, &id, MemberChange::Disable).await.unwrap();
        assert!(installation.session(&grace).await.is_err());
        let refused = installation.sign_in(GRACE, PASSWORD, grace.tokens()).await;
        assert!(matches!(refused, Err(SignInError::Wrong { .. })));
        assert!(!installation.line(&ada, GRACE).await.is_active);

        installation.change(&mut ada, &id, MemberChange::Enable).await.unwrap();
        assert!(installation.session(&grace).await.is_err(), "what was ended stays ended");
        let mut grace = person(GRACE, &installation.sign_in(GRACE, PASSWORD, NEW_DEVICE).await.unwrap());
        installation.view(&mut grace, PASSWORD).await.unwrap();
    }

    async fn removing_takes_everything_and_frees_the_address(installation: Installation) {
        let permissions = [ApiCredentialsManagement, MemberManagement];
        let (mut ada, mut grace, id) = installation.with_grace(&permissions).await;
        let invitation = installation.invite(&grace, "eve@example.org").await.unwrap();
        let link = installation.link_for(&mut ada, &id).await;
        let address = installation.request_email_change(&mut grace, "new@example.org").await.unwrap();
        installation.change(&mut ada, &id, MemberChange::Remove).await.unwrap();
        assert!(installation.session(&grace).await.is_err());
        assert!(!installation.lets_in(GRACE, PASSWORD).await);
        assert!(unusable(&installation.claviger.invitation(&invitation).await), "no way back");
        assert!(unusable(&installation.claviger.password_link(&link).await), "no way back");
        assert!(unusable(&installation.claviger.pending_email_change(&address).await), "no way back");
        assert_eq!(installation.found(&ada, "", 1).await.found, 1);
        assert_eq!(installation.found(&ada, "grace", 1).await.found, 0);
        installation.try_sign_up("Elsewhere", GRACE).await.unwrap();
        assert_eq!(installation.found(&ada, "", 1).await.found, 1);
    }

    async fn whoever_was_removed_is_a_newcomer_when_invited_again(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[ApiCredentialsManagement]).await;
        installation.view(&mut grace, PASSWORD).await.unwrap();
        installation.change(&mut ada, &id, give("admin")).await.unwrap();
        installation.change(&mut ada, &id, MemberChange::Remove).await.unwrap();
        let token = installation.invite(&ada, GRACE).await.unwrap();
        let mut again = person(GRACE, &installation.join(&token, OTHER).await.unwrap());
        assert!(not_permitted(&installation.view(&mut again, OTHER).await, ApiCredentialsManagement));
        let line = installation.line(&ada, GRACE).await;
        assert_ne!(line.id, id);
        assert_eq!((line.role, line.grants.len(), line.seen.len()), (None, 0, 0));
    }

    async fn keys_and_grants_still_name_whoever_was_removed(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&Permission::ALL).await;
        installation.reset(&mut grace, reset_api_key(1)).await.unwrap();
        let alan = installation.add(&ada, "alan@example.org", &[]).await;
        let alans = installation.id(&ada, &alan.email).await;
        installation.change(&mut grace, &alans, MemberChange::Grant(AuditLog)).await.unwrap();
        installation.change(&mut ada, &id, MemberChange::Remove).await.unwrap();
        assert_eq!(installation.summaries(&ada).await[0].created_by, "Grace Hopper");
        assert_eq!(installation.line(&ada, &alan.email).await.grants[0].by, "Grace Hopper");
    }

    async fn the_operator_counts_the_members_who_are_there(installation: Installation) {
        let (mut ada, _, id) = installation.with_grace(&[]).await;
        assert_eq!(installation.claviger.list_accounts().await.unwrap()[0].members, 2);
        installation.change(&mut ada, &id, MemberChange::Remove).await.unwrap();
        assert_eq!(installation.claviger.list_accounts().await.unwrap()[0].members, 1);
    }

    async fn an_admin_unlocks_and_ends_sessions(installation: Installation) {
        let (mut ada, grace, id) = installation.with_grace(&[]).await;
        for _ in 0..5 {
            let wrong = installation.sign_in(GRACE, WRONG, NEW_DEVICE).await;
            assert!(matches!(wrong, Err(SignInError::Wrong { .. })));
        }
        assert!(installation.line(&ada, GRACE).await.is_waiting);
        assert!(!installation.lets_in(GRACE, PASSWORD).await);
        installation.change(&mut ada, &id, MemberChange::Unlock).await.unwrap();
        assert!(!installation.line(&ada, GRACE).await.is_waiting);
        let elsewhere = person(GRACE, &installation.sign_in(GRACE, PASSWORD, NEW_DEVICE).await.unwrap());

        installation.change(&mut ada, &id, MemberChange::EndSessions).await.unwrap();
        assert!(installation.session(&grace).await.is_err());
        assert!(installation.session(&elsewhere).await.is_err());
        assert!(installation.session(&ada).await.is_ok());
        assert!(installation.lets_in(GRACE, PASSWORD).await);
    }

    async fn an_admin_who_steps_down_or_ends_their_own_sessions_is_heard_at_once(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[]).await;
        let adas = installation.id(&ada, ADA).await;
        installation.change(&mut ada, &id, MemberChange::SetRole(Some(RoleId::admin()))).await.unwrap();
        installation.change(&mut ada, &adas, MemberChange::SetRole(None)).await.unwrap();
        let refused = installation.change(&mut ada, &id, MemberChange::Disable).await;
        assert!(not_permitted(&refused, MemberManagement));
        installation.change(&mut grace, &id, MemberChange::EndSessions).await.unwrap();
        assert!(installation.session(&grace).await.is_err());
    }
}
