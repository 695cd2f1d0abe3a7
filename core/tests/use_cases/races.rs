//! Concurrent actions: a permission or session that was taken away meanwhile stays taken away, and of two actions that
//! exclude each other, one is refused as too late.

use crate::{people::*, support::*};
use Permission::{ApiCredentialsManagement, AuditLog, MemberManagement};
use claviger_core::{
    domain::{
        credential::CredentialKind::{self, ApiKey},
        member::MemberId,
        permission::Permission,
    },
    password::PasswordAttempt,
    reauthentication::{ActionError, Proof},
    use_cases::{credentials::View, members::MemberChange, profile::ChangeEmail, roles::ChangeRoles},
};

const ADMINS: &str = "SELECT COUNT(*) FROM member WHERE role_id = 'admin' AND status = 'active'";

fn view() -> View {
    View::new(CredentialKind::ApiKey)
}

impl Installation {
    /// Ada and Grace, who are both admins, with their identifiers.
    async fn two_admins(&self) -> (Person, Person, MemberId, MemberId) {
        let (mut ada, grace, graces) = self.with_grace(&[]).await;
        self.change(&mut ada, &graces, give("admin")).await.unwrap();
        let adas = self.id(&ada, ADA).await;
        (ada, grace, adas, graces)
    }
}

