//! The log of refusals: it holds every request id that an answer names.

use super::Pair;
use crate::support::{Answer, Log, TestApp};
use axum::{
    body::Body,
    http::{HeaderValue, Method, Request},
};
use claviger_core::{
    clock::Clock,
    domain::{bundle::Services, limits::Limits},
    use_cases::bundles::BundleChange,
    verification::Reason,
};
use serde_json::{Value, json};
use std::time::Duration;

/// One line holds the request id of the answer, and the reason.
#[track_caller]
fn expect(log: &Log, answer: &Answer, reason: &str) {
    let document: Value = answer.json();
    let id = document["request_id"].as_str().unwrap_or_else(|| panic!("no request id: {answer:?}"));
    let lines = log.lines_with(id);
    assert_eq!(lines.len(), 1, "{reason}: {lines:?}");
    assert!(lines[0].contains(&format!("reason=\"{reason}\"")), "{}", lines[0]);
    assert!(lines[0].contains("203.0.113.9"), "{}", lines[0]);
    assert_eq!(log.lines_with("clv_"), Vec::<String>::new(), "a key is in the log");
}

/// Has a request with these keys refused for this reason from now on; answers the keys and the service to ask with.
async fn arrange(app: &TestApp, pair: &Pair, reason: Reason) -> (Pair, &'static str) {
    let mut asked = (pair.clone(), "geo");
    let bundle = BundleChange {
        services: Some(Services::All),
        quota: Some(None),
        is_trial: Some(false),
        expires_at: Some(None),
        enabled: Some(true),
        ..BundleChange::default()
    };
    let used_up = BundleChange { quota: Some(Some(0)), ..bundle.clone() };
    let of_maps = BundleChange { services: Some(Services::parse("maps").unwrap()), ..bundle.clone() };
    // Also after the account lost its bundle.
    app.claviger().set_bundle("acme", &bundle).await.unwrap();
    match reason {
        Reason::ApiKeyInvalid => asked.0.api_key = "x".to_owned(),
        Reason::BundleKeyInvalid => asked.0.bundle_key = "x".to_owned(),
        Reason::BundleUsedUp => app.change_bundle(used_up).await,
        Reason::BundleTrialsExceeded => {
            app.change_bundle(BundleChange { is_trial: Some(true), ..used_up }).await;
        }
        Reason::ServiceNotInBundle => app.change_bundle(of_maps).await,
        Reason::ServiceRequired => {
            app.change_bundle(of_maps).await;
            asked.1 = "";
        }
        Reason::BundleDisabled => {
            app.change_bundle(BundleChange { enabled: Some(false), ..bundle }).await;
        }
        Reason::NoBundle => {
            app.claviger().remove_bundle("acme").await.unwrap();
        }
        Reason::BundleExpired => {
            let now = app.clock().now();
            app.change_bundle(BundleChange { expires_at: Some(Some(now)), ..bundle }).await;
        }
        Reason::RateLimited => {
            app.claviger().set_limits("acme", Limits { per_second: 1, per_minute: 1 }).await.unwrap();
            app.authorize(pair).await;
        }
        Reason::NotReady => {}
    }
    asked
}

async fn ask_both_ways(app: &TestApp, pair: &Pair, service: &str) -> [Answer; 2] {
    let question =
        json!({"api_key": pair.api_key, "bundle_key": pair.bundle_key, "service": service}).to_string();
    let authorize = pair.request(&Method::GET, "/v1/authorize").header("Service", service);
    let verify = Request::post("/v1/verify").header("content-type", "application/json");
    [
        app.send(authorize.body(Body::empty()).unwrap()).await,
        app.send(verify.body(Body::from(question)).unwrap()).await,
    ]
}

#[tokio::test]
async fn every_refusal_is_in_the_log_under_the_request_id_of_its_answer() {
    let ready = TestApp::start().await;
    let (_ada, pair) = ready.with_keys().await;
    let not_ready = TestApp::start().await;
    let log = Log::start();
    for reason in Reason::ALL {
        let app = if reason == Reason::NotReady { &not_ready } else { &ready };
        let (asked, service) = match reason {
            Reason::NotReady => (pair.clone(), "geo"),
            reason => arrange(app, &pair, reason).await,
        };
        for answer in ask_both_ways(app, &asked, service).await {
            expect(&log, &answer, reason.as_str());
        }
    }
}

#[tokio::test]
async fn a_request_that_cannot_be_understood_is_in_the_log_too() {
    let app = TestApp::start().await;
    let (_ada, pair) = app.with_keys().await;
    let log = Log::start();
    let authorize = || pair.request(&Method::GET, "/v1/authorize");
    let verify = |kind| Request::post("/v1/verify").header("content-type", kind);
    let half_a_key = format!("{{\"api_key\": \"{}", pair.api_key);
    let text = HeaderValue::from_bytes("ä".as_bytes()).unwrap();
    for (request, status) in [
        (authorize().header("ApiKey", &pair.api_key).body(Body::empty()), 400),
        (authorize().header("Service", text).body(Body::empty()), 400),
        (authorize().header("Service", "x".repeat(257)).body(Body::empty()), 431),
        (verify("application/json").body(Body::from(half_a_key)), 400),
        (verify("application/json").body(Body::from("x".repeat(9_000))), 413),
        (verify("text/plain").body(Body::from("{}")), 415),
    ] {
        let answer = app.send(request.unwrap()).await;
        assert_eq!(answer.status.as_u16(), status, "{answer:?}");
        expect(&log, &answer, "request_malformed");
    }
}

#[tokio::test]
async fn a_flood_of_refusals_does_not_flood_the_log_and_names_nothing_that_is_not_in_it() {
    let app = TestApp::start().await;
    let (_ada, pair) = app.with_keys().await;
    let bad = Pair { api_key: "x".to_owned(), ..pair.clone() };
    let log = Log::start();
    let mut last = None;
    for _ in 0..650 {
        let answer = app.authorize(&bad).await;
        if let Some(id) = answer.header("x-request-id") {
            assert_eq!(log.lines_with(id).len(), 1);
        }
        last = Some(answer);
    }
    let last = last.unwrap();
    assert_eq!((last.status.as_u16(), last.header("x-request-id")), (429, None), "{last:?}");
    assert_eq!(log.lines_with("refused").len(), 100);
    app.clock().advance(Duration::from_secs(1));
    let next = app.authorize(&bad).await;
    expect(&log, &next, "api_key_invalid");
    assert!(log.lines_with(next.header("x-request-id").unwrap())[0].contains("left_out=550"), "{next:?}");
}

#[tokio::test]
async fn a_flood_from_everywhere_does_not_flood_the_log_either() {
    let app = TestApp::start().await;
    let (_ada, pair) = app.with_keys().await;
    let bad = Pair { api_key: "x".to_owned(), ..pair };
    let log = Log::start();
    let mut named = 0;
    for number in 0..2_100_u32 {
        let peer = format!("{}:50000", std::net::Ipv4Addr::from_bits(0x0a00_0000 + number));
        let request = bad.request(&Method::GET, "/v1/authorize").body(Body::empty()).unwrap();
        named += usize::from(app.send_from(&peer, request).await.header("x-request-id").is_some());
    }
    assert_eq!((named, log.lines_with("refused").len()), (2_000, 2_000));
}
