//! Sessions: for how long a sign-in lasts.

use super::identifier::identifier;
use crate::clock::Timestamp;
use std::time::Duration;

identifier! {
    /// Names a session. Unlike its token it is no secret.
    SessionId
}

/// A session that is not used for this long ends.
pub const IDLE: Duration = Duration::from_secs(30 * 60);

/// A session ends this long after its sign-in, however much it is used.
pub const ABSOLUTE: Duration = Duration::from_secs(12 * 60 * 60);

/// A token that was replaced counts for this much longer, for the requests that were under way with it.
pub const REPLACED_TOKEN: Duration = Duration::from_secs(10);

/// A member has at most so many sessions: at the next sign-in the oldest ends.
pub(crate) const MOST_SESSIONS: u32 = 20;

/// A device is known for so long after it was last used to sign in: as long as browsers keep its cookie (RFC 6265bis, 5.5).
pub(crate) const KNOWN_DEVICE: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// A member has at most so many known devices. Each has a count of wrong passwords of its own, so each is a place to guess
/// from.
pub(crate) const MOST_KNOWN_DEVICES: u32 = 50;

/// How exactly the last use of a session is kept. A write for each page view would cost more than it tells.
pub(crate) const SEEN_PRECISION: Duration = Duration::from_secs(60);

/// Whether a session last seen at `last_seen` that ends at `absolute_end` still runs.
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
