//! What holds for hashing passwords and for the queue before it. It must not depend on how fast the machine
//! is.

use super::*;
use crate::random::SystemRandom;
use std::{
    pin::{Pin, pin},
    sync::mpsc,
    task::{Context, Poll, Waker},
};
use tokio::sync::oneshot;

const GOOD: &str = "violet cabin rapid moss 12";

fn password(typed: &str) -> NewPassword {
    NewPassword::parse(typed, &[]).unwrap()
}

fn hasher() -> PasswordHasher {
    PasswordHasher::new(2, 2)
}

async fn hash(typed: &str) -> PasswordHash {
    hasher().hash(password(typed), &SystemRandom).await.unwrap()
}

async fn verify(typed: &str, hash: Option<PasswordHash>) -> Result<bool, HashError> {
    hasher().verify(PasswordAttempt::new(typed), hash).await
}

/// Begins a future and leaves it waiting.
fn begin<T>(future: Pin<&mut impl Future<Output = T>>) -> Poll<T> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Work that runs until told to end.
struct Stalled {
    end: mpsc::Sender<()>,
    ended: tokio::task::JoinHandle<Result<(), HashError>>,
}

impl Stalled {
    /// Returns once the work runs.
    async fn begin(hasher: &PasswordHasher) -> Self {
        let (end, until) = mpsc::channel();
        let (runs, running) = oneshot::channel();
        let hasher = hasher.clone();
        let ended = tokio::spawn(async move {
            hasher
                .run(move || {
                    runs.send(()).unwrap();
                    until.recv().map_err(|_| HashError::Stopped)
                })
                .await
        });
        running.await.unwrap();
        Self { end, ended }
    }

