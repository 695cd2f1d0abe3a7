//! How failures are counted: per network first, so that an attacker on another network cannot lock a member out.

use crate::{people::*, support::*};
use claviger_core::{
    authentication::sign_in::SignInError, limits::throttle::Throttled, reauthentication::ActionError,
};
use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const STRANGER: &str = "198.51.100.7";
const ELSEWHERE: &str = "192.0.2.44";

fn wait<T>(result: &Result<T, SignInError>) -> Option<u64> {
    match result {
        Err(SignInError::Throttled(Throttled::Wait(wait))) => Some(wait.as_secs()),
        _ => None,
    }
}

fn is_locked<T>(result: &Result<T, SignInError>) -> bool {
    matches!(result, Err(SignInError::Throttled(Throttled::Locked)))
}

impl Installation {
    async fn fail_from(&self, address: &str, times: u32) {
        for _ in 0..times {
            let _ = self.sign_in_from(address, ADA, WRONG).await;
        }
    }

    async fn failures(&self) -> i64 {
        self.count("SELECT CAST(COALESCE(SUM(failures), 0) AS BIGINT) FROM login_failure").await
    }
}

on_both_engines! {
    async fn a_stranger_in_one_network_keeps_no_new_browser_in_another_out(installation: Installation) {
        installation.sign_up(ADA).await;
        for _ in 0..100 {
            installation.fail_from(STRANGER, 1).await;
            installation.clock.advance(HOUR);
        }
        assert!(is_locked(&installation.sign_in_from(STRANGER, ADA, PASSWORD).await));
        assert!(installation.sign_in_from(ELSEWHERE, ADA, PASSWORD).await.is_ok());
    }

    async fn the_addresses_of_one_ipv6_customer_are_one_network(installation: Installation) {
        installation.sign_up(ADA).await;
        for subnet in 0..5 {
            installation.fail_from(&format!("2001:db8:0:{subnet}::1"), 1).await;
        }
        assert_eq!(wait(&installation.sign_in_from("2001:db8:0:77::1", ADA, PASSWORD).await), Some(30));
        assert!(installation.sign_in_from("2001:db8:0:100::1", ADA, PASSWORD).await.is_ok());
    }

    async fn a_guesser_with_many_networks_meets_the_total_and_the_member_does_not(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        installation.fail_from(STRANGER, 1).await;
        installation.tamper("UPDATE login_failure SET failures = 499 WHERE source = 'unknown devices'").await;
        let five_hundredth = installation.sign_in_from("198.51.100.8", ADA, WRONG).await;
        assert!(matches!(five_hundredth, Err(SignInError::Wrong { wait }) if wait.as_secs() == 30));
        assert_eq!(wait(&installation.sign_in_from("198.51.100.9", ADA, WRONG).await), Some(30));

        assert!(installation.view(&mut ada, PASSWORD).await.is_ok(), "nor does the dialog of a session");
        assert!(installation.sign_in(ADA, PASSWORD, ada.tokens()).await.is_ok(), "nor does a known device");
        installation.clock.advance(Duration::from_secs(30));
        assert!(installation.sign_in_from(ELSEWHERE, ADA, PASSWORD).await.is_ok());
        let next = installation.sign_in_from("198.51.100.9", ADA, WRONG).await;
        assert!(matches!(next, Err(SignInError::Wrong { wait }) if wait.as_secs() == 60), "no fresh start");
    }

    async fn a_day_after_the_last_failure_all_is_forgotten(installation: Installation) {
        installation.sign_up(ADA).await;
        installation.fail_from(STRANGER, 5).await;
        installation.clock.advance(DAY - Duration::from_micros(1));
        let sixth = installation.sign_in_from(STRANGER, ADA, WRONG).await;
        assert!(matches!(sixth, Err(SignInError::Wrong { wait }) if wait.as_secs() == 60));
        installation.clock.advance(DAY);
        let first = installation.sign_in_from(STRANGER, ADA, WRONG).await;
        assert!(matches!(first, Err(SignInError::Wrong { wait: Duration::ZERO })));
    }

    async fn a_lock_is_forgotten_after_a_day_too(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let _ = installation.sign_in(ADA, WRONG, ada.tokens()).await;
        installation.tamper("UPDATE login_failure SET failures = 100").await;
        installation.clock.advance(DAY - Duration::from_micros(1));
        assert!(is_locked(&installation.sign_in(ADA, PASSWORD, ada.tokens()).await));
        installation.clock.advance(Duration::from_micros(1));
        assert!(installation.sign_in(ADA, PASSWORD, ada.tokens()).await.is_ok());
    }

    async fn a_failure_that_a_clock_ahead_wrote_down_waits_from_now_on(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        for _ in 0..5 {
            let _ = installation.sign_in(ADA, WRONG, ada.tokens()).await;
        }
        installation.tamper("UPDATE login_failure SET last_at = last_at + 31536000000000").await;
        assert_eq!(wait(&installation.sign_in(ADA, PASSWORD, ada.tokens()).await), Some(30));
        installation.clock.advance(Duration::from_secs(30));
        assert!(installation.sign_in(ADA, PASSWORD, ada.tokens()).await.is_ok());
    }

    async fn attempts_that_are_turned_away_are_recorded_once_for_each_wait(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        installation.fail_from(STRANGER, 9).await;
        assert_eq!(installation.recorded("session.sign_in wrong_password").await, 5);
        assert_eq!(installation.recorded("session.sign_in throttled").await, 1);
        installation.clock.advance(Duration::from_secs(30));
        installation.fail_from(STRANGER, 9).await;
        assert_eq!(installation.recorded("session.sign_in wrong_password").await, 6);
        assert_eq!(installation.recorded("session.sign_in throttled").await, 2);

        for _ in 0..9 {
            let _ = installation.view(&mut ada, WRONG).await;
        }
        assert_eq!(installation.recorded("credential.view throttled").await, 1);
    }

    async fn made_up_addresses_fill_little_of_the_trail(installation: Installation) {
        for number in 0..30 {
            let nobody = format!("nobody{number}@example.org");
            let _ = installation.sign_in_from(STRANGER, &nobody, WRONG).await;
        }
        assert_eq!(installation.recorded("session.sign_in wrong_password").await, 10);
        let _ = installation.sign_in_from(ELSEWHERE, "nobody@example.org", WRONG).await;
        assert_eq!(installation.recorded("session.sign_in wrong_password").await, 11);
    }

    async fn a_right_password_clears_the_count_also_where_the_action_fails(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        for _ in 0..4 {
            let _ = installation.view(&mut ada, WRONG).await;
        }
        let stale = installation.reset(&mut ada, reset_api_key(7)).await;
        assert!(matches!(stale, Err(ActionError::Stale { .. })));
        assert_eq!(installation.failures().await, 0);
        let confirmed = installation.confirm(&ada, reset_api_key(1)).await.unwrap();
        drop(confirmed);
        assert_eq!(installation.failures().await, 0);
    }

    async fn a_browser_that_leaves_before_its_right_password_is_answered_leaves_no_failure(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        {
            let mut leaving = pin!(installation.confirm(&ada, reset_api_key(1)));
            let mut answered = false;
            while !answered && installation.failures().await == 0 {
                answered = poll_fn(|context| Poll::Ready(leaving.as_mut().poll(context).is_ready())).await;
            }
        }
        let mut tries = 0;
        while installation.failures().await > 0 && tries < 500 {
            tries += 1;
        }
        assert_eq!(installation.failures().await, 0);
    }
}
