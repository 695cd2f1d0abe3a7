//! The audit trail: it verifies as long as its rows are not changed.

use crate::{people::*, support::*};
use claviger_core::{
    authentication::session::BrowserTokens, domain::permission::Permission::ApiCredentialsManagement,
};

on_both_engines! {
    async fn an_untouched_trail_is_whole(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        installation.view(&mut ada, PASSWORD).await.unwrap();
        let _ = installation.sign_in("nobody@example.org", WRONG, BrowserTokens::default()).await;
        let verdict = installation.claviger.verify_audit().await.unwrap();
        assert_eq!(verdict.events, 7);
        assert!(verdict.broken.is_empty(), "{:?}", verdict.broken);
    }

    async fn a_changed_event_shows(installation: Installation) {
        installation.sign_up("ada@example.org").await;
        installation.tamper("UPDATE audit_event SET address = '198.51.100.1' WHERE sequence = 2").await;
        let broken = installation.claviger.verify_audit().await.unwrap().broken;
        assert_eq!(broken.len(), 1);
        assert_eq!(broken[0].at, 2);
    }

    async fn a_missing_event_shows(installation: Installation) {
        installation.sign_up("ada@example.org").await;
        installation.tamper("DELETE FROM audit_event WHERE sequence = 3").await;
        assert_eq!(installation.claviger.verify_audit().await.unwrap().broken[0].at, 3);
    }

    async fn a_trail_cut_off_at_its_end_shows(installation: Installation) {
        installation.sign_up("ada@example.org").await;
        installation.tamper("DELETE FROM audit_event WHERE sequence = 5").await;
        assert_eq!(installation.claviger.verify_audit().await.unwrap().broken[0].at, 5);
        installation
            .tamper(
                "UPDATE audit_chain SET sequence = 4, \
                 last_mac = (SELECT mac FROM audit_event WHERE chain = audit_chain.id AND sequence = 4) \
                 WHERE sequence = 5",
            )
            .await;
        assert_eq!(installation.claviger.verify_audit().await.unwrap().broken[0].at, 5);
    }

    async fn a_trail_emptied_whole_shows(installation: Installation) {
        installation.sign_up("ada@example.org").await;
        installation.tamper("DELETE FROM audit_event").await;
        installation.tamper("UPDATE audit_chain SET sequence = 0, last_mac = ''").await;
        assert_eq!(installation.claviger.verify_audit().await.unwrap().broken.len(), 1);
    }

    async fn a_trail_that_was_cut_is_not_made_whole_by_the_next_event(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        installation.tamper("DELETE FROM audit_event WHERE sequence > 3").await;
        installation
            .tamper(
                "UPDATE audit_chain SET sequence = 3, \
                 last_mac = (SELECT mac FROM audit_event WHERE chain = audit_chain.id AND sequence = 3) \
                 WHERE sequence = 5",
            )
            .await;
        // The action continues: an attacker who can write to the database must not be able to prevent the reset of a
        // leaked key.
        installation.reset(&mut ada, reset_api_key(1)).await.unwrap();
        installation.view(&mut ada, PASSWORD).await.unwrap();
        assert_eq!(installation.recorded("audit.find_broken_chain done").await, 1);
        assert_eq!(installation.recorded("credential.reset done").await, 1);
        let broken = installation.claviger.verify_audit().await.unwrap().broken;
        assert_eq!(broken.iter().map(|broken| broken.at).collect::<Vec<_>>(), [4]);
    }

    async fn a_cut_trail_of_the_installation_is_not_made_whole_either(installation: Installation) {
        installation.sign_up("ada@example.org").await;
        for _ in 0..2 {
            let _ = installation.sign_in("nobody@example.org", WRONG, BrowserTokens::default()).await;
        }
        installation.tamper("DELETE FROM audit_event WHERE chain = 'installation'").await;
        installation.tamper("UPDATE audit_chain SET sequence = 0, last_mac = '' WHERE id = 'installation'").await;
        let _ = installation.sign_in("nobody@example.org", WRONG, BrowserTokens::default()).await;
        let broken = installation.claviger.verify_audit().await.unwrap().broken;
        assert_eq!(broken.iter().map(|broken| broken.chain.as_str()).collect::<Vec<_>>(), ["installation"]);
    }

    async fn a_broken_trail_stays_broken_once_its_old_end_is_put_back(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        installation.tamper("UPDATE audit_chain SET sequence = 4 WHERE sequence = 5").await;
        installation.view(&mut ada, PASSWORD).await.unwrap();
        installation.tamper("UPDATE audit_chain SET sequence = 5 WHERE sequence = 4").await;
        assert_eq!(installation.claviger.verify_audit().await.unwrap().broken.len(), 1);
    }

    async fn a_trail_that_is_gone_altogether_shows(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        installation.tamper("DELETE FROM audit_event WHERE chain <> 'installation'").await;
        installation.tamper("DELETE FROM audit_chain WHERE id <> 'installation'").await;
        assert_eq!(installation.claviger.verify_audit().await.unwrap().broken.len(), 1);
        installation.view(&mut ada, PASSWORD).await.unwrap();
        assert_eq!(installation.claviger.verify_audit().await.unwrap().broken.len(), 1);
        assert_eq!(installation.recorded("credential.view done").await, 1);
    }

    async fn an_event_beside_its_trail_shows_and_is_not_believed(installation: Installation) {
        let (ada, _, _) = installation.with_grace(&[ApiCredentialsManagement]).await;
        for forged in [
            "INSERT INTO audit_event SELECT chain, -1, at, (SELECT id FROM member WHERE email = 'grace@example.org'), \
             'credential.view', 'api_key/1', 'done', '', '', '', '', '' FROM audit_event WHERE action = 'account.create'",
            "INSERT INTO audit_event SELECT chain, 0, at, (SELECT id FROM member WHERE email = 'grace@example.org'), \
             'credential.view', 'api_key/1', 'done', '', '', '', '', '' FROM audit_event WHERE action = 'account.create'",
            "INSERT INTO audit_event SELECT chain, 99, at, (SELECT id FROM member WHERE email = 'grace@example.org'), \
             'credential.view', 'api_key/1', 'done', '', '', '', '', '' FROM audit_event WHERE action = 'account.create'",
        ] {
            installation.tamper("DELETE FROM audit_event WHERE action = 'credential.view'").await;
            assert_eq!(installation.tamper(forged).await, 1);
            assert_eq!(installation.claviger.verify_audit().await.unwrap().broken.len(), 1, "{forged}");
            assert_eq!(installation.line(&ada, GRACE).await.seen, [], "{forged}");
        }
    }
}
