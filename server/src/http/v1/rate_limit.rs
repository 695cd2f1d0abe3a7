//! The rate limits of an account as headers: `RateLimit` and `RateLimit-Policy`
//! (draft-ietf-httpapi-ratelimit-headers-10), and `Retry-After` (RFC 9110).

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, header},
};
use claviger_core::verification::RateLimitStatuses;
use std::time::Duration;

/// Adds both fields. They are assembled by hand, because this happens for every request, and `format!` costs as much
/// as the decision.
pub(super) fn add(rate_limits: &RateLimitStatuses, headers: &mut HeaderMap) {
    let (second, minute) = (&rate_limits.second, &rate_limits.minute);
    let left = [
        ("\"second\";r=", u64::from(second.remaining)),
        (";t=", whole_seconds(second.reset_after)),
        (", \"minute\";r=", u64::from(minute.remaining)),
        (";t=", whole_seconds(minute.reset_after)),
    ];
    let policy = [
        ("\"second\";q=", u64::from(second.limit)),
        (";w=", u64::from(second.window)),
        (", \"minute\";q=", u64::from(minute.limit)),
        (";w=", u64::from(minute.window)),
    ];
    for (name, parts) in [(RATE_LIMIT, left), (RATE_LIMIT_POLICY, policy)] {
        let mut text = Vec::with_capacity(64);
        let mut digits = itoa::Buffer::new();
        for (words, number) in parts {
            text.extend_from_slice(words.as_bytes());
            text.extend_from_slice(digits.format(number).as_bytes());
        }
        if let Ok(value) = HeaderValue::from_maybe_shared(Bytes::from(text)) {
            headers.insert(name, value);
        }
    }
}

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Adds the time after which the client may retry.
pub(super) fn add_retry_after(wait: Duration, headers: &mut HeaderMap) {
    headers.insert(header::RETRY_AFTER, HeaderValue::from(whole_seconds(wait).max(1)));
}

/// Rounds up: a client that waits this long must not be told to wait again.
pub(super) fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use claviger_core::verification::RateLimitStatus;

    #[test]
    fn both_limits_are_told_in_the_form_of_the_draft() {
        let status = |limit, window, remaining, millis| RateLimitStatus {
            limit,
            window,
            remaining,
            reset_after: Duration::from_millis(millis),
        };
        let rate_limits =
            RateLimitStatuses { second: status(15, 1, 14, 67), minute: status(120, 60, 119, 1_500) };
        let mut headers = HeaderMap::new();
        add(&rate_limits, &mut headers);
        assert_eq!(headers["ratelimit"], "\"second\";r=14;t=1, \"minute\";r=119;t=2");
        assert_eq!(headers["ratelimit-policy"], "\"second\";q=15;w=1, \"minute\";q=120;w=60");
        let all = RateLimitStatuses { second: status(u32::MAX, 1, 0, 0), minute: status(10, 60, 10, 0) };
        add(&all, &mut headers);
        assert_eq!(headers["ratelimit"], "\"second\";r=0;t=0, \"minute\";r=10;t=0");
        assert_eq!(headers["ratelimit-policy"], "\"second\";q=4294967295;w=1, \"minute\";q=10;w=60");
        add_retry_after(Duration::from_millis(1), &mut headers);
        assert_eq!(headers["retry-after"], "1");
    }
}
