//! An attacker who can write to the database but does not have the master key: Mallory, an admin of another
//! organisation.

use crate::{people::*, support::*};
use claviger_core::{
    authentication::{session::SessionError, sign_in::SignInError},
    domain::credential::Generation,
    installation::mark::Older,
    reauthentication::ActionError,
    verification::{Cause, PresentedKey},
};
use std::time::Duration;

const MALLORY: &str = "mallory@example.org";

impl Installation {
    /// Ada's organisation with its keys in the cache, and Mallory's organisation.
    async fn with_mallory(&self) -> (Person, Person) {
        let (ada, _) = self.with_keys().await;
        (ada, self.try_sign_up("Evil", MALLORY).await.unwrap())
    }

    async fn is_signed_in(&self, person: &Person) -> bool {
        match self.session(person).await {
            Ok(_) => true,
            Err(SessionError::Ended) => false,
            Err(error) => panic!("{error}"),
        }
    }
}

on_both_engines! {
    async fn a_member_moved_to_another_account_can_do_nothing_there(installation: Installation) {
        let (_, mallory) = installation.with_mallory().await;
        assert!(installation.is_signed_in(&mallory).await);
        installation
            .tamper(
                "UPDATE member SET account_id = (SELECT account_id FROM member WHERE email = 'ada@example.org') \
                 WHERE email = 'mallory@example.org'",
            )
            .await;
        assert!(!installation.is_signed_in(&mallory).await);
        let refused = installation.sign_in(MALLORY, PASSWORD, mallory.tokens()).await;
        assert!(matches!(refused, Err(SignInError::Wrong { .. })));
    }

    async fn a_hash_moved_to_another_member_does_not_let_in(installation: Installation) {
        let (ada, mut mallory) = installation.with_mallory().await;
        installation.change_password(&mut mallory, OTHER).await.unwrap();
        installation
            .tamper(
                "UPDATE member SET password_hash = (SELECT m.password_hash FROM member m WHERE m.email = 'mallory@example.org') \
                 WHERE email = 'ada@example.org'",
            )
            .await;
        assert!(!installation.lets_in(ADA, OTHER).await);
        assert!(installation.sign_in(ADA, OTHER, ada.tokens()).await.is_err());
        assert!(installation.sign_in(MALLORY, OTHER, mallory.tokens()).await.is_ok());
    }

    async fn a_hash_made_without_the_secret_does_not_let_in(installation: Installation) {
        installation.with_mallory().await;
        // The hash of `PASSWORD` with a salt of 16 bytes of 1, made by Python's argon2-cffi.
        installation
            .tamper(
                "UPDATE member SET password_hash = '$argon2id$v=19$m=19456,t=2,p=1$AQEBAQEBAQEBAQEBAQEBAQ$\
                 UR7YoHeRd4OdpTX7gRuxNejNFGcTKu+Rc9cpg5k8Vdo' WHERE email = 'ada@example.org'",
            )
            .await;
        assert!(!installation.lets_in(ADA, PASSWORD).await);
    }

    async fn a_session_passed_off_as_another_members_is_none(installation: Installation) {
        let (_, mallory) = installation.with_mallory().await;
        installation
            .tamper(
                "UPDATE session SET member_id = (SELECT id FROM member WHERE email = 'ada@example.org') \
                 WHERE member_id = (SELECT id FROM member WHERE email = 'mallory@example.org')",
            )
            .await;
        assert!(!installation.is_signed_in(&mallory).await);
    }

    async fn a_token_put_into_another_members_session_is_none(installation: Installation) {
        let (ada, mallory) = installation.with_mallory().await;
        installation
            .tamper(
                "UPDATE session SET previous_token_hash = \
                 (SELECT s.token_hash FROM session s JOIN member m ON m.id = s.member_id WHERE m.email = 'mallory@example.org'), \
                 previous_mac = (SELECT s.mac FROM session s JOIN member m ON m.id = s.member_id \
                 WHERE m.email = 'mallory@example.org'), previous_valid_until = 9000000000000000 \
                 WHERE member_id = (SELECT id FROM member WHERE email = 'ada@example.org')",
            )
            .await;
        installation
            .tamper("UPDATE session SET token_hash = 'gone' WHERE member_id = (SELECT id FROM member WHERE email = 'mallory@example.org')")
            .await;
        assert!(!installation.is_signed_in(&mallory).await);
        assert!(installation.is_signed_in(&ada).await);
    }

    async fn a_link_passed_off_as_another_members_does_not_work(installation: Installation) {
        let (ada, mut mallory) = installation.with_mallory().await;
        let id = installation.id(&mallory, MALLORY).await;
        let link = installation.link_for(&mut mallory, &id).await;
        let invitation = installation.invite(&mallory, "eve@example.org").await.unwrap();
        let confirm_email = installation.request_email_change(&mut mallory, "mal@example.org").await.unwrap();
        for statement in [
            "UPDATE password_link SET member_id = (SELECT id FROM member WHERE email = 'ada@example.org'), made_by = NULL",
            "UPDATE invitation SET account_id = (SELECT account_id FROM member WHERE email = 'ada@example.org'), \
             invited_by = (SELECT id FROM member WHERE email = 'ada@example.org')",
            "UPDATE email_change SET member_id = (SELECT id FROM member WHERE email = 'ada@example.org')",
        ] {
            assert_eq!(installation.tamper(statement).await, 1);
        }
        assert!(unusable(&installation.choose(&link, OTHER).await));
        assert!(unusable(&installation.join(&invitation, OTHER).await));
        assert!(unusable(&installation.claviger.confirm_email(&confirm_email, &request_context()).await));
        assert_eq!(installation.found(&ada, "", 1).await.found, 1);
    }

    async fn a_link_that_was_extended_does_not_work(installation: Installation) {
        let (mut ada, _) = installation.with_mallory().await;
        let id = installation.id(&ada, ADA).await;
        let link = installation.link_for(&mut ada, &id).await;
        installation.tamper("UPDATE password_link SET expires_at = expires_at + 86400000000").await;
        assert!(unusable(&installation.choose(&link, OTHER).await));
    }

    async fn a_key_passed_off_as_another_accounts_is_refused(installation: Installation) {
        let (_, mut mallory) = installation.with_mallory().await;
        let pair = installation.pair(&mut mallory).await;
        for statement in [
            "DELETE FROM credential WHERE account_id = (SELECT account_id FROM member WHERE email = 'ada@example.org')",
            "UPDATE credential SET account_id = (SELECT account_id FROM member WHERE email = 'ada@example.org')",
        ] {
            assert_eq!(installation.tamper(statement).await, 2);
        }
        let restarted = installation.restarted().await;
        restarted.claviger.load_keys().await.unwrap();
        assert_eq!(pair.verify(&restarted.claviger).unwrap_err().cause, Cause::Unknown(PresentedKey::ApiKey));
        restarted.remove().await;
    }

    async fn a_reset_key_that_is_revived_in_the_database_stays_refused(installation: Installation) {
        let (mut ada, pair) = installation.with_keys().await;
        installation.reset(&mut ada, reset_api_key(1)).await.unwrap();
        installation.tamper("DELETE FROM credential WHERE generation = 2").await;
        installation.tamper("UPDATE credential SET retired_at = NULL").await;
        let restarted = installation.restarted().await;
        restarted.claviger.load_keys().await.unwrap();
        assert_eq!(pair.verify(&restarted.claviger).unwrap_err().cause, Cause::Unknown(PresentedKey::ApiKey));
        restarted.remove().await;
    }

    async fn a_damaged_row_is_refused_and_the_others_load(installation: Installation) {
        let (_, pair) = installation.with_keys().await;
        let mut eve = installation.try_sign_up("Other", "eve@example.org").await.unwrap();
        let others = installation.pair(&mut eve).await;
        let mut joe = installation.try_sign_up("Third", "joe@example.org").await.unwrap();
        let thirds = installation.pair(&mut joe).await;
        for statement in [
            "UPDATE credential SET verifier = 'damaged' WHERE kind = 'api_key' \
             AND account_id = (SELECT account_id FROM member WHERE email = 'ada@example.org')",
            "UPDATE account SET limit_per_second = 0 \
             WHERE id = (SELECT account_id FROM member WHERE email = 'joe@example.org')",
        ] {
            assert_eq!(installation.tamper(statement).await, 1);
        }
        let restarted = installation.restarted().await;
        restarted.claviger.load_keys().await.unwrap();
        assert!(pair.verify(&restarted.claviger).is_err());
        assert!(thirds.verify(&restarted.claviger).is_err());
        assert!(others.verify(&restarted.claviger).is_ok());
        restarted.remove().await;
    }

    async fn a_reset_holds_although_the_row_of_the_old_key_was_changed(installation: Installation) {
        let (mut ada, pair) = installation.with_keys().await;
        assert!(installation.verify(&pair).is_ok());
        let other = "UPDATE credential SET verifier = REPLACE(REPLACE(verifier, '0', 'f'), '1', 'e') WHERE kind = 'api_key'";
        assert_eq!(installation.tamper(other).await, 1);
        installation.reset(&mut ada, reset_api_key(1)).await.unwrap();
        assert_eq!(installation.verify(&pair).unwrap_err().cause, Cause::Retired(PresentedKey::ApiKey));
    }

    async fn an_event_in_the_way_does_not_keep_a_key_from_being_reset(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        for statement in [
            "INSERT INTO audit_event (chain, sequence, at, actor, action, target, outcome, address, user_agent, request_id, \
             previous_mac, mac) SELECT chain, 6, at, actor, action, target, outcome, address, user_agent, request_id, \
             previous_mac, mac FROM audit_event WHERE sequence = 5",
            "INSERT INTO audit_chain (id, owner, number, sequence, last_mac, head_seal) \
             SELECT id || '.2', 'nobody', 2, 0, '', '' FROM audit_chain WHERE id <> 'installation'",
        ] {
            assert_eq!(installation.tamper(statement).await, 1);
        }
        installation.reset(&mut ada, reset_api_key(1)).await.unwrap();
        assert_eq!(installation.summaries(&ada).await[0].generation, Generation::new(2));
        assert!(!installation.claviger.verify_audit().await.unwrap().broken.is_empty());
    }

    async fn trails_that_were_exchanged_show(installation: Installation) {
        installation.sign_up(ADA).await;
        installation.try_sign_up("Evil", MALLORY).await.unwrap();
        for statement in [
            "UPDATE audit_chain SET number = 9 WHERE id = (SELECT account_id FROM member WHERE email = 'ada@example.org')",
            "UPDATE audit_chain SET owner = (SELECT account_id FROM member WHERE email = 'ada@example.org') \
             WHERE id = (SELECT account_id FROM member WHERE email = 'mallory@example.org')",
            "UPDATE audit_chain SET number = 1, owner = (SELECT account_id FROM member WHERE email = 'mallory@example.org') \
             WHERE number = 9",
        ] {
            assert_eq!(installation.tamper(statement).await, 1);
        }
        assert_eq!(installation.claviger.verify_audit().await.unwrap().broken.len(), 2);
    }

    async fn an_audit_trail_put_back_while_the_server_runs_is_found_by_the_mark(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        for _ in 0..3 {
            installation.view(&mut ada, PASSWORD).await.unwrap();
        }
        installation.claviger.raise_mark().await.unwrap();
        assert_eq!(installation.claviger.older_than_seen().await.unwrap(), None);
        installation.tamper("UPDATE audit_chain SET sequence = 5 WHERE sequence > 5").await;
        installation.claviger.raise_mark().await.unwrap();
        // New events would now hide the missing ones.
        installation.tamper("UPDATE audit_chain SET sequence = 50 WHERE sequence = 5").await;
        assert_eq!(installation.claviger.older_than_seen().await.unwrap(), Some(Older::FoundBefore));
    }

    async fn changes_without_a_password_do_not_fill_the_trail(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let session = installation.session(&ada).await.unwrap();
        for _ in 0..200 {
            installation.claviger.end_other_sessions(&session, &request_context()).await.unwrap();
        }
        let refused = installation.claviger.end_other_sessions(&session, &request_context()).await;
        assert!(matches!(refused, Err(ActionError::TooOften(wait)) if wait == Duration::from_secs(20)));
        installation.clock.advance(Duration::from_secs(20));
        installation.claviger.end_other_sessions(&session, &request_context()).await.unwrap();
        assert_eq!(installation.recorded("member.end_sessions done").await, 201);
    }
}
