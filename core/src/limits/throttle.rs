//! Throttling of password checks: failures are counted per subject and source in the database, and delay the next
//! checks. It must not know whose password the subject is.

use crate::{
    clock::Timestamp,
    domain::network::Network,
    store::{
        StoreError, Transaction,
        login_failure::{self, Counter, LoginFailures},
    },
};
use std::{net::IpAddr, time::Duration};

/// A count is forgotten after this long without a new failure, even if its source is locked.
pub(crate) const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);

const FIRST_WAIT: Duration = Duration::from_secs(30);

/// The source that counts all unknown devices of a member together.
pub(crate) const ALL_UNKNOWN_DEVICES: &str = "unknown devices";

/// How the failures of one count delay the next checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Policy {
    /// This many failures cause no wait.
    free: u32,
    /// After this many failures, only an admin or the operator can unlock the source before its count is forgotten.
    locked: Option<u32>,
    longest_wait: Duration,
}

/// The policy of a known device, or of one network of unknown devices. Four failures are free, because people mistype.
const ONE_SOURCE: Policy = Policy { free: 4, locked: Some(100), longest_wait: Duration::from_secs(60 * 60) };

/// The policy of all unknown devices of a member together. One network can cause about thirty failures a day, so only
/// an attacker with many networks reaches this limit. Such an attacker gets about 800 guesses a day at a password of at
/// least 15 characters, and the member waits at most five minutes on a new device.
const ALL_TOGETHER: Policy = Policy { free: 499, locked: None, longest_wait: Duration::from_secs(5 * 60) };

/// Why a password is not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Throttled {
    /// The next check is allowed after this time.
    Wait(Duration),
    /// No check is allowed until an admin or the operator unlocks the source, or a day has passed.
    Locked,
}

impl Throttled {
    /// The longer of the two waits.
    fn longer(self, other: Self) -> Self {
        match (self, other) {
            (Self::Wait(one), Self::Wait(two)) => Self::Wait(one.max(two)),
            _ => Self::Locked,
        }
    }
}

/// The source of a password check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A device that has signed the member in before, identified by the hash of its device token.
    KnownDevice(String),
    /// Any other device. `None` stands for the machine itself.
    UnknownDevice(Option<IpAddr>),
}

impl Source {
    /// The counts to which a failure is added. Failures of a known device delay no other device, and failures of other
    /// devices never delay a known device.
    fn counts(self, subject: &str) -> Vec<(Counter, Policy)> {
        let counter = |source| Counter { subject: subject.to_owned(), source };
        match self {
            Self::KnownDevice(hash) => vec![(counter(hash), ONE_SOURCE)],
            Self::UnknownDevice(address) => {
                let network =
                    address.map_or_else(|| "here".to_owned(), |address| Network::of(address).to_string());
                vec![
                    (counter(format!("network {network}")), ONE_SOURCE),
                    (counter(ALL_UNKNOWN_DEVICES.to_owned()), ALL_TOGETHER),
                ]
            }
        }
    }
}

/// A check that counts as failed until it succeeds. Otherwise many concurrent checks could all start before the first
/// one fails.
#[must_use = "a reservation stands as a failure unless it is cleared or released"]
#[derive(Debug)]
pub(crate) struct Reservation(Vec<Reserved>);

#[derive(Debug)]
struct Reserved {
    counter: Counter,
    policy: Policy,
    before: Option<LoginFailures>,
    reserved: LoginFailures,
}

/// A check that is not allowed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TurnedAway {
    pub(crate) why: Throttled,
    /// Whether this is the first refused check since the last failure. Only the first is recorded: otherwise an
    /// attacker who keeps trying could make the audit trail grow without limit.
    pub(crate) is_first: bool,
}

impl Reservation {
    /// How long the next check must wait if this one fails.
    pub(crate) fn wait_if_wrong(&self) -> Duration {
        let waits = self.0.iter().map(|reserved| wait_after(reserved.reserved.count, reserved.policy));
        waits.max().unwrap_or_default()
    }
}

/// How long to wait after this many failures.
fn wait_after(failures: u32, policy: Policy) -> Duration {
    match failures.checked_sub(policy.free + 1) {
        None => Duration::ZERO,
        Some(doublings) => FIRST_WAIT.saturating_mul(1 << doublings.min(7)).min(policy.longest_wait),
    }
}

/// Whether a check may have to wait: given the highest count of any single source, and the count of all unknown
/// devices.
pub(crate) const fn waits(of_one_source: u32, of_unknown_devices: u32) -> bool {
    of_one_source > ONE_SOURCE.free || of_unknown_devices > ALL_TOGETHER.free
}

fn decide(failures: Option<LoginFailures>, policy: Policy, now: Timestamp) -> Result<(), Throttled> {
    let Some(failures) = failures else { return Ok(()) };
    if policy.locked.is_some_and(|locked| failures.count >= locked) {
        return Err(Throttled::Locked);
    }
    let left = wait_after(failures.count, policy).saturating_sub(now.since(failures.last_at));
    if left.is_zero() { Ok(()) } else { Err(Throttled::Wait(left)) }
}

