//! How failed password checks slow down the next ones: per subject and source, counted in the database.

use crate::{
    clock::Timestamp,
    store::{
        StoreError, Transaction,
        login_failure::{self, Counter, Failures},
    },
};
use std::time::Duration;

/// So many failures are free: people mistype.
const FREE: u32 = 4;
/// From so many failures on, only an admin or the operator can help.
const LOCKED: u32 = 100;
const FIRST_WAIT: Duration = Duration::from_secs(30);
const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);

/// Why a password is not even checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Throttled {
    /// The next check may follow after this long.
    Wait(Duration),
    /// None may follow until an admin or the operator helps.
    Locked,
}

/// A check that is counted as failed until it turns out right: many checks at once could otherwise all start
/// before the first one fails.
#[must_use = "a reservation stands as a failure unless it is cleared or released"]
#[derive(Debug)]
pub(crate) struct Reservation {
    pub(crate) counter: Counter,
    before: Option<Failures>,
    reserved: Failures,
}

impl Reservation {
    /// How long the next check must wait if this one turns out wrong.
    pub(crate) fn wait_if_wrong(&self) -> Duration {
        wait_after(self.reserved.count)
    }
}

/// How long to wait after this many failures.
fn wait_after(failures: u32) -> Duration {
    match failures.checked_sub(FREE + 1) {
        None => Duration::ZERO,
        Some(doublings) => FIRST_WAIT.saturating_mul(1 << doublings.min(7)).min(LONGEST_WAIT),
    }
}

/// Whether a check after so many failures may have to wait.
pub(crate) const fn waits(failures: u32) -> bool {
    failures > FREE
}

fn decide(failures: Option<Failures>, now: Timestamp) -> Result<(), Throttled> {
    let Some(failures) = failures else { return Ok(()) };
    if failures.count >= LOCKED {
        return Err(Throttled::Locked);
    }
    let wait = wait_after(failures.count);
    // A clock that was set back must not turn a wait of seconds into one of hours, nor end it.
    let left = wait.saturating_sub(now.since(failures.last_at));
    if left.is_zero() { Ok(()) } else { Err(Throttled::Wait(left)) }
}

/// Counts a check in advance, if one may be made now. The transaction must hold the lock of whoever the counter is
/// about.
pub(crate) async fn reserve(
    transaction: &mut Transaction,
    counter: Counter,
    now: Timestamp,
) -> Result<Result<Reservation, Throttled>, StoreError> {
    let before = login_failure::find(transaction, &counter).await?;
    if let Err(throttled) = decide(before, now) {
        return Ok(Err(throttled));
    }
    let count = before.map_or(0, |failures| failures.count) + 1;
    let reserved = Failures { count, last_at: now };
    login_failure::set(transaction, &counter, reserved).await?;
    Ok(Ok(Reservation { counter, before, reserved }))
}

/// Takes back a check that was not made after all. Leaves what others have counted meanwhile.
pub(crate) async fn release(
    transaction: &mut Transaction,
    reservation: &Reservation,
) -> Result<(), StoreError> {
    let now_counted = login_failure::find(transaction, &reservation.counter).await?;
    if now_counted != Some(reservation.reserved) {
        return Ok(());
    }
    match reservation.before {
        Some(before) => login_failure::set(transaction, &reservation.counter, before).await,
        None => login_failure::clear(transaction, &reservation.counter).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_000_000_000);

    fn after(failures: u32, seconds: u64) -> Result<(), Throttled> {
        decide(Some(Failures { count: failures, last_at: START }), START.plus(Duration::from_secs(seconds)))
    }

    fn wait(seconds: u64) -> Result<(), Throttled> {
        Err(Throttled::Wait(Duration::from_secs(seconds)))
    }

    #[test]
    fn the_first_four_failures_are_free() {
        assert_eq!(decide(None, START), Ok(()));
        for failures in 1..=4 {
            assert_eq!(after(failures, 0), Ok(()));
        }
    }

    #[test]
    fn waits_begin_at_thirty_seconds_and_double_to_an_hour() {
        let waits: Vec<u64> = (5..=14).map(|failures| wait_after(failures).as_secs()).collect();
        assert_eq!(waits, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
        assert_eq!(wait_after(u32::MAX), LONGEST_WAIT);
    }

    #[test]
    fn a_wait_counts_down_second_by_second() {
        assert_eq!(after(5, 0), wait(30));
        assert_eq!(after(5, 29), wait(1));
        assert_eq!(after(5, 30), Ok(()));
        assert_eq!(after(6, 30), wait(30));
    }

    #[test]
    fn a_hundred_failures_lock_for_good() {
        assert_eq!(after(99, 3600), Ok(()));
        assert_eq!(after(100, 1_000_000_000), Err(Throttled::Locked));
    }

    #[test]
    fn a_clock_set_back_neither_ends_a_wait_nor_lengthens_it() {
        let earlier = Timestamp::from_micros(0);
        assert_eq!(decide(Some(Failures { count: 5, last_at: START }), earlier), wait(30));
    }
}
