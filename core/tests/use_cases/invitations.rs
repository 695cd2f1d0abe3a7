//! Invitations: for whom they work, for how long, and who may create them.

use crate::{people::*, support::*};
use claviger_core::{
    domain::{
        field_errors::{EmailProblem, FieldErrors, PasswordError},
        invitation::{INVITATION, InvitationId},
        member::EmailError,
        permission::Permission::{ApiCredentialsManagement, AuditLog, MemberManagement},
        role::RoleId,
        text::TextError,
    },
    reauthentication::ActionError,
    use_cases::{
        credentials::Overview,
        links::{InviteForm, LinkError},
        members::{MemberChange, MembersOverview},
    },
};
use std::time::Duration;

on_both_engines! {
    async fn an_invitation_makes_a_member_who_may_do_nothing_once(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let token = installation.invite(&ada, GRACE).await.unwrap();
        assert!(!installation.dump().await.contains(&token), "only a hash is stored");
        let open = installation.claviger.invitation(&token).await.unwrap();
        assert_eq!((open.organisation.as_str(), open.name.as_str()), ("Northwind", "Grace Hopper"));
        assert_eq!(open.email, GRACE);
        let grace = person(GRACE, &installation.join(&token, PASSWORD).await.unwrap());

        let session = installation.session(&grace).await.unwrap();
        assert_eq!((session.organisation(), session.member_name()), ("Northwind", "Grace Hopper"));
        let overview = installation.claviger.credentials(&session).await.unwrap();
        assert!(matches!(overview, Overview::Refused { .. }));
        let members = installation.claviger.members(&session, "", 1, 1).await.unwrap();
        assert!(matches!(members, MembersOverview::Refused { .. }));
        assert!(unusable(&installation.join(&token, PASSWORD).await));
        assert!(unusable(&installation.claviger.invitation(&token).await));
        assert!(installation.found(&ada, "", 1).await.invitations.is_empty());
    }

    async fn who_invited_and_who_joined_is_recorded(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let token = installation.invite(&ada, GRACE).await.unwrap();
        installation.clock.advance(Duration::from_secs(1));
        installation.join(&token, PASSWORD).await.unwrap();
        let trail = installation.trail().await;
        assert_eq!(trail[trail.len() - 3..], ["invitation.create done", "member.add done", "session.sign_in done"]);
        let by_themselves = "SELECT COUNT(*) FROM audit_event e JOIN member m ON m.id = e.actor \
                             WHERE e.action = 'member.add' AND e.target LIKE m.id || '/%'";
        assert_eq!(installation.count(by_themselves).await, 1);
        assert!(installation.claviger.verify_audit().await.unwrap().broken.is_empty());
    }

    async fn an_invitation_works_for_seven_days(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let token = installation.invite(&ada, GRACE).await.unwrap();
        installation.clock.advance(INVITATION - Duration::from_micros(1));
        installation.claviger.invitation(&token).await.unwrap();
        installation.clock.advance(Duration::from_micros(1));
        assert!(unusable(&installation.claviger.invitation(&token).await));
        assert!(unusable(&installation.join(&token, PASSWORD).await));
    }

    async fn in_the_last_moment_of_its_seven_days_an_invitation_lets_in(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let token = installation.invite(&ada, GRACE).await.unwrap();
        installation.clock.advance(Duration::from_secs(7 * 24 * 3600) - Duration::from_micros(1));
        installation.join(&token, PASSWORD).await.unwrap();
    }

    async fn an_invitation_that_has_run_out_is_shown_as_such_and_can_be_made_anew(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let old = installation.invite(&ada, GRACE).await.unwrap();
        installation.clock.advance(INVITATION);
        ada.keep(&installation.sign_in(ADA, PASSWORD, ada.tokens()).await.unwrap());
        let lines = installation.found(&ada, "", 1).await.invitations;
        assert_eq!((lines.len(), lines[0].has_expired), (1, true));
        let new = installation.invite(&ada, GRACE).await.unwrap();
        let lines = installation.found(&ada, "", 1).await.invitations;
        assert_eq!((lines.len(), lines[0].has_expired), (1, false));
        assert!(unusable(&installation.join(&old, PASSWORD).await));
        installation.join(&new, PASSWORD).await.unwrap();
    }

    async fn a_withdrawn_invitation_lets_nobody_in(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let token = installation.invite(&ada, GRACE).await.unwrap();
        let id = installation.found(&ada, "", 1).await.invitations[0].id.clone();
        installation.withdraw(&ada, &id).await.unwrap();
        assert!(unusable(&installation.claviger.invitation(&token).await));
        assert!(unusable(&installation.join(&token, PASSWORD).await));
        assert!(installation.found(&ada, "", 1).await.invitations.is_empty());
        assert!(matches!(installation.withdraw(&ada, &id).await, Err(ActionError::Gone)));
        assert_eq!(installation.recorded("invitation.withdraw done").await, 1);
    }

    async fn a_used_invitation_cannot_be_withdrawn(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let token = installation.invite(&ada, GRACE).await.unwrap();
        let id = installation.found(&ada, "", 1).await.invitations[0].id.clone();
        let grace = person(GRACE, &installation.join(&token, PASSWORD).await.unwrap());
        assert!(matches!(installation.withdraw(&ada, &id).await, Err(ActionError::Gone)));
        assert!(installation.session(&grace).await.is_ok());
    }

    async fn nobody_withdraws_the_invitation_of_another_organisation(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let eve = installation.sign_up("eve@example.org").await;
        let token = installation.invite(&ada, GRACE).await.unwrap();
        let adas = installation.found(&ada, "", 1).await.invitations[0].id.clone();
        assert!(installation.found(&eve, "", 1).await.invitations.is_empty());
        for id in [adas, InvitationId::parse("0199").unwrap()] {
            assert!(matches!(installation.withdraw(&eve, &id).await, Err(ActionError::Gone)));
        }
        assert_eq!(installation.recorded("invitation.withdraw done").await, 0);
        installation.join(&token, PASSWORD).await.unwrap();
    }

    async fn whoever_does_not_manage_members_neither_invites_nor_withdraws(installation: Installation) {
        let others = [ApiCredentialsManagement, AuditLog];
        let (ada, grace, _) = installation.with_grace(&others).await;
        let token = installation.invite(&ada, "alan@example.org").await.unwrap();
        let id = installation.found(&ada, "", 1).await.invitations[0].id.clone();
        assert!(not_permitted(&installation.invite(&grace, "eve@example.org").await, MemberManagement));
        assert!(not_permitted(&installation.withdraw(&grace, &id).await, MemberManagement));
        assert_eq!(installation.count("SELECT COUNT(*) FROM invitation").await, 1);
        installation.join(&token, PASSWORD).await.unwrap();
    }

    async fn a_newer_invitation_takes_the_place_of_the_older(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let old = installation.invite(&ada, GRACE).await.unwrap();
        let new = installation.invite(&ada, "GRACE@Example.org").await.unwrap();
        assert_eq!(installation.found(&ada, "", 1).await.invitations.len(), 1);
        assert!(unusable(&installation.join(&old, PASSWORD).await));
        installation.join(&new, PASSWORD).await.unwrap();
        assert!(installation.lets_in(GRACE, PASSWORD).await);
    }

    async fn two_organisations_can_invite_the_same_person(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let eve = installation.sign_up("eve@example.org").await;
        let adas = installation.invite(&ada, GRACE).await.unwrap();
        let eves = installation.invite(&eve, GRACE).await.unwrap();
        installation.join(&eves, PASSWORD).await.unwrap();
        assert!(matches!(installation.join(&adas, PASSWORD).await, Err(LinkError::EmailTaken)));
        assert_eq!(installation.found(&ada, "", 1).await.found, 1);
        assert_eq!(installation.found(&eve, "", 1).await.found, 2);
    }

    async fn an_address_of_another_organisation_is_told_only_to_whoever_accepts(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let mut eve = installation.sign_up("eve@example.org").await;
        installation.add(&eve, GRACE, &[]).await;
        let token = installation.invite(&ada, "Grace@EXAMPLE.org").await.unwrap();
        let unused = installation.invite(&ada, "nobody@example.org").await.unwrap();
        let (shown, other) = (installation.claviger.invitation(&token).await.unwrap(), installation.claviger.invitation(&unused).await.unwrap());
        assert_eq!((shown.name, shown.organisation), (other.name, other.organisation));
        let weak = installation.join(&token, "weak").await;
        assert!(matches!(weak, Err(LinkError::Invalid(errors)) if errors.email.is_none()));
        assert!(matches!(installation.join(&token, PASSWORD).await, Err(LinkError::EmailTaken)));

        let id = installation.id(&eve, GRACE).await;
        installation.change(&mut eve, &id, MemberChange::Remove).await.unwrap();
        installation.join(&token, PASSWORD).await.unwrap();
    }

    async fn an_organisation_learns_of_ten_taken_addresses_and_then_one_an_hour(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        installation.sign_up("eve@example.org").await;
        let taken = installation.invite(&ada, "eve@example.org").await.unwrap();
        let free = installation.invite(&ada, GRACE).await.unwrap();
        for _ in 0..10 {
            assert!(matches!(installation.join(&taken, PASSWORD).await, Err(LinkError::EmailTaken)));
        }
        for link in [&taken, &free] {
            let refused = installation.join(link, PASSWORD).await;
            assert!(matches!(refused, Err(LinkError::TooOften(wait)) if wait.as_secs() == 3600));
        }
        installation.clock.advance(Duration::from_secs(3600));
        ada.keep(&installation.sign_in(ADA, PASSWORD, ada.tokens()).await.unwrap());
        installation.join(&free, PASSWORD).await.unwrap();
    }

    async fn mail_is_limited_for_each_organisation_and_each_recipient_across_restarts(installation: Installation) {
        let (ada, eve) = (installation.sign_up(ADA).await, installation.sign_up("eve@example.org").await);
        let (adas, eves) = (installation.session(&ada).await.unwrap(), installation.session(&eve).await.unwrap());
        for session in [&adas, &eves, &adas, &eves, &adas, &eves] {
            assert!(installation.claviger.may_mail(session, GRACE).await.unwrap());
        }
        assert!(!installation.claviger.may_mail(&adas, "GRACE@example.org").await.unwrap());
        let restarted = installation.restarted().await;
        assert!(!restarted.claviger.may_mail(&eves, GRACE).await.unwrap());
        for number in 0..97 {
            assert!(restarted.claviger.may_mail(&adas, &format!("somebody{number}@example.org")).await.unwrap());
        }
        assert!(!restarted.claviger.may_mail(&adas, "another@example.org").await.unwrap());
        assert!(restarted.claviger.may_mail(&eves, "another@example.org").await.unwrap());
        restarted.clock.advance(Duration::from_secs(24 * 3600));
        assert!(restarted.claviger.may_mail(&adas, GRACE).await.unwrap());
        restarted.remove().await;
    }

    async fn nobody_is_invited_who_is_a_member_already(installation: Installation) {
        let (mut ada, _, id) = installation.with_grace(&[]).await;
        installation.change(&mut ada, &id, MemberChange::Disable).await.unwrap();
        for email in [ADA, "ADA@example.org", GRACE] {
            assert!(is_taken(&installation.invite(&ada, email).await), "{email}");
        }
        installation.change(&mut ada, &id, MemberChange::Remove).await.unwrap();
        let again = installation.invite(&ada, GRACE).await.unwrap();
        installation.join(&again, OTHER).await.unwrap();
    }

    async fn everything_that_is_wrong_with_an_invitation_is_told_at_once(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let session = installation.session(&ada).await.unwrap();
        for (name, email, expected) in [
            (" ", "grace", (Some(TextError::Missing), Some(EmailProblem::Form(EmailError::Form)))),
            ("Grace\nHopper", GRACE, (Some(TextError::Unprintable), None)),
            ("", ADA, (Some(TextError::Missing), Some(EmailProblem::Taken))),
        ] {
            let form = InviteForm { name, email };
            let refused = installation.claviger.invite(&session, form, &request_context()).await;
            let expected = FieldErrors { name: expected.0, email: expected.1, ..FieldErrors::default() };
            assert!(matches!(refused, Err(ActionError::Invalid(errors)) if errors == expected), "{name:?} {email}");
        }
        assert!(installation.found(&ada, "", 1).await.invitations.is_empty());
        assert_eq!(installation.recorded("invitation.create done").await, 0);
    }

    async fn a_password_that_is_refused_leaves_the_link_as_good_as_it_was(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let token = installation.invite(&ada, GRACE).await.unwrap();
        for (password, problem) in [
            ("", PasswordError::Missing),
            ("k7Qm9x2LpWv4Tz", PasswordError::TooShort(15)),
            (&"k7Qm9x2LpWv4Tz ".repeat(70), PasswordError::TooLong(1024)),
            ("passwordpassword", PasswordError::Common),
            ("northwind grace hopper", PasswordError::MadeOfNames),
            ("Hopper-Grace-Northwind", PasswordError::MadeOfNames),
            ("grace@example.org!", PasswordError::MadeOfNames),
        ] {
            let refused = installation.join(&token, password).await;
            let expected = FieldErrors { password: Some(problem), ..FieldErrors::default() };
            assert!(matches!(refused, Err(LinkError::Invalid(errors)) if errors == expected), "{password}");
        }
        assert_eq!(installation.count("SELECT COUNT(*) FROM member").await, 1);
        installation.join(&token, PASSWORD).await.unwrap();
    }

    async fn an_invitation_is_as_good_as_its_inviter(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        for (number, (permissions, loss)) in [
            (&[MemberManagement][..], MemberChange::Revoke(MemberManagement)),
            (&[MemberManagement], MemberChange::Disable),
            (&[MemberManagement], MemberChange::Remove),
            (&[], MemberChange::SetRole(None)),
        ]
        .into_iter()
        .enumerate()
        {
            let (email, guest) = (format!("m{number}@example.org"), format!("g{number}@example.org"));
            let manager = installation.add(&ada, &email, permissions).await;
            let id = installation.id(&ada, &email).await;
            if permissions.is_empty() {
                let admin = MemberChange::SetRole(Some(RoleId::admin()));
                installation.change(&mut ada, &id, admin).await.unwrap();
            }
            let token = installation.invite(&manager, &guest).await.unwrap();
            installation.claviger.invitation(&token).await.unwrap();
            installation.change(&mut ada, &id, loss.clone()).await.unwrap();
            assert!(unusable(&installation.claviger.invitation(&token).await), "{loss:?}");
            assert!(unusable(&installation.join(&token, PASSWORD).await), "{loss:?}");
            assert!(installation.invite(&manager, &guest).await.is_err(), "{loss:?}");
        }
    }

    async fn a_disabled_organisation_lets_nobody_in(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let token = installation.invite(&ada, GRACE).await.unwrap();
        installation.tamper("UPDATE account SET disabled_at = 1").await;
        assert!(unusable(&installation.claviger.invitation(&token).await));
        assert!(unusable(&installation.join(&token, PASSWORD).await));
    }

    async fn what_was_never_the_token_of_an_invitation_lets_nobody_in(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let link = installation.claviger.make_password_link(ADA).await.unwrap();
        let made_up = "A".repeat(43);
        for token in ["", "' OR 1=1 --", &made_up, &ada.session_token, link.expose()] {
            assert!(unusable(&installation.claviger.invitation(token).await));
            assert!(unusable(&installation.join(token, PASSWORD).await));
        }
        assert_eq!(installation.count("SELECT COUNT(*) FROM member").await, 1);
    }
}
