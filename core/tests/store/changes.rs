//! The changes of a member: what each does, at once, and who is refused.

use crate::support::*;
use Permission::{ApiCredentialsManagement, AuditLog, MemberManagement};
use claviger_core::{
    credentials::{Overview, View},
    domain::{credential::CredentialKind, member::MemberId, permission::Permission, role::RoleId},
    members::{ChangeMember, MemberChange},
    password::PasswordAttempt,
    reauthentication::ActionError,
    session::BrowserTokens,
    sign_in::SignInError,
};

const ADA: &str = "ada@example.org";
const GRACE: &str = "grace@example.org";

on_both_engines! {
    async fn a_grant_acts_at_once_and_so_does_its_revocation(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let mut grace = installation.add(&ada, GRACE, &[]).await;
        let id = installation.id(&ada, GRACE).await;
        let refused = installation.view(&mut grace, PASSWORD).await;
        assert!(matches!(refused, Err(ActionError::NotPermitted { permission: ApiCredentialsManagement, .. })));

        installation.change(&mut ada, &id, MemberChange::Grant(ApiCredentialsManagement)).await.unwrap();
        installation.view(&mut grace, PASSWORD).await.unwrap();
        let line = installation.line(&ada, GRACE).await;
        assert_eq!((line.grants[0].permission, line.grants[0].by.as_str()), (ApiCredentialsManagement, "Ada Lovelace"));

        installation.change(&mut ada, &id, MemberChange::Revoke(ApiCredentialsManagement)).await.unwrap();
        assert!(matches!(installation.view(&mut grace, PASSWORD).await, Err(ActionError::NotPermitted { .. })));
        // The first was granted by the operator's helper, and the one in between by Ada.
        assert_eq!(installation.recorded("permission.grant done").await, 1);
        assert_eq!(installation.recorded("permission.revoke done").await, 1);
    }

    async fn roles_and_grants_stand_beside_each_other(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let mut grace = installation.add(&ada, GRACE, &[ApiCredentialsManagement]).await;
        let id = installation.id(&ada, GRACE).await;
        let role = |id: &str| MemberChange::SetRole(RoleId::parse(id));
        installation.change(&mut ada, &id, role("auditor")).await.unwrap();
        installation.view(&mut grace, PASSWORD).await.unwrap();
        installation.change(&mut ada, &id, MemberChange::Revoke(ApiCredentialsManagement)).await.unwrap();
        assert!(installation.view(&mut grace, PASSWORD).await.is_err());
        installation.change(&mut ada, &id, role("developer")).await.unwrap();
        installation.view(&mut grace, PASSWORD).await.unwrap();
        installation.change(&mut ada, &id, MemberChange::SetRole(None)).await.unwrap();
        assert!(installation.view(&mut grace, PASSWORD).await.is_err());
    }

    async fn disabling_ends_sessions_and_enabling_lets_in_again(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let grace = installation.add(&ada, GRACE, &[]).await;
        let id = installation.id(&ada, GRACE).await;
        installation.change(&mut ada, &id, MemberChange::Disable).await.unwrap();
        assert!(installation.session(&grace).await.is_err());
        let refused = installation.sign_in(GRACE, PASSWORD, BrowserTokens::default()).await;
        assert!(matches!(refused, Err(SignInError::Wrong { .. })));
        assert!(!installation.line(&ada, GRACE).await.is_active);
        installation.change(&mut ada, &id, MemberChange::Enable).await.unwrap();
        installation.sign_in(GRACE, PASSWORD, BrowserTokens::default()).await.unwrap();
    }

    async fn removing_takes_everything_and_frees_the_address(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let grace = installation.add(&ada, GRACE, &[ApiCredentialsManagement, MemberManagement]).await;
        let invitation = installation.invite(&grace, "eve@example.org").await.unwrap();
        let id = installation.id(&ada, GRACE).await;
        installation.change(&mut ada, &id, MemberChange::Remove).await.unwrap();
        assert!(installation.session(&grace).await.is_err());
        assert!(installation.sign_in(GRACE, PASSWORD, BrowserTokens::default()).await.is_err());
        assert!(installation.claviger.invitation(&invitation).await.is_err(), "an old invitation is no way back");
        assert_eq!(installation.found(&ada, "", 1).await.found, 1);
        let again = installation.change(&mut ada, &id, MemberChange::Enable).await;
        assert!(matches!(again, Err(ActionError::Gone)));
        installation.try_sign_up("Elsewhere", GRACE).await.unwrap();
    }

    async fn an_admin_ends_sessions_and_unlocks(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let grace = installation.add(&ada, GRACE, &[]).await;
        let id = installation.id(&ada, GRACE).await;
        for _ in 0..5 {
            let wrong = installation.sign_in(GRACE, WRONG, BrowserTokens::default()).await;
            assert!(matches!(wrong, Err(SignInError::Wrong { .. })));
        }
        assert!(installation.line(&ada, GRACE).await.is_waiting);
        installation.change(&mut ada, &id, MemberChange::Unlock).await.unwrap();
        assert!(!installation.line(&ada, GRACE).await.is_waiting);
        installation.sign_in(GRACE, PASSWORD, BrowserTokens::default()).await.unwrap();
        installation.change(&mut ada, &id, MemberChange::EndSessions).await.unwrap();
        assert!(installation.session(&grace).await.is_err());
    }

    async fn a_wrong_password_changes_nothing_and_is_recorded(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let grace = installation.add(&ada, GRACE, &[]).await;
        let id = installation.id(&ada, GRACE).await;
        let action = ChangeMember::new(id, MemberChange::Remove, Vec::new());
        let session = installation.session(&ada).await.unwrap();
        let wrong = PasswordAttempt::new(WRONG);
        let refused = installation.claviger.confirm(session, action, wrong, circumstances()).await;
        assert!(matches!(refused, Err(ActionError::WrongPassword { .. })));
        assert!(installation.session(&grace).await.is_ok());
        assert_eq!(installation.recorded("member.remove wrong_password").await, 1);
    }

    async fn nobody_reaches_into_another_organisation(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let eve = installation.sign_up("eve@example.org").await;
        let theirs = installation.id(&eve, "eve@example.org").await;
        let unknown = MemberId::parse("0199").unwrap();
        for id in [theirs, unknown] {
            for change in [MemberChange::Disable, MemberChange::MakePasswordLink] {
                let refused = installation.change(&mut ada, &id, change).await;
                assert!(matches!(refused, Err(ActionError::Gone)));
            }
        }
        assert!(installation.session(&eve).await.is_ok());
        assert_eq!(installation.recorded("member.disable impossible").await, 2);
    }

    async fn a_manager_who_is_no_admin_keeps_within_their_bounds(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let mut manager = installation.add(&ada, "manager@example.org", &[MemberManagement]).await;
        installation.add(&ada, GRACE, &[]).await;
        let (grace, admin) = (installation.id(&ada, GRACE).await, installation.id(&ada, ADA).await);
        let mut refused = async |id: &MemberId, change| {
            installation.change(&mut manager, id, change).await.map(|_| ()).unwrap_err()
        };
        for change in [
            MemberChange::Grant(ApiCredentialsManagement),
            MemberChange::SetRole(RoleId::parse("developer")),
        ] {
            assert!(matches!(refused(&grace, change).await, ActionError::BeyondOwnPermissions));
        }
        for change in [
            MemberChange::SetRole(Some(RoleId::admin())),
            MemberChange::EndSessions,
            MemberChange::Unlock,
            MemberChange::MakePasswordLink,
        ] {
            assert!(matches!(refused(&grace, change).await, ActionError::AdminsOnly));
        }
        for change in [MemberChange::Disable, MemberChange::Remove, MemberChange::SetRole(None)] {
            assert!(matches!(refused(&admin, change).await, ActionError::AdminsOnly));
        }
        installation.change(&mut manager, &grace, MemberChange::Grant(MemberManagement)).await.unwrap();
        assert_eq!(installation.recorded("member.change_role not_permitted").await, 3);
    }

    async fn the_last_active_admin_stays_one(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        installation.add(&ada, GRACE, &[AuditLog]).await;
        let (admin, grace) = (installation.id(&ada, ADA).await, installation.id(&ada, GRACE).await);
        installation.change(&mut ada, &grace, MemberChange::SetRole(Some(RoleId::admin()))).await.unwrap();
        installation.change(&mut ada, &grace, MemberChange::Disable).await.unwrap();
        for change in [MemberChange::Disable, MemberChange::Remove, MemberChange::SetRole(None)] {
            let refused = installation.change(&mut ada, &admin, change).await;
            assert!(matches!(refused, Err(ActionError::LastAdmin)), "a disabled admin is none");
        }
        installation.change(&mut ada, &grace, MemberChange::Enable).await.unwrap();
        installation.change(&mut ada, &admin, MemberChange::SetRole(None)).await.unwrap();
        let session = installation.session(&ada).await.unwrap();
        let overview = installation.claviger.credentials(&session).await.unwrap();
        assert_eq!(overview, Overview::Refused { admins: vec!["Grace Hopper".to_owned()] });
    }

    async fn of_two_admins_who_demote_each_other_one_comes_too_late(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let mut grace = installation.add(&ada, GRACE, &[]).await;
        let (adas, graces) = (installation.id(&ada, ADA).await, installation.id(&ada, GRACE).await);
        let admin = || MemberChange::SetRole(Some(RoleId::admin()));
        installation.change(&mut ada, &graces, admin()).await.unwrap();
        for _ in 0..4 {
            let (by_ada, by_grace) = tokio::join!(
                installation.change(&mut ada, &graces, MemberChange::SetRole(None)),
                installation.change(&mut grace, &adas, MemberChange::SetRole(None)),
            );
            assert!(by_ada.is_ok() != by_grace.is_ok(), "{by_ada:?} {by_grace:?}");
            let (winner, loser) = if by_ada.is_ok() { (&mut ada, &graces) } else { (&mut grace, &adas) };
            installation.change(winner, loser, admin()).await.unwrap();
        }
    }

    async fn what_was_taken_away_while_the_password_was_checked_stays_taken(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let grace = installation.add(&ada, GRACE, &[]).await;
        let (adas, graces) = (installation.id(&ada, ADA).await, installation.id(&ada, GRACE).await);
        installation.change(&mut ada, &graces, MemberChange::SetRole(Some(RoleId::admin()))).await.unwrap();

        let confirm = async |change| {
            let action = ChangeMember::new(adas.clone(), change, Vec::new());
            let session = installation.session(&grace).await.unwrap();
            let attempt = PasswordAttempt::new(PASSWORD);
            installation.claviger.confirm(session, action, attempt, circumstances()).await.unwrap()
        };
        let demoting = confirm(MemberChange::SetRole(None)).await;
        installation.change(&mut ada, &graces, MemberChange::SetRole(None)).await.unwrap();
        let late = installation.claviger.change_member(demoting).await;
        assert!(matches!(late, Err(ActionError::NotPermitted { permission: MemberManagement, .. })));

        installation.change(&mut ada, &graces, MemberChange::SetRole(Some(RoleId::admin()))).await.unwrap();
        let removing = confirm(MemberChange::Remove).await;
        installation.change(&mut ada, &graces, MemberChange::Disable).await.unwrap();
        assert!(matches!(installation.claviger.change_member(removing).await, Err(ActionError::SignedOut)));
    }

    async fn a_revocation_that_races_a_view_wins(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let grace = installation.add(&ada, GRACE, &[ApiCredentialsManagement]).await;
        let id = installation.id(&ada, GRACE).await;
        let session = installation.session(&grace).await.unwrap();
        let view = View::new(CredentialKind::ApiKey);
        let attempt = PasswordAttempt::new(PASSWORD);
        let confirmed = installation.claviger.confirm(session, view, attempt, circumstances()).await.unwrap();
        installation.change(&mut ada, &id, MemberChange::Revoke(ApiCredentialsManagement)).await.unwrap();
        let late = installation.claviger.view(confirmed).await;
        assert!(matches!(late, Err(ActionError::NotPermitted { .. })));
    }
}
