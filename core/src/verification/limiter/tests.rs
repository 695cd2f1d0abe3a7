//! Tests of the limiter, request by request and from many threads.

use super::*;
use proptest::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering as StdOrdering};

const START: Timestamp = Timestamp::from_micros(1_795_409_160_000_000);
const LIMITS: Limits = Limits { per_second: 15, per_minute: 120 };

fn after(duration: Duration) -> Timestamp {
    START.plus(duration)
}

/// How many of these simultaneous requests pass.
fn passed(rate_limiter: &RateLimiter, limits: Limits, now: Timestamp, requests: u32) -> u32 {
    (0..requests).map(|_| u32::from(rate_limiter.take(limits, now).is_ok())).sum()
}

#[test]
fn fifteen_pass_at_once_and_the_next_when_a_fifteenth_of_a_second_is_over() {
    let rate_limiter = RateLimiter::default();
    assert_eq!(passed(&rate_limiter, LIMITS, START, 100), 15);
    let refused = rate_limiter.take(LIMITS, START).unwrap_err();
    assert_eq!(refused.wait, Duration::from_nanos(66_666_667));
    assert!(rate_limiter.take(LIMITS, after(Duration::from_micros(66_666))).is_err());
    assert_eq!(passed(&rate_limiter, LIMITS, after(Duration::from_micros(66_667)), 2), 1);
}

#[test]
fn a_minute_lets_no_more_pass_however_evenly_they_come() {
    let rate_limiter = RateLimiter::default();
    let eager = |second: u64| passed(&rate_limiter, LIMITS, after(Duration::from_secs(second)), 15);
    let first_minute: u32 = (0..60).map(eager).sum();
    // A burst of 120, and two more requests in each of the 59 seconds that passed.
    assert_eq!(first_minute, 120 + 2 * 59);
    let second_minute: u32 = (60..120).map(eager).sum();
    assert_eq!(second_minute, 120);
}

#[test]
fn what_is_left_is_told_for_both_limits() {
    let rate_limiter = RateLimiter::default();
    let first = rate_limiter.take(LIMITS, START).unwrap();
    assert_eq!(
        (first.second.limit, first.second.window, first.second.remaining, first.minute.remaining),
        (15, 1, 14, 119)
    );
    assert_eq!(first.minute.reset_after, Duration::from_millis(500));
    passed(&rate_limiter, LIMITS, START, 14);
    let refused = rate_limiter.take(LIMITS, START).unwrap_err().rate_limits;
    assert_eq!((refused.second.remaining, refused.minute.remaining), (0, 105));
}

#[test]
fn a_refused_request_takes_from_neither_limit() {
    let rate_limiter = RateLimiter::default();
    assert_eq!(passed(&rate_limiter, LIMITS, START, 1_000), 15);
    let later = rate_limiter.take(LIMITS, after(Duration::from_secs(1))).unwrap();
    assert_eq!(later.minute.remaining, 120 - 15 + 2 - 1);
}

#[test]
fn a_clock_that_was_set_back_delays_nobody_by_more_than_the_window() {
    let rate_limiter = RateLimiter::default();
    passed(&rate_limiter, LIMITS, after(Duration::from_secs(86_400)), 15);
    assert!(rate_limiter.take(LIMITS, START).is_err());
    assert!(rate_limiter.take(LIMITS, after(Duration::from_secs(2))).is_ok());
    assert_eq!(passed(&rate_limiter, LIMITS, after(Duration::from_secs(60)), 100), 15);
}

#[test]
fn other_limits_hold_from_the_next_request_on() {
    let rate_limiter = RateLimiter::default();
    assert_eq!(passed(&rate_limiter, LIMITS, START, 100), 15);
    let more = Limits { per_second: 1_000, per_minute: 6_000 };
    assert_eq!(passed(&rate_limiter, more, after(Duration::from_millis(1_001)), 5_000), 1_000);
    let one = Limits { per_second: 1, per_minute: 1 };
    assert_eq!(passed(&rate_limiter, one, after(Duration::from_secs(2)), 10), 0);
    assert_eq!(passed(&rate_limiter, one, after(Duration::from_secs(120)), 10), 1);
}

#[test]
fn a_limit_as_high_as_it_may_be_is_counted_exactly() {
    let most = Limits { per_second: 1_000_000, per_minute: 1_000_000 };
    assert_eq!(passed(&RateLimiter::default(), most, START, 1_000_100), 1_000_000);
}