    async fn end(self) {
        self.end.send(()).unwrap();
        self.ended.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_password_matches_its_hash() {
    assert_eq!(verify(GOOD, Some(hash(GOOD).await)).await, Ok(true));
}

#[tokio::test]
async fn a_wrong_password_does_not_match() {
    let hash = hash(GOOD).await;
    for wrong in ["violet cabin rapid moss 13", "Violet cabin rapid moss 12", "violet cabin rapid moss 12 "] {
        assert_eq!(verify(wrong, Some(hash.clone())).await, Ok(false), "{wrong}");
    }
}

#[tokio::test]
async fn it_does_not_matter_how_characters_are_composed() {
    let hash = hash("cr\u{e8}me br\u{fb}l\u{e9}e at d\u{e4}wn").await;
    let attempt = "cre\u{300}me bru\u{302}le\u{301}e at da\u{308}wn";
    assert_eq!(verify(attempt, Some(hash)).await, Ok(true));
}

#[tokio::test]
async fn the_parameters_stand_in_the_hash() {
    let hash = hash(GOOD).await;
    let start = "$argon2id$v=19$m=19456,t=2,p=1$";
    assert!(hash.as_str().starts_with(start), "{}", hash.as_str());
    // What stands in for the hash of nobody costs the same only if it has the same parameters and the same
    // form.
    assert!(NOBODY.starts_with(start));
    assert_eq!(NOBODY.len(), hash.as_str().len());
    assert_eq!(PasswordHash::from_stored(NOBODY.to_owned()).as_str(), NOBODY);
}

#[tokio::test]
async fn equal_passwords_have_different_hashes() {
    assert_ne!(hash(GOOD).await.as_str(), hash(GOOD).await.as_str());
}

#[tokio::test]
async fn nothing_is_the_password_of_nobody() {
    assert_eq!(verify(GOOD, None).await, Ok(false));
}

#[test]
fn the_hash_of_nobody_can_be_compared_with() {
    assert_eq!(matches(GOOD.as_bytes(), NOBODY), Ok(false));
}

#[tokio::test]
async fn what_no_password_can_be_never_matches_and_takes_no_place() {
    let full = PasswordHasher::new(1, 0);
    let stalled = Stalled::begin(&full).await;
    for typed in [String::new(), "a".repeat(1025)] {
        for hash in [None, Some(PasswordHash::from_stored(NOBODY.to_owned()))] {
            assert_eq!(full.verify(PasswordAttempt::new(&typed), hash).await, Ok(false));
        }
    }
    stalled.end().await;
}

#[tokio::test]
async fn a_damaged_hash_is_told_apart_from_a_wrong_password() {
    for stored in [
        "",
        "violet",
        "$argon2id",
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=1,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=20$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=16,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        let verified = verify(GOOD, Some(PasswordHash::from_stored(stored.to_owned()))).await;
        assert_eq!(verified, Err(HashError::Damaged), "{stored}");
    }
}

#[tokio::test]
async fn without_randomness_nothing_is_hashed() {
    struct Empty;
    impl Random for Empty {
        fn fill(&self, _: &mut [u8]) -> Result<(), NoRandomness> {
            Err(NoRandomness)
        }
    }
    let hashed = hasher().hash(password(GOOD), &Empty).await;
    assert_eq!(hashed.unwrap_err(), HashError::NoRandomness(NoRandomness));
}

#[tokio::test]
async fn work_that_breaks_off_is_stopped_and_gives_its_place_back() {
    let hasher = PasswordHasher::new(1, 0);
    assert_eq!(hasher.run::<()>(|| panic!("on purpose")).await, Err(HashError::Stopped));
    assert_eq!(hasher.in_flight(), 0);
    assert_eq!(hasher.run(|| Ok(1)).await, Ok(1));
}

#[tokio::test]
async fn one_more_than_may_wait_is_refused_at_once() {
    let hasher = PasswordHasher::new(1, 1);
    let stalled = Stalled::begin(&hasher).await;
    let mut waiting = pin!(hasher.verify(PasswordAttempt::new(GOOD), None));
    assert!(begin(waiting.as_mut()).is_pending());
    assert_eq!(hasher.in_flight(), 2);

    let refused = pin!(hasher.verify(PasswordAttempt::new(GOOD), None));
    assert_eq!(begin(refused), Poll::Ready(Err(HashError::Busy)));
    let refused = pin!(hasher.hash(password(GOOD), &SystemRandom));
    assert!(matches!(begin(refused), Poll::Ready(Err(HashError::Busy))));

    stalled.end().await;
    assert_eq!(waiting.await, Ok(false));
    assert_eq!(hasher.in_flight(), 0);
}

#[tokio::test]
async fn who_gives_up_waiting_leaves_the_place_to_another() {
    let hasher = PasswordHasher::new(1, 1);
    let stalled = Stalled::begin(&hasher).await;
    {
        let mut gives_up = pin!(hasher.verify(PasswordAttempt::new(GOOD), None));
        assert!(begin(gives_up.as_mut()).is_pending());
    }
    assert_eq!(hasher.in_flight(), 1);
    let mut next = pin!(hasher.verify(PasswordAttempt::new(GOOD), None));
    assert!(begin(next.as_mut()).is_pending());
    stalled.end().await;
    assert_eq!(next.await, Ok(false));
}

#[tokio::test]
async fn work_goes_on_counting_when_nobody_waits_for_it_any_more() {
    let hasher = PasswordHasher::new(1, 0);
    let stalled = Stalled::begin(&hasher).await;
    stalled.ended.abort();
    assert!(stalled.ended.await.unwrap_err().is_cancelled());
    assert_eq!(hasher.in_flight(), 1);
    assert_eq!(hasher.run(|| Ok(())).await, Err(HashError::Busy));

    stalled.end.send(()).unwrap();
    while hasher.in_flight() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(hasher.run(|| Ok(())).await, Ok(()));
}

#[tokio::test]
async fn clones_share_one_queue() {
    let hasher = PasswordHasher::new(1, 0);
    let stalled = Stalled::begin(&hasher.clone()).await;
    assert_eq!(hasher.run(|| Ok(())).await, Err(HashError::Busy));
    stalled.end().await;
}

#[tokio::test]
async fn at_least_one_may_run() {
    assert_eq!(PasswordHasher::new(0, 0).run(|| Ok(1)).await, Ok(1));
    assert_eq!(PasswordHasher::new(usize::MAX, usize::MAX).run(|| Ok(1)).await, Ok(1));
}

#[tokio::test]
async fn debug_output_discloses_nothing() {
    assert_eq!(format!("{:?}", hash(GOOD).await), "PasswordHash");
    assert_eq!(format!("{:?}", hasher()), "PasswordHasher { in_flight: 0, .. }");
}
