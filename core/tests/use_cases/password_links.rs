//! Password links: who creates them, how long they work, and what they end.

use crate::{people::*, support::*};
use claviger_core::{
    domain::{
        field_errors::PasswordError, invitation::PASSWORD_LINK,
        permission::Permission::ApiCredentialsManagement, role::RoleId,
    },
    use_cases::{accounts::MemberError, links::LinkError, members::MemberChange},
};
use std::time::Duration;

on_both_engines! {
    async fn a_password_link_works_once_and_ends_what_was_before(installation: Installation) {
        let (mut ada, grace, id) = installation.with_grace(&[]).await;
        let elsewhere = person(GRACE, &installation.sign_in(GRACE, PASSWORD, NEW_DEVICE).await.unwrap());
        let link = installation.link_for(&mut ada, &id).await;
        assert!(!installation.dump().await.contains(&link), "only a hash is stored");
        let open = installation.claviger.password_link(&link).await.unwrap();
        assert_eq!((open.organisation.as_str(), open.name.as_str()), ("Northwind", "Grace Hopper"));
        assert_eq!(open.email, GRACE);

        let chosen = person(GRACE, &installation.choose(&link, OTHER).await.unwrap());
        assert!(installation.session(&chosen).await.is_ok());
        assert!(installation.session(&grace).await.is_err());
        assert!(installation.session(&elsewhere).await.is_err());
        assert!(!installation.lets_in(GRACE, PASSWORD).await);
        assert!(installation.lets_in(GRACE, OTHER).await);
        assert!(unusable(&installation.choose(&link, PASSWORD).await));
        assert!(unusable(&installation.claviger.password_link(&link).await));
    }

    async fn making_and_using_a_link_is_recorded(installation: Installation) {
        let (mut ada, _, id) = installation.with_grace(&[]).await;
        let link = installation.link_for(&mut ada, &id).await;
        installation.choose(&link, OTHER).await.unwrap();
        installation.claviger.make_password_link(GRACE).await.unwrap();
        assert_eq!(installation.recorded("member.make_password_link done").await, 2);
        assert_eq!(installation.recorded("profile.change_password done").await, 1);
        let by_the_operator = "SELECT COUNT(*) FROM audit_event \
                               WHERE action = 'member.make_password_link' AND actor = 'operator'";
        assert_eq!(installation.count(by_the_operator).await, 1);
        assert!(installation.claviger.verify_audit().await.unwrap().broken.is_empty());
    }

    async fn making_a_link_alone_changes_nothing(installation: Installation) {
        let (mut ada, grace, id) = installation.with_grace(&[]).await;
        installation.link_for(&mut ada, &id).await;
        assert!(installation.session(&grace).await.is_ok());
        assert!(installation.lets_in(GRACE, PASSWORD).await);
    }

    async fn a_newer_link_takes_the_place_of_the_older(installation: Installation) {
        let (mut ada, _, id) = installation.with_grace(&[]).await;
        let first = installation.link_for(&mut ada, &id).await;
        let second = installation.link_for(&mut ada, &id).await;
        let third = installation.claviger.make_password_link("GRACE@example.org").await.unwrap();
        for old in [first, second] {
            assert!(unusable(&installation.choose(&old, OTHER).await));
        }
        installation.choose(third.expose(), OTHER).await.unwrap();
    }

    async fn a_password_link_works_for_a_day(installation: Installation) {
        installation.with_grace(&[]).await;
        let link = installation.claviger.make_password_link(GRACE).await.unwrap();
        installation.clock.advance(Duration::from_secs(24 * 3600) - Duration::from_micros(1));
        installation.choose(link.expose(), OTHER).await.unwrap();

        let late = installation.claviger.make_password_link(GRACE).await.unwrap();
        installation.clock.advance(PASSWORD_LINK);
        assert!(unusable(&installation.claviger.password_link(late.expose()).await));
        assert!(unusable(&installation.choose(late.expose(), PASSWORD).await));
    }

    async fn choosing_a_password_ends_every_wait(installation: Installation) {
        let (ada, mut grace, _) = installation.with_grace(&[ApiCredentialsManagement]).await;
        for _ in 0..6 {
            let _ = installation.sign_in(GRACE, WRONG, NEW_DEVICE).await;
            assert!(installation.view(&mut grace, WRONG).await.is_err());
        }
        assert!(installation.line(&ada, GRACE).await.is_waiting);
        let link = installation.claviger.make_password_link(GRACE).await.unwrap();
        installation.choose(link.expose(), OTHER).await.unwrap();
        assert!(!installation.line(&ada, GRACE).await.is_waiting);
        assert!(installation.lets_in(GRACE, OTHER).await);
    }

    async fn a_password_that_is_refused_leaves_link_and_password_as_they_were(installation: Installation) {
        let (mut ada, grace, id) = installation.with_grace(&[]).await;
        let link = installation.link_for(&mut ada, &id).await;
        for (password, problem) in [
            ("", PasswordError::Missing),
            ("k7Qm9x2LpWv4Tz", PasswordError::TooShort(15)),
            ("northwind grace hopper", PasswordError::MadeOfNames),
            ("hopper.northwind.7!", PasswordError::MadeOfNames),
        ] {
            let refused = installation.choose(&link, password).await;
            assert!(matches!(refused, Err(LinkError::Invalid(errors)) if errors.password == Some(problem)), "{password}");
        }
        assert!(installation.session(&grace).await.is_ok());
        assert!(installation.lets_in(GRACE, PASSWORD).await);
        installation.choose(&link, OTHER).await.unwrap();
    }

    async fn a_password_link_is_as_good_as_its_maker(installation: Installation) {
        let (mut ada, _, graces) = installation.with_grace(&[]).await;
        for loss in [MemberChange::SetRole(None), give("developer"), MemberChange::Disable, MemberChange::Remove] {
            let email = "second@example.org";
            let mut second = installation.add(&ada, email, &[]).await;
            let id = installation.id(&ada, email).await;
            installation.change(&mut ada, &id, MemberChange::SetRole(Some(RoleId::admin()))).await.unwrap();
            let link = installation.link_for(&mut second, &graces).await;
            installation.claviger.password_link(&link).await.unwrap();
            installation.change(&mut ada, &id, loss.clone()).await.unwrap();
            assert!(unusable(&installation.claviger.password_link(&link).await), "{loss:?}");
            assert!(unusable(&installation.choose(&link, OTHER).await), "{loss:?}");
            if loss != MemberChange::Remove {
                installation.change(&mut ada, &id, MemberChange::Remove).await.unwrap();
            }
        }
        assert!(installation.lets_in(GRACE, PASSWORD).await);
    }

    async fn a_link_is_no_way_around_being_disabled_or_removed(installation: Installation) {
        let (mut ada, _, id) = installation.with_grace(&[]).await;
        let adas = installation.link_for(&mut ada, &id).await;
        installation.change(&mut ada, &id, MemberChange::Disable).await.unwrap();
        assert!(unusable(&installation.choose(&adas, OTHER).await));
        let operators = installation.claviger.make_password_link(GRACE).await.unwrap();
        assert!(unusable(&installation.claviger.password_link(operators.expose()).await));
        assert!(unusable(&installation.choose(operators.expose(), OTHER).await));

        installation.change(&mut ada, &id, MemberChange::Remove).await.unwrap();
        assert!(unusable(&installation.choose(operators.expose(), OTHER).await));
        assert!(matches!(
            installation.claviger.make_password_link(GRACE).await,
            Err(MemberError::NoSuchMember)
        ));
    }

    async fn a_disabled_organisation_has_no_links(installation: Installation) {
        installation.sign_up(ADA).await;
        let link = installation.claviger.make_password_link(ADA).await.unwrap();
        installation.tamper("UPDATE account SET disabled_at = 1").await;
        assert!(unusable(&installation.choose(link.expose(), OTHER).await));
    }

    async fn the_last_admin_comes_back_by_a_link_of_the_operator(installation: Installation) {
        installation.sign_up(ADA).await;
        let link = installation.claviger.make_password_link(ADA).await.unwrap();
        let mut ada = person(ADA, &installation.choose(link.expose(), OTHER).await.unwrap());
        installation.view(&mut ada, OTHER).await.unwrap();
    }

    async fn the_operator_makes_no_link_for_nobody(installation: Installation) {
        installation.sign_up(ADA).await;
        for email in ["eve@example.org", "no address", ""] {
            let refused = installation.claviger.make_password_link(email).await;
            assert!(matches!(refused, Err(MemberError::NoSuchMember)), "{email}");
        }
    }

    async fn what_was_never_the_token_of_a_password_link_changes_nothing(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let invitation = installation.invite(&ada, GRACE).await.unwrap();
        let address = installation.request_email_change(&mut ada, "new@example.org").await.unwrap();
        let made_up = "A".repeat(43);
        for token in ["", "' OR 1=1 --", &made_up, &ada.session_token, &invitation, &address] {
            assert!(unusable(&installation.claviger.password_link(token).await));
            assert!(unusable(&installation.choose(token, OTHER).await));
        }
        assert!(installation.lets_in(ADA, PASSWORD).await);
    }

    async fn choosing_a_password_forgets_an_address_that_waits(installation: Installation) {
        let (_, mut grace, _) = installation.with_grace(&[]).await;
        let address = installation.request_email_change(&mut grace, "new@example.org").await.unwrap();
        let link = installation.claviger.make_password_link(GRACE).await.unwrap();
        installation.choose(link.expose(), OTHER).await.unwrap();
        assert!(unusable(&installation.claviger.confirm_email(&address, &request_context()).await));
    }
}
