//! Sessions: how long a sign-in lasts.

use super::identifier::identifier;
use crate::clock::Timestamp;
use std::time::Duration;

identifier! {
    /// The identifier of a session. Unlike its token, it is not a secret.
    SessionId
}

/// The idle timeout: a session ends after this time without a request.
pub const IDLE: Duration = Duration::from_secs(30 * 60);

/// The absolute timeout: a session ends this long after its sign-in, even if it is in use.
pub const ABSOLUTE: Duration = Duration::from_secs(12 * 60 * 60);

/// How long a replaced session token is still accepted, for requests that were already under way.
pub const REPLACED_TOKEN: Duration = Duration::from_secs(10);

/// The maximum number of sessions of a member: at the next sign-in the oldest session ends.
pub(crate) const MOST_SESSIONS: u32 = 20;

/// A device stays known for this long after its last sign-in: as long as browsers keep its cookie (RFC 6265bis, 5.5).
pub(crate) const KNOWN_DEVICE: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// The maximum number of known devices of a member. Each known device has its own count of wrong passwords, so an
/// attacker can guess separately from each.
pub(crate) const MOST_KNOWN_DEVICES: u32 = 50;

/// The precision of a session's last use. A write for each page view would cost more than the precision is worth.
pub(crate) const SEEN_PRECISION: Duration = Duration::from_secs(60);

/// Whether a session that was last used at `last_seen` and ends at `absolute_end` is still running.
#[must_use]
pub fn is_running(last_seen: Timestamp, absolute_end: Timestamp, now: Timestamp) -> bool {
    now < absolute_end && now.since(last_seen) < IDLE
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGN_IN: Timestamp = Timestamp::from_micros(1_000_000);

    #[test]
    fn a_session_ends_when_it_idles_too_long() {
        let end = SIGN_IN.plus(ABSOLUTE);
        let just_before = SIGN_IN.plus(IDLE - Duration::from_micros(1));
        assert!(is_running(SIGN_IN, end, just_before));
        assert!(!is_running(SIGN_IN, end, SIGN_IN.plus(IDLE)));
    }

    #[test]
    fn a_session_in_use_ends_at_its_absolute_end() {
        let end = SIGN_IN.plus(ABSOLUTE);
        assert!(is_running(end, end, Timestamp::from_micros(end.as_micros() - 1)));
        assert!(!is_running(end, end, end));
    }
}
