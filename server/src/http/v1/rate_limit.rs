//! What is left of an account's limits, as headers: `RateLimit` and `RateLimit-Policy`
//! (draft-ietf-httpapi-ratelimit-headers-10), and `Retry-After` (RFC 9110).

use axum::http::{HeaderMap, HeaderValue, header};
use claviger_core::verification::Allowances;
use std::{fmt::Write, time::Duration};

/// Adds both fields. The longest of them is shorter than what is set aside for it.
pub(super) fn add(allowances: &Allowances, headers: &mut HeaderMap) {
    let (second, minute) = (&allowances.second, &allowances.minute);
    let mut left = String::with_capacity(64);
    // Writing to a text cannot fail.
    let _ = write!(
        left,
        "\"second\";r={};t={}, \"minute\";r={};t={}",
        second.remaining,
        whole_seconds(second.reset_after),
        minute.remaining,
        whole_seconds(minute.reset_after)
    );
    let mut policy = String::with_capacity(64);
    let _ = write!(
        policy,
        "\"second\";q={};w={}, \"minute\";q={};w={}",
        second.limit, second.window, minute.limit, minute.window
    );
    for (name, value) in [("ratelimit", left), ("ratelimit-policy", policy)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
}

/// Adds when it is worth asking again.
pub(super) fn add_retry_after(wait: Duration, headers: &mut HeaderMap) {
    headers.insert(header::RETRY_AFTER, HeaderValue::from(whole_seconds(wait).max(1)));
}

/// Rounded up: whoever waits as long as they are told must not be told to wait again.
pub(super) fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use claviger_core::verification::Allowance;

    #[test]
    fn both_limits_are_told_in_the_form_of_the_draft() {
        let allowance = |limit, window, remaining, millis| Allowance {
            limit,
            window,
            remaining,
            reset_after: Duration::from_millis(millis),
        };
        let allowances =
            Allowances { second: allowance(15, 1, 14, 67), minute: allowance(120, 60, 119, 1_500) };
        let mut headers = HeaderMap::new();
        add(&allowances, &mut headers);
        assert_eq!(headers["ratelimit"], "\"second\";r=14;t=1, \"minute\";r=119;t=2");
        assert_eq!(headers["ratelimit-policy"], "\"second\";q=15;w=1, \"minute\";q=120;w=60");
        add_retry_after(Duration::from_millis(1), &mut headers);
        assert_eq!(headers["retry-after"], "1");
    }
}
