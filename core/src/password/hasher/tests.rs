//! Properties of judging and hashing passwords. It must not depend on how fast the machine is.

use super::*;
use crate::{
    domain::{account::AccountId, member::MemberId},
    random::SystemRandom,
};
use std::sync::mpsc;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

const GOOD: &str = "violet cabin rapid moss 12";

fn secret(byte: u8) -> PasswordSecret {
    PasswordSecret::from_bytes(Zeroizing::new([byte; 32]))
}

fn hasher() -> PasswordHasher {
    PasswordHasher::new(2, 2, secret(1))
}

struct Owner {
    account: AccountId,
    member: MemberId,
}

impl Owner {
    fn new(account: &str, member: &str) -> Self {
        Self { account: AccountId::parse(account).unwrap(), member: MemberId::parse(member).unwrap() }
    }

    fn borrow(&self) -> PasswordOwner<'_> {
        PasswordOwner { account: &self.account, member: &self.member }
    }
}

fn ada() -> Owner {
    Owner::new("acme", "ada")
}

fn stranger(hasher: &PasswordHasher) -> Place {
    hasher.queue.try_enter(&Requester::Stranger(None)).unwrap()
}

async fn hash(typed: &str) -> PasswordHash {
    let (hasher, owner) = (hasher(), ada());
    let password = NewPassword::parse(typed).unwrap();
    hasher.hash(stranger(&hasher), password, owner.borrow(), &[], &SystemRandom).await.unwrap()
}

async fn verify_as(
    hasher: &PasswordHasher,
    typed: &str,
    stored: Option<(&Owner, &PasswordHash)>,
) -> Result<Verification, HashError> {
    let stored = stored.map(|(owner, hash)| (owner.borrow(), hash));
    hasher.verify(stranger(hasher), PasswordAttempt::new(typed), stored, &SystemRandom).await
}

async fn verify(typed: &str, hash: Option<PasswordHash>) -> Result<bool, HashError> {
    let owner = ada();
    let stored = hash.as_ref().map(|hash| (&owner, hash));
    verify_as(&hasher(), typed, stored).await.map(|checked| checked.matches)
}

/// Work that runs until it is told to end.
struct Stalled {
    end: mpsc::Sender<()>,
    ended: tokio::task::JoinHandle<Result<(), HashError>>,
}

