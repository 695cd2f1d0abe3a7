//! A member's own data: name, password, address and sessions; and the name of the organisation.

use crate::{people::*, support::*};
use claviger_core::{
    domain::{
        field_errors::{EmailProblem, FieldErrors, PasswordError},
        member::EmailError,
        permission::Permission,
        session::{IDLE, SessionId},
        text::TextError,
    },
    reauthentication::ActionError,
    use_cases::{
        members::MemberChange,
        profile::{ChangeEmail, SessionLine},
    },
};
use std::time::Duration;

impl Installation {
    async fn sessions(&self, person: &Person) -> Vec<SessionLine> {
        let session = self.session(person).await.unwrap();
        self.claviger.profile(&session).await.unwrap().sessions
    }

    async fn end_session(&self, person: &Person, id: &SessionId) -> Result<(), ActionError> {
        let session = self.session(person).await.map_err(|_| ActionError::SignedOut)?;
        self.claviger.end_session(&session, id, &request_context()).await
    }
}

on_both_engines! {
    async fn a_new_name_is_shown_and_found_everywhere(installation: Installation) {
        let (ada, grace, _) = installation.with_grace(&[]).await;
        let session = installation.session(&grace).await.unwrap();
        installation.claviger.change_name(&session, " Zoe\u{308} Noether ", &request_context()).await.unwrap();
        assert_eq!(installation.session(&grace).await.unwrap().member_name(), "Zo\u{eb} Noether");
        assert_eq!(installation.found(&ada, "zoë", 1).await.members[0].email, GRACE);
        assert_eq!(installation.found(&ada, "hopper", 1).await.found, 0);
        for (name, problem) in [(" ", TextError::Missing), ("a\nb", TextError::Unprintable)] {
            let refused = installation.claviger.change_name(&session, name, &request_context()).await;
            let expected = FieldErrors { name: Some(problem), ..FieldErrors::default() };
            assert!(matches!(refused, Err(ActionError::Invalid(errors)) if errors == expected));
        }
        assert_eq!(installation.recorded("profile.change_name done").await, 1);
    }

    async fn only_admins_rename_the_organisation(installation: Installation) {
        let (ada, grace, _) = installation.with_grace(&Permission::ALL).await;
        let (adas, graces) =
            (installation.session(&ada).await.unwrap(), installation.session(&grace).await.unwrap());
        let refused = installation.claviger.rename_organisation(&graces, "Contoso", &request_context()).await;
        assert!(matches!(refused, Err(ActionError::AdminsOnly)));
        let refused = installation.claviger.rename_organisation(&adas, " ", &request_context()).await;
        let expected = FieldErrors { organisation: Some(TextError::Missing), ..FieldErrors::default() };
        assert!(matches!(refused, Err(ActionError::Invalid(errors)) if errors == expected));
        assert_eq!(installation.session(&grace).await.unwrap().organisation(), "Northwind");

        installation.claviger.rename_organisation(&adas, "Contoso", &request_context()).await.unwrap();
        assert_eq!(installation.session(&grace).await.unwrap().organisation(), "Contoso");
        assert_eq!(installation.recorded("account.rename done").await, 1);
        assert!(installation.claviger.profile(&adas).await.unwrap().is_admin);
        assert!(!installation.claviger.profile(&graces).await.unwrap().is_admin);
    }

    async fn a_new_password_ends_all_other_sessions_and_the_old_password(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let elsewhere = person(ADA, &installation.sign_in(ADA, PASSWORD, NEW_DEVICE).await.unwrap());
        let token = ada.session_token.clone();
        installation.change_password(&mut ada, OTHER).await.unwrap();
        assert_ne!(ada.session_token, token);
        assert!(installation.session(&ada).await.is_ok());
        assert!(installation.session(&elsewhere).await.is_err());
        assert!(!installation.lets_in(ADA, PASSWORD).await);
        assert!(installation.lets_in(ADA, OTHER).await);
        assert!(installation.view(&mut ada, PASSWORD).await.is_err());
        installation.view(&mut ada, OTHER).await.unwrap();
        assert_eq!(installation.recorded("profile.change_password done").await, 1);
    }

    async fn a_new_password_needs_the_current_one(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let elsewhere = person(ADA, &installation.sign_in(ADA, PASSWORD, NEW_DEVICE).await.unwrap());
        let session = installation.session(&ada).await.unwrap();
        for wrong in [WRONG, OTHER, ""] {
            let action = installation.claviger.prepare_password(&session, OTHER).await.unwrap();
            let refused = installation.confirm_with(&ada, action, wrong).await;
            assert!(matches!(refused, Err(ActionError::ProofRefused { .. })));
        }
        assert!(installation.session(&elsewhere).await.is_ok());
        assert!(installation.lets_in(ADA, PASSWORD).await);
        assert_eq!(installation.recorded("profile.change_password wrong_password").await, 3);
        assert_eq!(installation.count("SELECT CAST(SUM(failures) AS BIGINT) FROM login_failure").await, 3);
    }

    async fn a_new_password_of_the_wrong_length_costs_no_attempt(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let session = installation.session(&ada).await.unwrap();
        for (password, problem) in [("", PasswordError::Missing), ("k7Qm9x2LpWv4Tz", PasswordError::TooShort(15))] {
            let refused = installation.claviger.prepare_password(&session, password).await;
            let expected = FieldErrors { password: Some(problem), ..FieldErrors::default() };
            assert!(matches!(refused, Err(ActionError::Invalid(errors)) if errors == expected), "{password}");
        }
        assert_eq!(installation.count("SELECT COUNT(*) FROM login_failure").await, 0);
    }

    async fn a_new_password_is_judged_only_after_the_current_one_was_right(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        for (password, problem) in [
            ("passwordpassword", PasswordError::Common),
            ("northwind ada lovelace", PasswordError::MadeOfNames),
            ("Lovelace-Northwind", PasswordError::MadeOfNames),
            ("ada@example.org!!!", PasswordError::MadeOfNames),
        ] {
            let session = installation.session(&ada).await.unwrap();
            let action = installation.claviger.prepare_password(&session, password).await.unwrap();
            let wrong = installation.confirm_with(&ada, action, WRONG).await;
            assert!(matches!(wrong, Err(ActionError::ProofRefused { .. })), "{password}");
            installation.claviger.unlock_member(ADA).await.unwrap();
            let refused = installation.change_password(&mut ada, password).await;
            let expected = FieldErrors { password: Some(problem), ..FieldErrors::default() };
            assert!(matches!(refused, Err(ActionError::Invalid(errors)) if errors == expected), "{password}");
        }
        assert!(installation.lets_in(ADA, PASSWORD).await);
    }

    async fn a_new_password_ends_what_else_could_take_the_account_over(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[]).await;
        let link = installation.link_for(&mut ada, &id).await;
        let address = installation.request_email_change(&mut grace, "new@example.org").await.unwrap();
        installation.change_password(&mut grace, OTHER).await.unwrap();
        assert!(unusable(&installation.choose(&link, PASSWORD).await));
        assert!(unusable(&installation.claviger.confirm_email(&address, &request_context()).await));
        assert!(installation.lets_in(GRACE, OTHER).await);
    }

    async fn a_new_address_takes_the_place_of_the_old_one(installation: Installation) {
        let (ada, mut grace, _) = installation.with_grace(&[]).await;
        let token = grace.session_token.clone();
        installation.change_email(&mut grace, " Rear.Admiral@Example.org ").await.unwrap();
        assert_ne!(grace.session_token, token);
        assert!(installation.session(&grace).await.is_ok());
        assert!(!installation.lets_in(GRACE, PASSWORD).await);
        assert!(installation.lets_in("rear.admiral@example.org", PASSWORD).await);
        assert_eq!(installation.line(&ada, "Rear.Admiral@Example.org").await.name, "Grace Hopper");
        assert_eq!(installation.recorded("profile.change_email done").await, 1);
        installation.try_sign_up("Elsewhere", GRACE).await.unwrap();
    }

    async fn an_address_that_is_none_or_taken_is_refused(installation: Installation) {
        let (_, mut grace, _) = installation.with_grace(&[]).await;
        installation.sign_up("eve@example.org").await;
        for email in ["ADA@example.org", "eve@EXAMPLE.org"] {
            assert!(is_taken(&installation.change_email(&mut grace, email).await), "{email}");
        }
        let refused = installation.change_email(&mut grace, "grace").await;
        let none = Some(EmailProblem::Form(EmailError::Form));
        assert!(matches!(refused, Err(ActionError::Invalid(errors)) if errors.email == none));
        assert_eq!(installation.count("SELECT COUNT(*) FROM login_failure").await, 0);
        installation.change_email(&mut grace, "GRACE@example.org").await.unwrap();
        assert!(installation.lets_in(GRACE, PASSWORD).await);
    }

    async fn whether_somebody_has_an_address_is_told_after_the_password_and_six_times_a_day(installation: Installation) {
        let (_, mut grace, _) = installation.with_grace(&[]).await;
        for _ in 0..4 {
            let refused = installation.confirm_with(&grace, ChangeEmail::parse(ADA).unwrap(), WRONG).await;
            assert!(matches!(refused, Err(ActionError::ProofRefused { .. })));
        }
        for _ in 0..6 {
            assert!(is_taken(&installation.change_email(&mut grace, ADA).await));
        }
        for email in [ADA, "free@example.org"] {
            let refused = installation.change_email(&mut grace, email).await;
            assert!(matches!(refused, Err(ActionError::TooOften(wait)) if wait.as_secs() == 4 * 3600), "{email}");
        }
        installation.clock.advance(Duration::from_secs(4 * 3600));
        grace.keep(&installation.sign_in(GRACE, PASSWORD, grace.tokens()).await.unwrap());
        installation.change_email(&mut grace, "free@example.org").await.unwrap();
        assert_eq!(installation.recorded("profile.change_email impossible").await, 6);
    }

    async fn an_announced_address_that_somebody_has_gets_no_link_and_the_trail_does_not_tell(installation: Installation) {
        let (_, mut grace, _) = installation.with_grace(&[]).await;
        let older = installation.request_email_change(&mut grace, "free@example.org").await.unwrap();
        assert_eq!(installation.announce(&mut grace, "ADA@example.org").await.unwrap(), None);
        assert_eq!(installation.count("SELECT COUNT(*) FROM email_change").await, 0);
        assert!(unusable(&installation.claviger.pending_email_change(&older).await));
        assert_eq!(installation.recorded("profile.announce_email done").await, 2);
        assert_eq!(installation.recorded("profile.change_email impossible").await, 0);
        assert!(installation.lets_in(ADA, PASSWORD).await);
    }

    async fn a_new_address_needs_the_password(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let action = ChangeEmail::parse("new@example.org").unwrap();
        let refused = installation.confirm_with(&ada, action, WRONG).await;
        assert!(matches!(refused, Err(ActionError::ProofRefused { .. })));
        assert!(!installation.lets_in("new@example.org", PASSWORD).await);
        assert_eq!(installation.recorded("profile.change_email wrong_password").await, 1);
    }

    async fn an_announced_address_waits_for_its_link(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let old = installation.request_email_change(&mut ada, "old@example.org").await.unwrap();
        let link = installation.request_email_change(&mut ada, "new@example.org").await.unwrap();
        assert!(!installation.dump().await.contains(&link), "only a hash is stored");
        assert!(installation.lets_in(ADA, PASSWORD).await);
        assert_eq!(installation.claviger.pending_email_change(&link).await.unwrap(), "new@example.org");

        installation.claviger.confirm_email(&link, &request_context()).await.unwrap();
        assert!(!installation.lets_in(ADA, PASSWORD).await);
        assert!(installation.lets_in("new@example.org", PASSWORD).await);
        for used in [&link, &old, "", "' OR 1=1 --", &ada.session_token] {
            assert!(unusable(&installation.claviger.confirm_email(used, &request_context()).await));
        }
        assert_eq!(installation.recorded("profile.announce_email done").await, 2);
        assert_eq!(installation.recorded("profile.change_email done").await, 1);
    }

    async fn an_announced_address_waits_for_a_day(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let link = installation.request_email_change(&mut ada, "new@example.org").await.unwrap();
        installation.clock.advance(Duration::from_secs(24 * 3600) - Duration::from_micros(1));
        assert!(installation.claviger.pending_email_change(&link).await.is_ok());
        installation.clock.advance(Duration::from_micros(1));
        assert!(unusable(&installation.claviger.pending_email_change(&link).await));
        assert!(unusable(&installation.claviger.confirm_email(&link, &request_context()).await));
        assert!(installation.lets_in(ADA, PASSWORD).await);
    }

    async fn an_announced_address_can_be_taken_before_it_is_confirmed(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let link = installation.request_email_change(&mut ada, "new@example.org").await.unwrap();
        installation.sign_up("new@example.org").await;
        let refused = installation.claviger.confirm_email(&link, &request_context()).await;
        assert!(matches!(refused, Err(claviger_core::use_cases::links::LinkError::EmailTaken)));
        assert!(installation.lets_in(ADA, PASSWORD).await);
    }

    async fn whoever_is_disabled_confirms_no_address(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[]).await;
        let link = installation.request_email_change(&mut grace, "new@example.org").await.unwrap();
        installation.change(&mut ada, &id, MemberChange::Disable).await.unwrap();
        assert!(unusable(&installation.claviger.confirm_email(&link, &request_context()).await));
        assert_eq!(installation.line(&ada, GRACE).await.id, id);
    }

    async fn an_address_announced_before_does_not_come_after_a_newer_one(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let link = installation.request_email_change(&mut ada, "old@example.org").await.unwrap();
        installation.change_email(&mut ada, "new@example.org").await.unwrap();
        assert!(unusable(&installation.claviger.confirm_email(&link, &request_context()).await));
        assert!(installation.lets_in("new@example.org", PASSWORD).await);
    }

    async fn the_sessions_that_run_are_told_the_latest_first(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        installation.sign_up("eve@example.org").await;
        installation.sign_in(ADA, PASSWORD, NEW_DEVICE).await.unwrap();
        installation.clock.advance(IDLE / 2);
        let later = person(ADA, &installation.sign_in(ADA, PASSWORD, NEW_DEVICE).await.unwrap());
        let told = installation.sessions(&later).await;
        assert_eq!(told.iter().map(|line| line.is_this).collect::<Vec<_>>(), [true, false, false]);
        assert!(told.iter().all(|line| line.address == "203.0.113.9" && line.user_agent == "A browser"));
        assert!(told[0].created_at > told[1].created_at);

        // Ada's first session is used; the session in between stays idle.
        assert!(installation.session(&ada).await.is_ok());
        installation.clock.advance(IDLE / 2);
        let told = installation.sessions(&ada).await;
        assert_eq!(told.iter().map(|line| line.is_this).collect::<Vec<_>>(), [true, false]);
        assert_eq!(installation.claviger.profile(&installation.session(&ada).await.unwrap()).await.unwrap().email, ADA);
    }

    async fn a_session_is_its_members_to_end_and_nobody_elses(installation: Installation) {
        let (ada, grace, _) = installation.with_grace(&[]).await;
        let elsewhere = person(GRACE, &installation.sign_in(GRACE, PASSWORD, NEW_DEVICE).await.unwrap());
        let of_grace = installation.sessions(&elsewhere).await.into_iter().find(|line| !line.is_this).unwrap().id;
        for id in [of_grace.clone(), SessionId::parse("0199").unwrap()] {
            assert!(matches!(installation.end_session(&ada, &id).await, Err(ActionError::Gone)));
        }
        assert!(installation.session(&grace).await.is_ok());

        installation.end_session(&elsewhere, &of_grace).await.unwrap();
        assert!(installation.session(&grace).await.is_err());
        assert!(installation.session(&elsewhere).await.is_ok());
        assert!(matches!(installation.end_session(&elsewhere, &of_grace).await, Err(ActionError::Gone)));
        let own = installation.sessions(&elsewhere).await.remove(0).id;
        installation.end_session(&elsewhere, &own).await.unwrap();
        assert!(installation.session(&elsewhere).await.is_err());
        assert_eq!(installation.recorded("session.end done").await, 2);
    }

    async fn all_other_sessions_end_at_once_and_nobody_elses(installation: Installation) {
        let (ada, grace, _) = installation.with_grace(&[]).await;
        let elsewhere = person(GRACE, &installation.sign_in(GRACE, PASSWORD, NEW_DEVICE).await.unwrap());
        let session = installation.session(&elsewhere).await.unwrap();
        installation.claviger.end_other_sessions(&session, &request_context()).await.unwrap();
        assert!(installation.session(&grace).await.is_err());
        assert!(installation.session(&elsewhere).await.is_ok());
        assert!(installation.session(&ada).await.is_ok());
        assert_eq!(installation.sessions(&elsewhere).await.len(), 1);
        assert_eq!(installation.recorded("member.end_sessions done").await, 1);
    }
}
