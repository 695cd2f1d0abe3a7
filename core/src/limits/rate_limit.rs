//! Rate limits for members and organisations, kept in the database. It must not know what is done.

use crate::{
    clock::Timestamp,
    crypto::key_digest::Pepper,
    domain::{
        account::AccountId,
        member::{Email, MemberId},
    },
    store::{StoreError, Transaction, rate_limit},
};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// `burst` times at once, and once more after each `interval` (GCRA, the leaky bucket as a meter, ITU-T I.371).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rate {
    burst: u32,
    interval: Duration,
}

/// The rate limit of one action, for one member, organisation or recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    subject: String,
    rate: Rate,
}

impl Limit {
    /// E-mails that an organisation sends: 100 a day.
    pub(crate) fn mail_of(account: &AccountId) -> Self {
        Self::new("mail of", account.as_str(), 100, HOUR * 24 / 100)
    }

    /// E-mails to one recipient, from any sender: 6 a day.
    pub(crate) fn mail_to(recipient: &Email, pepper: &Pepper) -> Self {
        Self::new("mail to", &pepper.pseudonym(recipient.folded()), 6, HOUR * 4)
    }

    /// Changes of a member's own e-mail address: 6 a day. Each attempt can reveal whether an address is taken.
    pub(crate) fn change_email(member: &MemberId) -> Self {
        Self::new("change email", member.as_str(), 6, HOUR * 4)
    }

    /// Invitations of an organisation whose address turns out to be taken when they are accepted: 10, then one an hour.
    /// Each of them reveals to the holder of the link, also to the inviter, that the address belongs to a member.
    pub(crate) fn taken_invitations(account: &AccountId) -> Self {
        Self::new("taken", account.as_str(), 10, HOUR)
    }

    /// Refused actions of a member that are recorded: 60, then one a minute.
    pub(crate) fn refusals(member: &MemberId) -> Self {
        Self::new("refusal", member.as_str(), 60, MINUTE)
    }

    /// Changes by a member that require no password: their own name, invitations, ending their own sessions.
    pub(crate) fn changes(member: &MemberId) -> Self {
        Self::new("change", member.as_str(), 200, Duration::from_secs(20))
    }

    /// Resets by a member. The limit is per member, and the wait is never longer than a minute, so that no member can
    /// use up the resets that a colleague needs in an emergency.
    pub(crate) fn resets(member: &MemberId) -> Self {
        Self::new("reset", member.as_str(), 30, MINUTE)
    }

    fn new(what: &str, whose: &str, burst: u32, interval: Duration) -> Self {
        Self { subject: format!("{what} {whose}"), rate: Rate { burst, interval } }
    }
}

/// Counts once against each limit. If one of them is used up, counts against none and returns how long to wait.
pub(crate) async fn take(
    transaction: &mut Transaction,
    limits: &[Limit],
    now: Timestamp,
) -> Result<Result<(), Duration>, StoreError> {
    // Every transaction locks the rows in the same order, so that two transactions cannot deadlock.
    let mut limits: Vec<&Limit> = limits.iter().collect();
    limits.sort_by(|one, other| one.subject.cmp(&other.subject));
    let mut taken = Vec::with_capacity(limits.len());
    let mut longest = Duration::ZERO;
    for limit in limits {
        rate_limit::lock(transaction, &limit.subject).await?;
        match after_one_more(rate_limit::find(transaction, &limit.subject).await?, limit.rate, now) {
            Ok(at_rest) => taken.push((limit, at_rest)),
            Err(wait) => longest = longest.max(wait),
        }
    }
    if !longest.is_zero() {
        return Ok(Err(longest));
    }
    for (limit, at_rest) in taken {
        rate_limit::set(transaction, &limit.subject, at_rest).await?;
    }
    Ok(Ok(()))
}

/// How long to wait until the action is allowed once more; zero if it is allowed now. Counts nothing.
pub(crate) async fn wait(
    transaction: &mut Transaction,
    limit: &Limit,
    now: Timestamp,
) -> Result<Duration, StoreError> {
    let at_rest = rate_limit::find(transaction, &limit.subject).await?;
    Ok(after_one_more(at_rest, limit.rate, now).err().unwrap_or_default())
}

fn after_one_more(at_rest: Option<Timestamp>, rate: Rate, now: Timestamp) -> Result<Timestamp, Duration> {
    let most = rate.interval.saturating_mul(rate.burst);
    // If a clock was ahead when this time was written, it may lie years in the future. A limit can never be more than
    // used up, so the time is capped.
    let at_rest = at_rest.unwrap_or(now).clamp(now, now.plus(most));
    let next = at_rest.plus(rate.interval);
    let wait = next.since(now).saturating_sub(most);
    if wait.is_zero() { Ok(next) } else { Err(wait) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_000_000_000);
    const RATE: Rate = Rate { burst: 3, interval: MINUTE };

    #[test]
    fn a_burst_passes_and_then_one_each_interval() {
        let mut at_rest = None;
        for _ in 0..3 {
            at_rest = Some(after_one_more(at_rest, RATE, START).unwrap());
        }
        assert_eq!(after_one_more(at_rest, RATE, START), Err(MINUTE));
        assert_eq!(after_one_more(at_rest, RATE, START.plus(MINUTE / 2)), Err(MINUTE / 2));
        at_rest = Some(after_one_more(at_rest, RATE, START.plus(MINUTE)).unwrap());
        assert_eq!(after_one_more(at_rest, RATE, START.plus(MINUTE)), Err(MINUTE));
    }

    #[test]
    fn what_was_not_used_for_long_is_whole_again_and_not_more() {
        let at_rest = Some(START);
        let later = START.plus(MINUTE * 1000);
        assert_eq!(after_one_more(at_rest, RATE, later), Ok(later.plus(MINUTE)));
    }

    #[test]
    fn a_clock_that_was_ahead_leaves_no_wait_longer_than_an_interval() {
        let years_away = Some(START.plus(HOUR * 24 * 365));
        assert_eq!(after_one_more(years_away, RATE, START), Err(MINUTE));
    }
}