/// The current count; `None` if it is forgotten. A failure in the future was written while the clock was ahead, and is
/// changed to the present time: its wait begins now. Otherwise the wait would last until the clock has caught up.
async fn counted(
    transaction: &mut Transaction,
    counter: &Counter,
    now: Timestamp,
) -> Result<Option<LoginFailures>, StoreError> {
    let Some(mut failures) = login_failure::find(transaction, counter).await? else { return Ok(None) };
    if now.since(failures.last_at) >= REMEMBERED {
        return Ok(None);
    }
    if failures.last_at > now {
        failures.last_at = now;
        login_failure::set(transaction, counter, failures).await?;
    }
    Ok(Some(failures))
}

/// Counts a check as failed in advance, if a check is allowed now. The transaction must hold the lock of the subject's
/// account (for an unknown address, the lock of the installation's audit chain), and must be committed whatever this
/// returns.
pub(crate) async fn reserve(
    transaction: &mut Transaction,
    subject: &str,
    source: Source,
    now: Timestamp,
) -> Result<Result<Reservation, TurnedAway>, StoreError> {
    let mut counts = Vec::new();
    let mut turned_away: Option<TurnedAway> = None;
    for (counter, policy) in source.counts(subject) {
        let before = counted(transaction, &counter, now).await?;
        if let Err(why) = decide(before, policy, now) {
            let is_first = login_failure::turn_away(transaction, &counter).await?;
            turned_away = Some(turned_away.map_or(TurnedAway { why, is_first }, |other| TurnedAway {
                why: other.why.longer(why),
                is_first: other.is_first || is_first,
            }));
        }
        let count = before.map_or(0, |failures| failures.count).saturating_add(1);
        counts.push(Reserved { counter, policy, before, reserved: LoginFailures { count, last_at: now } });
    }
    if let Some(turned_away) = turned_away {
        return Ok(Err(turned_away));
    }
    for count in &counts {
        login_failure::set(transaction, &count.counter, count.reserved).await?;
    }
    Ok(Ok(Reservation(counts)))
}

/// Removes the reservation of a check that was not made. Failures that other checks have added remain.
pub(crate) async fn release(
    transaction: &mut Transaction,
    reservation: &Reservation,
) -> Result<(), StoreError> {
    for reserved in &reservation.0 {
        take_back(transaction, reserved).await?;
    }
    Ok(())
}

/// Clears the failures of a source after a successful check. Failures from other networks remain: otherwise an attacker
/// could start again each time the member signs in on a new device.
pub(crate) async fn clear(
    transaction: &mut Transaction,
    reservation: &Reservation,
) -> Result<(), StoreError> {
    for reserved in &reservation.0 {
        if reserved.policy == ONE_SOURCE {
            login_failure::clear(transaction, &reserved.counter).await?;
        } else {
            take_back(transaction, reserved).await?;
        }
    }
    Ok(())
}

async fn take_back(transaction: &mut Transaction, reserved: &Reserved) -> Result<(), StoreError> {
    match (login_failure::find(transaction, &reserved.counter).await?, reserved.before) {
        (Some(now), Some(before)) if now == reserved.reserved => {
            login_failure::set(transaction, &reserved.counter, before).await
        }
        (Some(now), _) if now.count > 1 => {
            let failures = LoginFailures { count: now.count - 1, ..now };
            login_failure::set(transaction, &reserved.counter, failures).await
        }
        (Some(_), _) => login_failure::clear(transaction, &reserved.counter).await,
        (None, _) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_000_000_000);

    fn after(failures: u32, seconds: u64) -> Result<(), Throttled> {
        let now = START.plus(Duration::from_secs(seconds));
        decide(Some(LoginFailures { count: failures, last_at: START }), ONE_SOURCE, now)
    }

    fn wait(seconds: u64) -> Result<(), Throttled> {
        Err(Throttled::Wait(Duration::from_secs(seconds)))
    }

    #[test]
    fn the_first_four_failures_are_free() {
        assert_eq!(decide(None, ONE_SOURCE, START), Ok(()));
        for failures in 1..=4 {
            assert_eq!(after(failures, 0), Ok(()));
        }
    }

    #[test]
    fn waits_begin_at_thirty_seconds_and_double_to_an_hour() {
        let waits: Vec<u64> = (5..=14).map(|failures| wait_after(failures, ONE_SOURCE).as_secs()).collect();
        assert_eq!(waits, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
        assert_eq!(wait_after(u32::MAX, ONE_SOURCE), Duration::from_secs(3600));
    }

    #[test]
    fn a_wait_counts_down_second_by_second() {
        assert_eq!(after(5, 0), wait(30));
        assert_eq!(after(5, 29), wait(1));
        assert_eq!(after(5, 30), Ok(()));
        assert_eq!(after(6, 30), wait(30));
    }

    #[test]
    fn a_hundred_failures_of_one_source_lock_it() {
        assert_eq!(after(99, 3600), Ok(()));
        assert_eq!(after(100, 3600), Err(Throttled::Locked));
    }

    #[test]
    fn all_unknown_devices_together_wait_from_five_hundred_on_and_are_never_locked() {
        let after = |count| decide(Some(LoginFailures { count, last_at: START }), ALL_TOGETHER, START);
        assert_eq!(after(499), Ok(()));
        assert_eq!(after(500), wait(30));
        assert_eq!(after(501), wait(60));
        assert_eq!(after(u32::MAX), wait(300));
    }
}
