//! Sessions: how long they last, and how their token changes.

use crate::support::*;
use claviger_core::{
    authentication::session::SessionError,
    domain::session::{ABSOLUTE, IDLE, REPLACED_TOKEN},
};
use std::time::Duration;

on_both_engines! {
    async fn a_session_ends_when_it_idles(installation: Installation) {
        let ada = installation.sign_up("ada@example.org").await;
        installation.clock.advance(IDLE - Duration::from_secs(1));
        assert!(installation.session(&ada).await.is_ok());
        installation.clock.advance(IDLE - Duration::from_secs(1));
        assert!(installation.session(&ada).await.is_ok(), "the last use counts");
        installation.clock.advance(IDLE);
        assert!(matches!(installation.session(&ada).await, Err(SessionError::Ended)));
    }

    async fn a_session_in_use_ends_after_twelve_hours(installation: Installation) {
        let ada = installation.sign_up("ada@example.org").await;
        let step = IDLE / 2;
        for _ in 1..(ABSOLUTE.as_secs() / step.as_secs()) {
            installation.clock.advance(step);
            assert!(installation.session(&ada).await.is_ok());
        }
        installation.clock.advance(step);
        assert!(matches!(installation.session(&ada).await, Err(SessionError::Ended)));
    }

    async fn reauthentication_replaces_the_token(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        let before = ada.session_token.clone();
        let csrf = installation.session(&ada).await.unwrap().csrf_secret().to_owned();
        installation.view(&mut ada, PASSWORD).await.unwrap();
        assert_ne!(ada.session_token, before);
        assert_eq!(installation.session(&ada).await.unwrap().csrf_secret(), csrf, "open pages go on");

        assert!(installation.claviger.session(Some(&before)).await.is_ok(), "requests under way go on");
        installation.clock.advance(REPLACED_TOKEN);
        assert!(installation.claviger.session(Some(&before)).await.is_err());
        assert!(installation.session(&ada).await.is_ok());
    }

    async fn signing_out_ends_both_tokens_at_once(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        let before = ada.session_token.clone();
        installation.view(&mut ada, PASSWORD).await.unwrap();
        let session = installation.session(&ada).await.unwrap();
        installation.claviger.sign_out(session, &request_context()).await.unwrap();
        assert!(installation.session(&ada).await.is_err());
        assert!(installation.claviger.session(Some(&before)).await.is_err());
        assert_eq!(installation.recorded("session.sign_out done").await, 1);
    }

    async fn a_form_of_another_session_is_refused(installation: Installation) {
        let ada = installation.sign_up("ada@example.org").await;
        let eve = installation.sign_up("eve@example.org").await;
        let csrf_of_eve = installation.session(&eve).await.unwrap().csrf_secret().to_owned();
        for csrf in ["", "wrong", &csrf_of_eve] {
            let refused = installation.claviger.session_for_change(Some(&ada.session_token), csrf).await;
            assert!(matches!(refused, Err(SessionError::ForeignForm)));
        }
    }

    async fn what_was_never_a_token_is_no_session(installation: Installation) {
        installation.sign_up("ada@example.org").await;
        let made_up = "A".repeat(43);
        for token in [None, Some(""), Some("' OR 1=1 --"), Some(made_up.as_str())] {
            assert!(matches!(installation.claviger.session(token).await, Err(SessionError::Ended)));
        }
    }

    async fn a_disabled_account_has_no_sessions(installation: Installation) {
        let ada = installation.sign_up("ada@example.org").await;
        installation.tamper("UPDATE account SET disabled_at = 1").await;
        assert!(matches!(installation.session(&ada).await, Err(SessionError::Ended)));
    }
}
