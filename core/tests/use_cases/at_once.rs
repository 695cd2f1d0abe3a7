//! When a replaced key is refused: from the answer to the reset on, even for requests that arrive at the same moment.

use crate::{support::*, verification::*};
use claviger_core::{
    domain::limits::Limits,
    verification::{Cause, PresentedKey, Reason},
};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

/// Threads that keep verifying the current keys.
struct Hammers {
    current: Arc<Mutex<Pair>>,
    stop: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
    threads: Vec<JoinHandle<()>>,
}

impl Hammers {
    fn start(installation: &Installation, pair: Pair) -> Self {
        let (current, stop, asked) = (Arc::new(Mutex::new(pair)), Arc::default(), Arc::default());
        let mut hammers = Self { current, stop, asked, threads: Vec::new() };
        for _ in 0..2 {
            let claviger = installation.claviger.clone();
            let (current, stop, asked) =
                (Arc::clone(&hammers.current), Arc::clone(&hammers.stop), Arc::clone(&hammers.asked));
            hammers.threads.push(std::thread::spawn(move || {
                while !stop.load(Ordering::Acquire) {
                    let pair = current.lock().unwrap().clone();
                    // From another address, because bad keys are limited per address.
                    let _ = pair.verify_from("198.51.100.1", &claviger);
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            }));
        }
        hammers
    }

    fn current(&self) -> Pair {
        self.current.lock().unwrap().clone()
    }

    /// Waits until each thread has had time for another verification, so that the next step runs concurrently with
    /// them.
    async fn ask_again(&self) {
        let more = self.asked.load(Ordering::Relaxed) + 2 * self.threads.len();
        let asked = async {
            while self.asked.load(Ordering::Relaxed) < more {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), asked).await.expect("the threads ask on and on");
    }

    fn stop(self) {
        self.stop.store(true, Ordering::Release);
        for thread in self.threads {
            thread.join().unwrap();
        }
    }
}

on_both_engines! {
    async fn no_old_key_passes_once_a_reset_is_answered(installation: Installation) {
        let (mut ada, pair) = installation.with_keys().await;
        let plenty = Limits { per_second: 1_000_000, per_minute: 1_000_000 };
        installation.claviger.set_limits(ACME, plenty).await.unwrap();
        let hammers = Hammers::start(&installation, pair);
        let mut replaced = Vec::new();
        for generation in 1..=8 {
            hammers.ask_again().await;
            let old = hammers.current();
            let new = installation.reset(&mut ada, reset_api_key(generation)).await.unwrap().remove(0);
            replaced.push(old);
            for _ in 0..50 {
                for old in &replaced {
                    expect_refusal(installation.verify(old), Reason::ApiKeyInvalid, Cause::Retired(PresentedKey::ApiKey));
                }
                installation.clock.advance(Duration::from_secs(2));
            }
            hammers.current.lock().unwrap().api_key = new;
            installation.verify(&hammers.current()).unwrap();
            // The clock has advanced far enough to end the session, so Ada signs in again.
            ada.keep(&installation.sign_in(&ada.email.clone(), PASSWORD, ada.tokens()).await.unwrap());
        }
        hammers.ask_again().await;
        hammers.stop();
    }

    async fn a_reset_that_nobody_waits_for_still_ends_the_old_key(installation: Installation) {
        let (mut ada, pair) = installation.with_keys().await;
        let mut was_replaced = false;
        for patience in 0..200 {
            let abandoned = tokio::time::timeout(
                Duration::from_micros(patience * 500),
                installation.reset(&mut ada, reset_api_key(1)),
            )
            .await;
            let done = abandoned.is_ok();
            ada.keep(&installation.sign_in(&ada.email.clone(), PASSWORD, ada.tokens()).await.unwrap());
            was_replaced = installation.summaries(&ada).await[0].generation.number() > 1;
            if done || was_replaced {
                break;
            }
        }
        assert!(was_replaced, "one of the resets went through");
        // The new state of the database reaches the cache a moment later, although the caller of the reset has gone.
        let refused = async {
            while installation.verify(&pair).is_ok() {
                installation.clock.advance(Duration::from_secs(1));
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), refused).await.expect("the old key is refused");
        assert_eq!(installation.verify(&pair).unwrap_err().cause, Cause::Retired(PresentedKey::ApiKey));
    }
}
