//! Signing in, and how failures delay it.

use crate::support::*;
use claviger_core::{
    authentication::{session::BrowserTokens, sign_in::SignInError},
    domain::member::EmailError,
    limits::throttle::Throttled,
};
use std::time::Duration;

const NEW_DEVICE: BrowserTokens<'static> = BrowserTokens { session: None, device: None };

fn wrong_without_wait<T>(result: &Result<T, SignInError>) -> bool {
    matches!(result, Err(SignInError::Wrong { wait: Duration::ZERO }))
}

fn must_wait<T>(result: &Result<T, SignInError>) -> Option<u64> {
    match result {
        Err(SignInError::Throttled(Throttled::Wait(wait))) => Some(wait.as_secs()),
        _ => None,
    }
}

on_both_engines! {
    async fn a_member_signs_in_with_the_right_password_only(installation: Installation) {
        installation.sign_up("ada@example.org").await;
        assert!(wrong_without_wait(&installation.sign_in("ada@example.org", WRONG, NEW_DEVICE).await));
        assert!(installation.sign_in("ADA@example.org", PASSWORD, NEW_DEVICE).await.is_ok());
        assert_eq!(installation.recorded("session.sign_in wrong_password").await, 1);
        assert_eq!(installation.recorded("session.sign_in done").await, 2);
    }

    async fn an_unknown_email_is_answered_like_a_wrong_password(installation: Installation) {
        installation.sign_up("ada@example.org").await;
        for email in ["ada@example.org", "nobody@example.org"] {
            for _ in 0..4 {
                assert!(wrong_without_wait(&installation.sign_in(email, WRONG, NEW_DEVICE).await), "{email}");
            }
            let fifth = installation.sign_in(email, WRONG, NEW_DEVICE).await;
            assert!(matches!(fifth, Err(SignInError::Wrong { wait }) if wait.as_secs() == 30), "{email}");
            assert_eq!(must_wait(&installation.sign_in(email, PASSWORD, NEW_DEVICE).await), Some(30), "{email}");
        }
        assert_eq!(installation.count("SELECT COUNT(*) FROM login_failure WHERE subject LIKE '%@%'").await, 0);
    }

    async fn empty_fields_are_named_and_not_counted(installation: Installation) {
        let refused = installation.sign_in(" ", "", NEW_DEVICE).await;
        assert!(matches!(refused, Err(SignInError::Missing { email: true, password: true })));
        assert_eq!(installation.count("SELECT COUNT(*) FROM login_failure").await, 0);
    }

    async fn what_is_no_address_is_told_and_counted_nowhere(installation: Installation) {
        for _ in 0..200 {
            let refused = installation.sign_in("ada.example.org", PASSWORD, NEW_DEVICE).await;
            assert!(matches!(refused, Err(SignInError::NotAnEmail(EmailError::Form))));
        }
        assert_eq!(installation.count("SELECT COUNT(*) FROM login_failure").await, 0);
        assert!(installation.trail().await.is_empty());
    }

    async fn after_the_wait_the_right_password_is_taken_and_clears_the_count(installation: Installation) {
        installation.sign_up("ada@example.org").await;
        for _ in 0..5 {
            let _ = installation.sign_in("ada@example.org", WRONG, NEW_DEVICE).await;
        }
        installation.clock.advance(Duration::from_secs(29));
        assert_eq!(must_wait(&installation.sign_in("ada@example.org", PASSWORD, NEW_DEVICE).await), Some(1));
        installation.clock.advance(Duration::from_secs(1));
        assert!(installation.sign_in("ada@example.org", PASSWORD, NEW_DEVICE).await.is_ok());
        assert!(wrong_without_wait(&installation.sign_in("ada@example.org", WRONG, NEW_DEVICE).await));
    }

    async fn unknown_devices_delay_neither_a_known_one_nor_its_dialog(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        for _ in 0..5 {
            let _ = installation.sign_in("ada@example.org", WRONG, NEW_DEVICE).await;
        }
        assert!(must_wait(&installation.sign_in("ada@example.org", PASSWORD, NEW_DEVICE).await).is_some());
        assert!(installation.view(&mut ada, PASSWORD).await.is_ok());
        assert!(installation.sign_in("ada@example.org", PASSWORD, ada.tokens()).await.is_ok());
    }

    async fn a_made_up_device_is_an_unknown_one(installation: Installation) {
        installation.sign_up("ada@example.org").await;
        let made_up = "A".repeat(43);
        let tokens = BrowserTokens { session: None, device: Some(&made_up) };
        for _ in 0..5 {
            let _ = installation.sign_in("ada@example.org", WRONG, NEW_DEVICE).await;
        }
        assert!(must_wait(&installation.sign_in("ada@example.org", PASSWORD, tokens).await).is_some());
        installation.clock.advance(Duration::from_secs(30));
        let signed_in = installation.sign_in("ada@example.org", PASSWORD, tokens).await.unwrap();
        assert_ne!(signed_in.device_token.expose(), made_up);
    }

    async fn sign_in_and_dialog_are_counted_together(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        for _ in 0..3 {
            let _ = installation.sign_in("ada@example.org", WRONG, ada.tokens()).await;
        }
        for _ in 0..2 {
            assert!(installation.view(&mut ada, WRONG).await.is_err());
        }
        assert!(must_wait(&installation.sign_in("ada@example.org", PASSWORD, ada.tokens()).await).is_some());
    }

    async fn guesses_at_the_same_moment_do_not_outrun_the_count(installation: Installation) {
        installation.sign_up("ada@example.org").await;
        let guesses = (0..20).map(|_| installation.sign_in("ada@example.org", WRONG, NEW_DEVICE));
        let mut checked = 0;
        for answer in join_all(guesses).await {
            checked += usize::from(matches!(answer, Err(SignInError::Wrong { .. })));
        }
        assert_eq!(checked, 5);
    }

    async fn a_hundred_failures_lock_until_the_operator_helps(installation: Installation) {
        let ada = installation.sign_up("ada@example.org").await;
        for _ in 0..100 {
            let _ = installation.sign_in("ada@example.org", WRONG, ada.tokens()).await;
            installation.clock.advance(Duration::from_secs(3600));
        }
        let locked = installation.sign_in("ada@example.org", PASSWORD, ada.tokens()).await;
        assert!(matches!(locked, Err(SignInError::Throttled(Throttled::Locked))));
        installation.claviger.unlock_member("ada@example.org").await.unwrap();
        assert!(installation.sign_in("ada@example.org", PASSWORD, ada.tokens()).await.is_ok());
        assert_eq!(installation.recorded("member.unlock done").await, 1);
    }

    async fn a_disabled_member_is_answered_like_a_wrong_password(installation: Installation) {
        let ada = installation.sign_up("ada@example.org").await;
        installation.tamper("UPDATE member SET status = 'disabled'").await;
        assert!(wrong_without_wait(&installation.sign_in("ada@example.org", PASSWORD, NEW_DEVICE).await));
        assert!(installation.session(&ada).await.is_err());
        assert_eq!(installation.recorded("session.sign_in disabled").await, 1);
    }

    async fn a_browser_that_signs_in_again_leaves_no_session_behind(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        let before = ada.session_token.clone();
        let signed_in = installation.sign_in("ada@example.org", PASSWORD, ada.tokens()).await.unwrap();
        assert_eq!(signed_in.device_token.expose(), ada.device_token);
        ada.keep(&signed_in);
        assert!(installation.session(&ada).await.is_ok());
        assert!(installation.claviger.session(Some(&before)).await.is_err());
    }
}

/// Runs all futures concurrently and waits for all results.
async fn join_all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut pending: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(move |context| {
        for (future, answer) in &mut pending {
            if answer.is_none()
                && let std::task::Poll::Ready(output) = future.as_mut().poll(context)
            {
                *answer = Some(output);
            }
        }
        if pending.iter().all(|(_, answer)| answer.is_some()) {
            std::task::Poll::Ready(pending.iter_mut().filter_map(|(_, answer)| answer.take()).collect())
        } else {
            std::task::Poll::Pending
        }
    })
    .await
}