impl Stalled {
    /// Returns when the work is running.
    async fn begin(hasher: &PasswordHasher) -> Self {
        let (end, until) = mpsc::channel();
        let (runs, running) = oneshot::channel();
        let place = stranger(hasher);
        let ended = tokio::spawn(run(place, move || {
            runs.send(()).unwrap();
            until.recv().map_err(|_| HashError::Stopped)
        }));
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
    let start = "$argon2id$v=19$m=19456,t=2,p=1,keyid=MQ$";
    assert!(hash.as_str().starts_with(start), "{}", hash.as_str());
    // The dummy costs the same only if it has the same parameters and the same form.
    assert!(DUMMY_HASH.starts_with(start));
    assert_eq!(DUMMY_HASH.len(), hash.as_str().len());
}

#[tokio::test]
async fn a_hash_counts_for_its_member_in_its_account_only() {
    let (hasher, hash) = (hasher(), hash(GOOD).await);
    for (owner, matches) in [
        (ada(), true),
        (Owner::new("acme", "bob"), false),
        (Owner::new("other", "ada"), false),
        (Owner::new("acmea", "da"), false),
    ] {
        let checked = verify_as(&hasher, GOOD, Some((&owner, &hash))).await.unwrap();
        assert_eq!(checked.matches, matches, "{:?}", owner.borrow());
        assert!(checked.replacement.is_none());
    }
}

#[tokio::test]
async fn a_hash_counts_with_its_secret_only() {
    let (owner, hash) = (ada(), hash(GOOD).await);
    let other = PasswordHasher::new(2, 2, secret(2));
    assert!(!verify_as(&other, GOOD, Some((&owner, &hash))).await.unwrap().matches);
}

// The hash of `GOOD` with a salt of 16 bytes of 1, made by Python's argon2-cffi: an attacker could make the same.
const WITHOUT_SECRET: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AQEBAQEBAQEBAQEBAQEBAQ$UR7YoHeRd4OdpTX7gRuxNejNFGcTKu+Rc9cpg5k8Vdo";

#[tokio::test]
async fn a_hash_that_anybody_could_have_made_counts_for_nothing() {
    let refused = verify(GOOD, Some(PasswordHash::from_stored(WITHOUT_SECRET.to_owned()))).await;
    assert_eq!(refused, Err(HashError::Damaged));
    let pretends = WITHOUT_SECRET.replace("p=1$", "p=1,keyid=MQ$");
    assert_eq!(verify(GOOD, Some(PasswordHash::from_stored(pretends))).await, Ok(false));
}

#[tokio::test]
async fn a_hash_of_an_older_release_counts_once_bound_and_is_replaced() {
    let (hasher, owner) = (hasher(), ada());
    let bound = secret(1).bind_legacy(&owner.account, &owner.member, WITHOUT_SECRET);
    let bound = PasswordHash::from_stored(bound);
    assert!(!verify_as(&hasher, "violet cabin rapid moss 13", Some((&owner, &bound))).await.unwrap().matches);
    let checked = verify_as(&hasher, GOOD, Some((&owner, &bound))).await.unwrap();
    assert!(checked.matches);
    let replacement = checked.replacement.unwrap();
    assert!(replacement.as_str().contains("keyid="));
    assert!(verify_as(&hasher, GOOD, Some((&owner, &replacement))).await.unwrap().matches);

    let bob = Owner::new("acme", "bob");
    let moved = verify_as(&hasher, GOOD, Some((&bob, &bound))).await;
    assert_eq!(moved.unwrap_err(), HashError::Damaged);
    let forged = secret(2).bind_legacy(&owner.account, &owner.member, WITHOUT_SECRET);
    let forged = verify_as(&hasher, GOOD, Some((&owner, &PasswordHash::from_stored(forged)))).await;
    assert_eq!(forged.unwrap_err(), HashError::Damaged);
}

#[tokio::test]
async fn a_new_password_that_is_easy_to_guess_is_refused() {
    let (hasher, owner) = (hasher(), ada());
    for (typed, problem) in
        [("passwordpassword", PasswordError::Common), ("northwind traders", PasswordError::MadeOfNames)]
    {
        let password = NewPassword::parse(typed).unwrap();
        let names = ["Northwind Traders"];
        let hashed = hasher.hash(stranger(&hasher), password, owner.borrow(), &names, &SystemRandom).await;
        assert_eq!(hashed.unwrap_err(), HashError::Refused(problem), "{typed}");
    }
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
fn the_dummy_hash_can_be_compared_with() {
    assert_eq!(matches(&secret(1), &[0; 32], GOOD.as_bytes(), DUMMY_HASH), Ok(false));
}

#[tokio::test]
async fn what_no_password_can_be_never_matches_and_waits_for_no_turn() {
    let full = PasswordHasher::new(1, 1, secret(1));
    let stalled = Stalled::begin(&full).await;
    let owner = ada();
    for typed in [String::new(), "a".repeat(1025)] {
        for hash in [None, Some(PasswordHash::from_stored(DUMMY_HASH.to_owned()))] {
            let stored = hash.as_ref().map(|hash| (&owner, hash));
            assert!(!verify_as(&full, &typed, stored).await.unwrap().matches);
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
        "$argon2id$v=19$m=19456,t=2,p=1,keyid=MQ$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=19456,t=2,p=1,keyid=Mg$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=1,t=2,p=1,keyid=MQ$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=19456,t=4294967295,p=1,keyid=MQ$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=20$m=19456,t=2,p=1,keyid=MQ$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
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
    let (hasher, owner) = (hasher(), ada());
    let password = NewPassword::parse(GOOD).unwrap();
    let hashed = hasher.hash(stranger(&hasher), password, owner.borrow(), &[], &Empty).await;
    assert_eq!(hashed.unwrap_err(), HashError::NoRandomness(NoRandomness));
}

#[tokio::test]
async fn work_that_breaks_off_is_stopped_and_gives_its_place_back() {
    let hasher = PasswordHasher::new(1, 0, secret(1));
    assert_eq!(run::<()>(stranger(&hasher), || panic!("on purpose")).await, Err(HashError::Stopped));
    assert_eq!(hasher.in_flight(), 0);
    assert_eq!(run(stranger(&hasher), || Ok(1)).await, Ok(1));
}

#[tokio::test]
async fn work_goes_on_counting_when_nobody_waits_for_it_any_more() {
    let hasher = PasswordHasher::new(1, 0, secret(1));
    let stalled = Stalled::begin(&hasher).await;
    stalled.ended.abort();
    assert!(stalled.ended.await.unwrap_err().is_cancelled());
    assert_eq!(hasher.in_flight(), 1);
    assert_eq!(hasher.queue.try_enter(&Requester::Stranger(None)).unwrap_err(), Full);

    stalled.end.send(()).unwrap();
    while hasher.in_flight() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(run(stranger(&hasher), || Ok(())).await, Ok(()));
}

#[tokio::test]
async fn clones_share_one_queue() {
    let hasher = PasswordHasher::new(1, 0, secret(1));
    let stalled = Stalled::begin(&hasher.clone()).await;
    assert_eq!(hasher.queue.try_enter(&Requester::Stranger(None)).unwrap_err(), Full);
    stalled.end().await;
}

#[test]
fn debug_output_of_the_hasher_is_how_much_it_has_to_do() {
    assert_eq!(format!("{:?}", hasher()), "PasswordHasher { in_flight: 0, .. }");
}