/// Many threads, each with a clock that runs on while they send requests.
#[test]
fn many_threads_together_pass_no_more_than_the_limits() {
    for round in 0..20_u64 {
        let (rate_limiter, micros, passed) = (RateLimiter::default(), AtomicU64::new(0), AtomicU64::new(0));
        let limits = Limits { per_second: 50 + u32::try_from(round).unwrap(), per_minute: 2_000 };
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..20_000 {
                        let elapsed = micros.fetch_add(7, StdOrdering::Relaxed);
                        let now = after(Duration::from_micros(elapsed));
                        passed.fetch_add(
                            u64::from(rate_limiter.take(limits, now).is_ok()),
                            StdOrdering::Relaxed,
                        );
                    }
                });
            }
        });
        let elapsed = micros.into_inner();
        let (most, rate) = (u64::from(limits.per_second), u64::from(limits.per_second));
        let bound = most + elapsed * rate / 1_000_000;
        let passed = passed.into_inner();
        assert!(passed <= bound, "{passed} passed in {elapsed} µs, {bound} may");
        // Requests with an outdated time are refused, so slightly fewer may pass, but not many fewer.
        assert!(passed * 10 >= bound * 9, "{passed} passed in {elapsed} µs, {bound} may");
    }
}

/// All threads use the same time: then exactly as many requests pass as the limit allows.
#[test]
fn of_many_threads_at_one_moment_exactly_the_burst_passes() {
    for _ in 0..50 {
        let (rate_limiter, passed) = (RateLimiter::default(), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let ok = self::passed(&rate_limiter, LIMITS, START, 50);
                    passed.fetch_add(u64::from(ok), StdOrdering::Relaxed);
                });
            }
        });
        assert_eq!(passed.into_inner(), 15);
    }
}

/// Asserts that in every period no more requests pass than burst and rate allow. `times` are the times of the
/// requests that passed.
fn expect_within(limit: u32, window: Duration, times: &[Duration]) {
    let emission_interval = Gcra::new(limit, u64::try_from(window.as_nanos()).unwrap()).emission_interval;
    for (first, start) in times.iter().enumerate() {
        for (last, end) in times.iter().enumerate().skip(first) {
            let (passed, elapsed) = (last - first + 1, (*end - *start).as_nanos());
            let bound = u128::from(limit) + elapsed / u128::from(emission_interval);
            assert!(passed as u128 <= bound, "{passed} passed from {start:?} to {end:?}, {bound} may");
        }
    }
}

proptest! {
    #[test]
    fn never_more_pass_than_burst_and_rate_allow(
        per_second in 1_u32..40,
        per_minute in 1_u32..200,
        steps in prop::collection::vec((0_u64..3_000_000, 1_u32..30), 1..40),
    ) {
        let limits = Limits { per_second, per_minute };
        let rate_limiter = RateLimiter::default();
        let (mut elapsed, mut times) = (Duration::ZERO, Vec::new());
        for (micros, requests) in steps {
            elapsed += Duration::from_micros(micros);
            for _ in 0..passed(&rate_limiter, limits, after(elapsed), requests) {
                times.push(elapsed);
            }
        }
        expect_within(per_second, Duration::from_secs(1), &times);
        expect_within(per_minute, Duration::from_secs(60), &times);
    }

    #[test]
    fn whoever_waits_as_long_as_told_passes(
        per_second in 1_u32..40,
        per_minute in 1_u32..200,
        steps in prop::collection::vec((0_u64..300_000, 1_u32..30), 1..20),
    ) {
        let limits = Limits { per_second, per_minute };
        let rate_limiter = RateLimiter::default();
        let mut now = START;
        for (micros, requests) in steps {
            now = now.plus(Duration::from_micros(micros));
            passed(&rate_limiter, limits, now, requests);
        }
        if let Err(early) = rate_limiter.take(limits, now) {
            // The clock counts microseconds: one more request makes up for the rounding.
            prop_assert!(rate_limiter.take(limits, now.plus(early.wait + Duration::from_micros(1))).is_ok());
        }
    }

    #[test]
    fn the_remaining_number_of_requests_passes_and_no_more(
        per_second in 1_u32..40,
        per_minute in 1_u32..200,
        before in 1_u32..50,
    ) {
        let limits = Limits { per_second, per_minute };
        let rate_limiter = RateLimiter::default();
        passed(&rate_limiter, limits, START, before);
        let left = match rate_limiter.take(limits, after(Duration::from_millis(700))) {
            Ok(rate_limits) => rate_limits.second.remaining.min(rate_limits.minute.remaining),
            Err(_) => 0,
        };
        prop_assert_eq!(passed(&rate_limiter, limits, after(Duration::from_millis(700)), 300), left);
    }
}
