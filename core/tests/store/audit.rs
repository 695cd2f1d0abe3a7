//! The audit trail: whole as long as nobody touches it.

use crate::support::*;
use claviger_core::session::BrowserTokens;

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
}