on_both_engines! {
    async fn of_two_admins_who_demote_each_other_one_comes_too_late(installation: Installation) {
        let (mut ada, mut grace, adas, graces) = installation.two_admins().await;
        for _ in 0..6 {
            let (by_ada, by_grace) = tokio::join!(
                installation.change(&mut ada, &graces, MemberChange::SetRole(None)),
                installation.change(&mut grace, &adas, MemberChange::SetRole(None)),
            );
            assert_ne!(by_ada.is_ok(), by_grace.is_ok(), "{by_ada:?} {by_grace:?}");
            assert_eq!(installation.count(ADMINS).await, 1);
            let (winner, loser) = if by_ada.is_ok() { (&mut ada, &graces) } else { (&mut grace, &adas) };
            let late = by_ada.err().or(by_grace.err());
            assert!(
                matches!(late, Some(ActionError::NotPermitted { permission: MemberManagement, .. })),
                "{late:?}"
            );
            installation.change(winner, loser, give("admin")).await.unwrap();
        }
    }

    async fn of_two_admins_who_remove_each_other_one_comes_too_late(installation: Installation) {
        let (mut ada, mut grace, adas, graces) = installation.two_admins().await;
        let by_ada = installation.confirm(&ada, changing(&graces, MemberChange::Remove)).await.unwrap();
        let by_grace = installation.confirm(&grace, changing(&adas, MemberChange::Remove)).await.unwrap();
        let (by_ada, by_grace) = tokio::join!(
            installation.claviger.change_member(by_ada),
            installation.claviger.change_member(by_grace),
        );
        assert_ne!(by_ada.is_ok(), by_grace.is_ok(), "{by_ada:?} {by_grace:?}");
        assert_eq!(installation.count(ADMINS).await, 1);
        let (signed_out, late) = if by_ada.is_ok() { (&mut grace, by_grace) } else { (&mut ada, by_ada) };
        assert!(matches!(late, Err(ActionError::SignedOut)));
        assert!(matches!(installation.view(signed_out, PASSWORD).await, Err(ActionError::SignedOut)));
    }

    async fn of_two_admins_who_both_step_down_one_stays(installation: Installation) {
        let (ada, grace, adas, graces) = installation.two_admins().await;
        let by_ada = installation.confirm(&ada, changing(&adas, MemberChange::SetRole(None))).await.unwrap();
        let by_grace = installation.confirm(&grace, changing(&graces, MemberChange::Disable)).await.unwrap();
        let (by_ada, by_grace) = tokio::join!(
            installation.claviger.change_member(by_ada),
            installation.claviger.change_member(by_grace),
        );
        assert_ne!(by_ada.is_ok(), by_grace.is_ok());
        assert!(matches!(by_ada.err().or(by_grace.err()), Some(ActionError::LastAdmin)));
        assert_eq!(installation.count(ADMINS).await, 1);
    }

    async fn a_revocation_that_overtakes_a_view_wins(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[ApiCredentialsManagement]).await;
        for (give_back, take) in [
            (None, MemberChange::Revoke(ApiCredentialsManagement)),
            (Some(give("developer")), MemberChange::SetRole(None)),
            (Some(give("developer")), give("auditor")),
        ] {
            if let Some(give_back) = give_back {
                installation.change(&mut ada, &id, give_back).await.unwrap();
            }
            installation.view(&mut grace, PASSWORD).await.unwrap();
            let confirmed = installation.confirm(&grace, view()).await.unwrap();
            installation.change(&mut ada, &id, take).await.unwrap();
            let late = installation.claviger.view(confirmed).await;
            assert!(not_permitted(&late, ApiCredentialsManagement));
        }
        assert_eq!(installation.recorded("credential.view not_permitted").await, 3);
        assert_eq!(installation.recorded("credential.view done").await, 3);
    }

    async fn an_edited_role_that_overtakes_a_view_wins(installation: Installation) {
        let (mut ada, grace, id) = installation.with_grace(&[]).await;
        let support = create("Support", &[ApiCredentialsManagement]);
        installation.change_roles(&mut ada, support).await.unwrap();
        let role = installation.role(&ada, "Support").await;
        installation.change(&mut ada, &id, MemberChange::SetRole(Some(role.clone()))).await.unwrap();
        let confirmed = installation.confirm(&grace, view()).await.unwrap();
        installation.change_roles(&mut ada, ChangeRoles::edit(role, set(&[]))).await.unwrap();
        let late = installation.claviger.view(confirmed).await;
        assert!(not_permitted(&late, ApiCredentialsManagement));
    }

    async fn whoever_was_disabled_or_signed_out_meanwhile_sees_nothing(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[ApiCredentialsManagement]).await;
        for end in [MemberChange::EndSessions, MemberChange::Disable, MemberChange::Remove] {
            let confirmed = installation.confirm(&grace, view()).await.unwrap();
            installation.change(&mut ada, &id, end.clone()).await.unwrap();
            let late = installation.claviger.view(confirmed).await;
            assert!(matches!(late, Err(ActionError::SignedOut)), "{end:?}");
            if end != MemberChange::Remove {
                installation.change(&mut ada, &id, MemberChange::Enable).await.unwrap();
                grace.keep(&installation.sign_in(GRACE, PASSWORD, NEW_DEVICE).await.unwrap());
            }
        }
        assert_eq!(installation.recorded("credential.view done").await, 0);
    }

    async fn enabling_again_brings_no_confirmation_back(installation: Installation) {
        let (mut ada, grace, id) = installation.with_grace(&[ApiCredentialsManagement]).await;
        let confirmed = installation.confirm(&grace, view()).await.unwrap();
        installation.change(&mut ada, &id, MemberChange::Disable).await.unwrap();
        installation.change(&mut ada, &id, MemberChange::Enable).await.unwrap();
        assert!(matches!(installation.claviger.view(confirmed).await, Err(ActionError::SignedOut)));
    }

    async fn whoever_was_demoted_meanwhile_changes_nobody(installation: Installation) {
        let (mut ada, mut grace, adas, graces) = installation.two_admins().await;
        let confirmed = installation.confirm(&grace, changing(&adas, MemberChange::SetRole(None))).await.unwrap();
        installation.change(&mut ada, &graces, MemberChange::SetRole(None)).await.unwrap();
        let late = installation.claviger.change_member(confirmed).await;
        assert!(not_permitted(&late, MemberManagement));

        // With a grant of Member management, Grace may act again, but no longer as an admin.
        installation.change(&mut ada, &graces, give("admin")).await.unwrap();
        let confirmed = installation.confirm(&grace, changing(&adas, MemberChange::SetRole(None))).await.unwrap();
        let linking = installation.confirm(&grace, changing(&graces, MemberChange::MakePasswordLink)).await.unwrap();
        installation.change(&mut ada, &graces, MemberChange::Grant(MemberManagement)).await.unwrap();
        installation.change(&mut ada, &graces, MemberChange::SetRole(None)).await.unwrap();
        let late = installation.claviger.change_member(confirmed).await;
        assert!(matches!(late, Err(ActionError::AdminsOnly)));
        let late = installation.claviger.change_member(linking).await;
        assert!(matches!(late, Err(ActionError::AdminsOnly)));

        let confirmed = installation.confirm(&grace, create("Support", &[MemberManagement])).await.unwrap();
        installation.change(&mut ada, &graces, MemberChange::Disable).await.unwrap();
        let late = installation.claviger.change_roles(confirmed).await;
        assert!(matches!(late, Err(ActionError::SignedOut)));
        grace.session_token = ada.session_token.clone();
        assert!(installation.line(&grace, ADA).await.is_last_admin);
    }

    async fn what_was_lost_meanwhile_cannot_be_given(installation: Installation) {
        let (mut ada, manager, id) = installation.with_grace(&[MemberManagement, AuditLog]).await;
        let alan = installation.add(&ada, "alan@example.org", &[]).await;
        let alans = installation.id(&ada, &alan.email).await;
        let grant = changing(&alans, MemberChange::Grant(AuditLog));
        let granting = installation.confirm(&manager, grant).await.unwrap();
        let making = installation.confirm(&manager, create("Readers", &[AuditLog])).await.unwrap();
        installation.change(&mut ada, &id, MemberChange::Revoke(AuditLog)).await.unwrap();
        let late = installation.claviger.change_member(granting).await;
        assert!(matches!(late, Err(ActionError::BeyondOwnPermissions)));
        let late = installation.claviger.change_roles(making).await;
        assert!(matches!(late, Err(ActionError::BeyondOwnPermissions)));
        assert!(installation.line(&ada, &alan.email).await.grants.is_empty());
    }

    async fn a_role_is_deleted_or_given_but_not_both(installation: Installation) {
        let (mut ada, _, id) = installation.with_grace(&[]).await;
        installation.change_roles(&mut ada, create("Support", &[])).await.unwrap();
        let role = installation.role(&ada, "Support").await;
        let to_give = || MemberChange::SetRole(Some(role.clone()));

        let deleting = installation.confirm(&ada, ChangeRoles::delete(role.clone())).await.unwrap();
        installation.change(&mut ada, &id, to_give()).await.unwrap();
        let late = installation.claviger.change_roles(deleting).await;
        assert!(matches!(late, Err(ActionError::RoleInUse)));

        installation.change(&mut ada, &id, MemberChange::SetRole(None)).await.unwrap();
        let giving = installation.confirm(&ada, changing(&id, to_give())).await.unwrap();
        installation.change_roles(&mut ada, ChangeRoles::delete(role.clone())).await.unwrap();
        let late = installation.claviger.change_member(giving).await;
        assert!(matches!(late, Err(ActionError::Gone)));
    }

    async fn of_two_roles_of_one_name_made_at_once_one_is_made(installation: Installation) {
        let (ada, grace, _, _) = installation.two_admins().await;
        let by_ada = installation.confirm(&ada, create("Support", &[])).await.unwrap();
        let by_grace = installation.confirm(&grace, create("SUPPORT", &[])).await.unwrap();
        let (by_ada, by_grace) = tokio::join!(
            installation.claviger.change_roles(by_ada),
            installation.claviger.change_roles(by_grace),
        );
        assert_ne!(by_ada.is_ok(), by_grace.is_ok());
        assert!(matches!(by_ada.err().or(by_grace.err()), Some(ActionError::RoleNameTaken)));
    }

    async fn of_two_who_remove_somebody_and_reset_the_key_one_does_both(installation: Installation) {
        let (mut ada, mut grace, _, _) = installation.two_admins().await;
        let alan = installation.add(&ada, "alan@example.org", &[]).await;
        let alans = installation.id(&ada, &alan.email).await;
        let reset = [(ApiKey, 1)];
        let (by_ada, by_grace) = tokio::join!(
            installation.change_and_reset(&mut ada, &alans, MemberChange::Remove, &reset),
            installation.change_and_reset(&mut grace, &alans, MemberChange::Remove, &reset),
        );
        assert_ne!(by_ada.is_ok(), by_grace.is_ok());
        assert!(matches!(by_ada.err().or(by_grace.err()), Some(ActionError::Gone)));
        assert_eq!(installation.summaries(&ada).await[0].generation.number(), 2);
        assert_eq!(installation.recorded("credential.reset done").await, 1);
    }

    async fn of_two_who_join_by_one_link_one_becomes_a_member(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let token = installation.invite(&ada, GRACE).await.unwrap();
        let (one, other) = tokio::join!(installation.join(&token, PASSWORD), installation.join(&token, OTHER));
        assert_ne!(one.is_ok(), other.is_ok());
        assert!(unusable(&one) || unusable(&other));
        assert_eq!(installation.found(&ada, "", 1).await.found, 2);
        assert_eq!(installation.lets_in(GRACE, PASSWORD).await, one.is_ok());
        assert_eq!(installation.lets_in(GRACE, OTHER).await, other.is_ok());
    }

    async fn an_invitation_is_withdrawn_or_accepted_but_not_both(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        for number in 0..4 {
            let token = installation.invite(&ada, &format!("m{number}@example.org")).await.unwrap();
            let id = installation.found(&ada, "", 1).await.invitations[0].id.clone();
            let (withdrawn, joined) =
                tokio::join!(installation.withdraw(&ada, &id), installation.join(&token, PASSWORD));
            assert_ne!(withdrawn.is_ok(), joined.is_ok());
        }
    }

    async fn of_two_who_choose_a_password_by_one_link_one_does(installation: Installation) {
        installation.sign_up(ADA).await;
        let link = installation.claviger.make_password_link(ADA).await.unwrap();
        let third = "copper meadow tidy quartz 31";
        let (one, other) =
            tokio::join!(installation.choose(link.expose(), OTHER), installation.choose(link.expose(), third));
        assert_ne!(one.is_ok(), other.is_ok());
        assert_eq!(installation.lets_in(ADA, OTHER).await, one.is_ok());
        assert_eq!(installation.lets_in(ADA, third).await, other.is_ok());
    }

    async fn of_two_who_take_one_address_at_once_one_has_it(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let eve = installation.sign_up("eve@example.org").await;
        let mut changes = Vec::new();
        for person in [&ada, &eve] {
            let action = ChangeEmail::parse("new@example.org").unwrap();
            changes.push(installation.confirm(person, action).await.unwrap());
        }
        let (eves, adas) = (changes.remove(1), changes.remove(0));
        let (adas, eves) =
            tokio::join!(installation.claviger.change_email(adas), installation.claviger.change_email(eves));
        assert_ne!(adas.is_ok(), eves.is_ok());
        assert!(is_taken(&adas) || is_taken(&eves));
        assert_eq!(installation.lets_in(ADA, PASSWORD).await, adas.is_err());
        assert_eq!(installation.lets_in("eve@example.org", PASSWORD).await, eves.is_err());
        assert!(installation.lets_in("new@example.org", PASSWORD).await);
    }

    async fn a_password_changed_elsewhere_spends_what_the_old_one_confirmed(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let elsewhere = person(ADA, &installation.sign_in(ADA, PASSWORD, NEW_DEVICE).await.unwrap());
        let confirmed = installation.confirm(&elsewhere, view()).await.unwrap();
        installation.change_password(&mut ada, OTHER).await.unwrap();
        assert!(matches!(installation.claviger.view(confirmed).await, Err(ActionError::SignedOut)));
    }

    async fn whoever_was_removed_while_typing_is_signed_out(installation: Installation) {
        let (mut ada, grace, id) = installation.with_grace(&[]).await;
        let session = installation.session(&grace).await.unwrap();
        let action = installation.claviger.prepare_password(&session, OTHER).await.unwrap();
        installation.change(&mut ada, &id, MemberChange::Remove).await.unwrap();
        let attempt = PasswordAttempt::new(PASSWORD);
        let late = installation.claviger.confirm(session, action, Proof::Password(attempt), request_context()).await;
        assert!(matches!(late, Err(ActionError::SignedOut)), "{late:?}");
    }

    async fn what_asks_for_no_password_is_refused_once_the_session_has_ended(installation: Installation) {
        let (mut ada, grace, id) = installation.with_grace(&[MemberManagement]).await;
        installation.invite(&grace, "alan@example.org").await.unwrap();
        let invitation = installation.found(&ada, "", 1).await.invitations[0].id.clone();
        let session = installation.session(&grace).await.unwrap();
        installation.change(&mut ada, &id, MemberChange::Disable).await.unwrap();
        let form = claviger_core::use_cases::links::InviteForm { name: "Eve", email: "eve@example.org" };
        let claviger = &installation.claviger;
        for refused in [
            claviger.invite(&session, form, &request_context()).await.map(|_| ()),
            claviger.withdraw_invitation(&session, &invitation, &request_context()).await,
            claviger.change_name(&session, "Eve", &request_context()).await,
            claviger.rename_organisation(&session, "Evil", &request_context()).await,
            claviger.end_other_sessions(&session, &request_context()).await,
        ] {
            assert!(matches!(refused, Err(ActionError::SignedOut)));
        }
        assert_eq!(installation.found(&ada, "", 1).await.invitations.len(), 1);
        assert_eq!(installation.line(&ada, GRACE).await.name, "Grace Hopper");
    }
}
