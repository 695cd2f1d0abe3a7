//! The order of turns, tested without a clock: a future is polled once, and is either ready or not.

use super::*;
use std::{
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

fn account(name: &str) -> AccountId {
    AccountId::parse(name).unwrap()
}

fn member(name: &str) -> MemberId {
    MemberId::parse(name).unwrap()
}

fn stranger(address: &str) -> Requester<'static> {
    Requester::Stranger(Some(address.parse().unwrap()))
}

/// A place for a dialog in this account; each `who` is a different member.
fn dialog(queue: &Queue, of: &str, who: usize) -> Result<Place, Full> {
    queue.try_enter(&Requester::Session(&account(of), &member(&format!("{of}-{who}"))))
}

fn poll<T>(future: Pin<&mut impl Future<Output = T>>) -> Poll<T> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// The turn, if it is available at once.
fn at_once(place: &Place) -> Option<Turn> {
    match poll(pin!(place.turn())) {
        Poll::Ready(turn) => Some(turn),
        Poll::Pending => None,
    }
}

#[test]
fn a_member_has_two_checks_in_flight_and_others_are_not_affected() {
    let queue = Queue::new(2, 100);
    let (acme, ada, bob) = (account("acme"), member("ada"), member("bob"));
    let places = [0, 1].map(|_| queue.try_enter(&Requester::Session(&acme, &ada)).unwrap());
    assert_eq!(queue.try_enter(&Requester::Session(&acme, &ada)).unwrap_err(), Full);
    let _bob = queue.try_enter(&Requester::Session(&acme, &bob)).unwrap();
    drop(places);
    let _ada = queue.try_enter(&Requester::Session(&acme, &ada)).unwrap();
}

#[test]
fn an_account_cannot_fill_the_lane() {
    let queue = Queue::new(2, 100);
    let places: Vec<Place> = (0..16).map(|who| dialog(&queue, "acme", who).unwrap()).collect();
    assert_eq!(dialog(&queue, "acme", 16).unwrap_err(), Full);
    let _other = dialog(&queue, "other", 0).unwrap();
    assert_eq!(queue.in_flight(), 17);
    drop(places);
    assert_eq!(queue.in_flight(), 1);
}

#[test]
fn one_more_than_may_wait_is_refused() {
    let queue = Queue::new(1, 1);
    let _one = dialog(&queue, "acme", 0).unwrap();
    let two = dialog(&queue, "other", 0).unwrap();
    assert_eq!(dialog(&queue, "third", 0).unwrap_err(), Full);
    drop(two);
    let _two = dialog(&queue, "third", 0).unwrap();
}

#[test]
fn strangers_and_known_devices_delay_no_dialog() {
    let queue = Queue::new(2, 4);
    let strangers: Vec<Place> =
        (1..=5).map(|host| queue.try_enter(&stranger(&format!("203.0.113.{host}"))).unwrap()).collect();
    let _turns: Vec<Option<Turn>> = strangers.iter().map(at_once).collect();
    assert_eq!(queue.try_enter(&stranger("203.0.113.9")).unwrap_err(), Full);
    let (acme, ada) = (account("acme"), member("ada"));
    let device = queue.try_enter(&Requester::KnownDevice(&acme, &ada)).unwrap();
    let device_turn = at_once(&device);
    assert!(device_turn.is_some());
    let dialogs = [0, 1].map(|who| dialog(&queue, "acme", who).unwrap());
    let turns = dialogs.each_ref().map(at_once);
    assert!(turns.iter().all(Option::is_some), "both processors are free for dialogs");
}

#[test]
fn accounts_take_turns_however_many_of_each_wait() {
    let queue = Queue::new(1, 100);
    let running = dialog(&queue, "flood", 0).unwrap();
    let turn = at_once(&running).unwrap();
    let flood: Vec<Place> = (1..4).map(|who| dialog(&queue, "flood", who).unwrap()).collect();
    let mut flooding: Vec<_> = flood.iter().map(|place| Box::pin(place.turn())).collect();
    for waiting in &mut flooding {
        assert!(poll(waiting.as_mut()).is_pending());
    }
    let other = dialog(&queue, "other", 0).unwrap();
    let mut others = pin!(other.turn());
    assert!(poll(others.as_mut()).is_pending());

    drop(turn);
    let Poll::Ready(second) = poll(flooding[0].as_mut()) else { panic!("the first in the queue is next") };
    assert!(poll(others.as_mut()).is_pending());
    drop(second);
    assert!(poll(flooding[1].as_mut()).is_pending(), "another account comes first");
    let Poll::Ready(third) = poll(others.as_mut()) else { panic!("the other account is next") };
    drop(third);
    assert!(poll(flooding[1].as_mut()).is_ready());
}

#[test]
fn a_turn_passes_over_those_who_gave_up() {
    let queue = Queue::new(1, 100);
    let running = dialog(&queue, "acme", 0).unwrap();
    let turn = at_once(&running).unwrap();
    let (gives_up, waits) = (dialog(&queue, "first", 0).unwrap(), dialog(&queue, "second", 0).unwrap());
    {
        let mut given_up = pin!(gives_up.turn());
        assert!(poll(given_up.as_mut()).is_pending());
    }
    let mut waiting = pin!(waits.turn());
    assert!(poll(waiting.as_mut()).is_pending());
    drop(turn);
    assert!(poll(waiting.as_mut()).is_ready());
}

#[test]
fn a_turn_that_was_handed_out_and_not_taken_goes_on() {
    let queue = Queue::new(1, 100);
    let (running, next) = (dialog(&queue, "acme", 0).unwrap(), dialog(&queue, "first", 0).unwrap());
    let turn = at_once(&running).unwrap();
    {
        let mut waiting = pin!(next.turn());
        assert!(poll(waiting.as_mut()).is_pending());
        drop(turn);
    }
    assert!(at_once(&dialog(&queue, "second", 0).unwrap()).is_some());
}

#[test]
fn at_least_one_may_run() {
    for (parallel, waiting) in [(0, 0), (usize::MAX, usize::MAX)] {
        let queue = Queue::new(parallel, waiting);
        let (dialog, stranger) =
            (dialog(&queue, "acme", 0).unwrap(), queue.try_enter(&stranger("203.0.113.9")).unwrap());
        assert!(at_once(&dialog).is_some() && at_once(&stranger).is_some());
    }
}

#[tokio::test]
async fn whoever_finds_no_place_waits_for_one() {
    let queue = Queue::new(1, 0);
    let taken = queue.try_enter(&stranger("203.0.113.1")).unwrap();
    let next = stranger("203.0.113.2");
    let mut waiting = pin!(queue.enter(&next, Duration::MAX));
    assert!(poll(waiting.as_mut()).is_pending());
    drop(taken);
    assert!(poll(waiting.as_mut()).is_ready());
}

#[tokio::test]
async fn nobody_waits_for_a_place_for_ever() {
    let queue = Queue::new(1, 0);
    let _taken = queue.try_enter(&stranger("203.0.113.1")).unwrap();
    assert_eq!(queue.enter(&stranger("203.0.113.2"), Duration::from_millis(1)).await.unwrap_err(), Full);
}

#[test]
fn a_network_of_ipv6_is_one_stranger() {
    let group = |address| stranger(address).group();
    assert_eq!(group("2001:db8:0:ff::1"), group("2001:db8::2"));
    assert_ne!(group("2001:db8:0:100::1"), group("2001:db8::1"));
    assert_eq!(group("::ffff:203.0.113.9"), group("203.0.113.9"));
    assert_ne!(group("203.0.113.9"), group("203.0.113.10"));
}
