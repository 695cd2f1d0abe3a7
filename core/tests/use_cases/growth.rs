//! Every table that outsiders can make grow has a limit or is purged.

use crate::{people::*, support::*};
use claviger_core::{
    authentication::sign_in::SignInError, reauthentication::ActionError, use_cases::members::MemberChange,
};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Installation {
    async fn rows(&self) -> Vec<(&'static str, i64)> {
        let mut rows = Vec::new();
        for (table, count) in [
            ("login_failure", "SELECT COUNT(*) FROM login_failure"),
            ("rate_limit", "SELECT COUNT(*) FROM rate_limit"),
            ("session", "SELECT COUNT(*) FROM session"),
            ("known_device", "SELECT COUNT(*) FROM known_device"),
            ("invitation", "SELECT COUNT(*) FROM invitation"),
            ("email_change", "SELECT COUNT(*) FROM email_change"),
            ("password_link", "SELECT COUNT(*) FROM password_link"),
        ] {
            rows.push((table, self.count(count).await));
        }
        rows
    }
}

on_both_engines! {
    async fn what_has_run_out_is_purged_and_nothing_else(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        installation.invite(&ada, GRACE).await.unwrap();
        installation.request_email_change(&mut ada, "new@example.org").await.unwrap();
        installation.claviger.make_password_link(ADA).await.unwrap();
        let _ = installation.sign_in(ADA, WRONG, NEW_DEVICE).await;
        let before = installation.rows().await;
        assert!(before.iter().all(|(_, rows)| *rows > 0), "{before:?}");
        assert_eq!(installation.claviger.purge().await.unwrap().rows, 0);
        assert_eq!(installation.rows().await, before);

        installation.clock.advance(DAY);
        installation.claviger.purge().await.unwrap();
        let left: Vec<_> = installation.rows().await.into_iter().filter(|(_, rows)| *rows > 0).collect();
        assert_eq!(left, [("known_device", 1), ("invitation", 1)]);
        installation.clock.advance(DAY * 13);
        installation.claviger.purge().await.unwrap();
        assert_eq!(installation.count("SELECT COUNT(*) FROM invitation").await, 0);
        installation.clock.advance(DAY * 386);
        installation.claviger.purge().await.unwrap();
        assert!(installation.rows().await.iter().all(|(_, rows)| *rows == 0));
    }

    async fn a_purge_does_a_bounded_amount_of_work_and_says_whether_there_is_more(installation: Installation) {
        installation
            .tamper("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700) \
                     INSERT INTO login_failure (subject, source, failures, last_at) \
                     SELECT 'somebody', CAST(i AS TEXT), 1, 0 FROM n")
            .await;
        let first = installation.claviger.purge().await.unwrap();
        assert_eq!((first.rows, first.has_more), (500, true));
        let second = installation.claviger.purge().await.unwrap();
        assert_eq!((second.rows, second.has_more), (200, false));
    }

    async fn a_member_has_at_most_twenty_sessions_and_the_oldest_end(installation: Installation) {
        let mut people = vec![installation.sign_up(ADA).await];
        for _ in 0..20 {
            installation.clock.advance(Duration::from_secs(1));
            people.push(person(ADA, &installation.sign_in(ADA, PASSWORD, NEW_DEVICE).await.unwrap()));
        }
        assert!(installation.session(&people[0]).await.is_err());
        for person in &people[1..] {
            assert!(installation.session(person).await.is_ok());
        }
    }

    async fn a_member_has_at_most_fifty_known_devices_and_the_least_used_are_forgotten(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        installation
            .tamper("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) \
                     INSERT INTO known_device (token_hash, member_id, created_at, last_used_at) \
                     SELECT CAST(n.i AS TEXT), m.id, n.i, n.i FROM n CROSS JOIN member m")
            .await;
        installation.clock.advance(Duration::from_secs(1));
        installation.sign_in(ADA, PASSWORD, NEW_DEVICE).await.unwrap();
        assert_eq!(installation.count("SELECT COUNT(*) FROM known_device").await, 50);
        assert_eq!(installation.count("SELECT MIN(last_used_at) FROM known_device").await, 13);
        installation.sign_in(ADA, PASSWORD, ada.tokens()).await.unwrap();
        assert_eq!(installation.count("SELECT COUNT(*) FROM known_device").await, 50, "a known one adds none");
    }

    async fn a_device_is_known_for_400_days_after_its_last_use(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        installation.clock.advance(DAY * 399);
        installation.sign_in(ADA, PASSWORD, ada.tokens()).await.unwrap();
        installation.clock.advance(DAY * 400 - Duration::from_secs(1));
        for _ in 0..5 {
            let _ = installation.sign_in(ADA, WRONG, NEW_DEVICE).await;
        }
        assert!(installation.sign_in(ADA, PASSWORD, ada.tokens()).await.is_ok(), "it has a count of its own");
        installation.clock.advance(DAY * 400);
        for _ in 0..5 {
            let _ = installation.sign_in(ADA, WRONG, NEW_DEVICE).await;
        }
        let refused = installation.sign_in(ADA, PASSWORD, ada.tokens()).await;
        assert!(matches!(refused, Err(SignInError::Throttled(_))), "it shares that of its network");
    }

    async fn a_new_password_forgets_every_device_but_the_one_that_chose_it(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        installation.sign_in(ADA, PASSWORD, NEW_DEVICE).await.unwrap();
        assert_eq!(installation.count("SELECT COUNT(*) FROM known_device").await, 2);
        installation.change_password(&mut ada, OTHER).await.unwrap();
        assert_eq!(installation.count("SELECT COUNT(*) FROM known_device").await, 1);
        let again = installation.sign_in(ADA, OTHER, ada.tokens()).await.unwrap();
        assert_eq!(again.device_token.expose(), ada.device_token);

        let link = installation.claviger.make_password_link(ADA).await.unwrap();
        installation.choose(link.expose(), PASSWORD).await.unwrap();
        assert_eq!(installation.count("SELECT COUNT(*) FROM known_device").await, 1);
        let elsewhere = installation.sign_in(ADA, PASSWORD, ada.tokens()).await.unwrap();
        assert_ne!(elsewhere.device_token.expose(), ada.device_token);
    }

    async fn an_organisation_has_at_most_a_hundred_open_invitations(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        for number in 0..100 {
            installation.invite(&ada, &format!("somebody{number}@example.org")).await.unwrap();
        }
        let refused = installation.invite(&ada, GRACE).await;
        assert!(matches!(refused, Err(ActionError::TooManyInvitations)));
        installation.invite(&ada, "somebody0@example.org").await.unwrap();
        let first = installation.found(&ada, "", 1).await.invitations[0].id.clone();
        installation.withdraw(&ada, &first).await.unwrap();
        installation.invite(&ada, GRACE).await.unwrap();
    }

    async fn the_address_of_whoever_was_removed_is_forgotten(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let token = installation.invite(&ada, GRACE).await.unwrap();
        installation.join(&token, PASSWORD).await.unwrap();
        let id = installation.id(&ada, GRACE).await;
        installation.change(&mut ada, &id, MemberChange::Remove).await.unwrap();
        assert!(!installation.dump().await.contains(GRACE));
    }
}
