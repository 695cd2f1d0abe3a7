//! `/v1/authorize`

use super::{Pair, expect_problem};
use crate::support::{PASSWORD, TestApp};
use axum::{
    body::Body,
    http::{HeaderValue, Method, Request},
};
use claviger_core::{
    clock::Clock,
    domain::{bundle::Services, limits::Limits},
    use_cases::bundles::BundleChange,
};
use std::time::Duration;

#[tokio::test]
async fn a_good_pair_passes_by_any_method_and_path() {
    let app = TestApp::start().await;
    let (_ada, pair) = app.with_keys().await;
    let account = app.claviger().list_accounts().await.unwrap()[0].id.clone();
    for (method, path) in [
        (Method::GET, "/v1/authorize"),
        (Method::POST, "/v1/authorize/orders/7?full=yes"),
        (Method::DELETE, "/v1/authorize/a//b"),
        (Method::OPTIONS, "/v1/authorize"),
        (Method::from_bytes(b"PROPFIND").unwrap(), "/v1/authorize"),
    ] {
        let request = pair.request(&method, path).body(Body::from("not read")).unwrap();
        let answer = app.send(request).await;
        assert_eq!(answer.status.as_u16(), 204, "{method} {path}");
        assert_eq!(answer.header("claviger-account"), Some(account.as_str()));
        assert_eq!(answer.header("claviger-bundle"), Some("default"));
        assert_eq!(answer.header("ratelimit-policy"), Some("\"second\";q=15;w=1, \"minute\";q=120;w=60"));
        assert!(answer.header("ratelimit").is_some() && answer.body.is_empty());
    }
}

#[tokio::test]
async fn every_bad_api_key_gets_the_same_answer() {
    let app = TestApp::start().await;
    let (mut ada, old) = app.with_keys().await;
    ada.reset_credential("api_key", "1", PASSWORD).await.expect_done();
    let mut answers = Vec::new();
    for api_key in
        [Some(old.api_key.as_str()), Some("hunter2"), Some(old.bundle_key.as_str()), Some(""), None]
    {
        let mut request = Request::get("/v1/authorize").header("BundleKey", &old.bundle_key);
        if let Some(api_key) = api_key {
            request = request.header("ApiKey", api_key);
        }
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        let mut problem = expect_problem(&answer, 401, "api_key_invalid");
        assert_eq!(answer.header("www-authenticate"), Some("ApiKey"));
        assert_eq!(answer.header("x-request-id"), problem["request_id"].as_str());
        problem["request_id"].take();
        answers.push(problem);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
}

#[tokio::test]
async fn a_bad_bundle_key_is_told_only_after_a_good_api_key() {
    let app = TestApp::start().await;
    let (_ada, pair) = app.with_keys().await;
    let swapped = Pair { api_key: pair.api_key.clone(), bundle_key: pair.api_key.clone() };
    let problem = expect_problem(&app.authorize(&swapped).await, 401, "bundle_key_invalid");
    assert_eq!(problem["code"], 4001);
    let both = Pair { api_key: pair.bundle_key.clone(), bundle_key: pair.api_key.clone() };
    let problem = expect_problem(&app.authorize(&both).await, 401, "api_key_invalid");
    assert!(problem.get("code").is_none());
}

#[tokio::test]
async fn each_reason_of_a_bundle_has_its_status_and_number() {
    let app = TestApp::start().await;
    let (_ada, pair) = app.with_keys().await;
    let change = BundleChange::default;
    let now = app.clock().now();
    for (bundle, reason, code) in [
        (BundleChange { quota: Some(Some(0)), ..change() }, "bundle_used_up", 4002),
        (BundleChange { is_trial: Some(true), ..change() }, "bundle_trials_exceeded", 4003),
        (
            BundleChange { quota: Some(None), services: Some(Services::parse("geo").unwrap()), ..change() },
            "service_not_in_bundle",
            4004,
        ),
        (BundleChange { expires_at: Some(Some(now)), ..change() }, "bundle_expired", 4007),
        (BundleChange { enabled: Some(false), ..change() }, "bundle_disabled", 4005),
    ] {
        app.change_bundle(bundle).await;
        let request = pair.request(&Method::GET, "/v1/authorize").header("Service", "maps");
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(expect_problem(&answer, 403, reason)["code"], code);
    }
    app.claviger().remove_bundle("acme").await.unwrap();
    assert_eq!(expect_problem(&app.authorize(&pair).await, 403, "no_bundle")["code"], 4006);
}

#[tokio::test]
async fn a_bundle_of_some_services_refuses_a_request_that_names_none() {
    let app = TestApp::start().await;
    let (_ada, pair) = app.with_keys().await;
    let geo = BundleChange { services: Some(Services::parse("geo").unwrap()), ..BundleChange::default() };
    app.change_bundle(geo).await;
    let problem = expect_problem(&app.authorize(&pair).await, 403, "service_required");
    assert_eq!(problem.get("code"), None);
    let empty = pair.request(&Method::GET, "/v1/authorize").header("Service", "").body(Body::empty());
    expect_problem(&app.send(empty.unwrap()).await, 403, "service_required");
    let named = pair.request(&Method::GET, "/v1/authorize").header("Service", "geo").body(Body::empty());
    assert_eq!(app.send(named.unwrap()).await.status.as_u16(), 204);
}

#[tokio::test]
async fn over_the_limit_the_answer_says_when_to_come_back() {
    let app = TestApp::start().await;
    let (_ada, pair) = app.with_keys().await;
    for _ in 0..15 {
        assert_eq!(app.authorize(&pair).await.status.as_u16(), 204);
    }
    let answer = app.authorize(&pair).await;
    expect_problem(&answer, 429, "rate_limited");
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(answer.header("ratelimit"), Some("\"second\";r=0;t=2, \"minute\";r=105;t=8"));
    let request = pair.request(&Method::GET, "/v1/authorize/x?limited=403").body(Body::empty()).unwrap();
    let answer = app.send(request).await;
    expect_problem(&answer, 403, "rate_limited");
    assert_eq!(answer.header("retry-after"), Some("1"));
    app.clock().advance(Duration::from_secs(1));
    assert_eq!(app.authorize(&pair).await.status.as_u16(), 204);
}

#[tokio::test]
async fn too_many_bad_keys_from_one_address_are_limited_and_good_ones_are_not() {
    let app = TestApp::start().await;
    let (_ada, pair) = app.with_keys().await;
    app.claviger().set_limits("acme", Limits { per_second: 1_000, per_minute: 1_000 }).await.unwrap();
    let bad = Pair { api_key: "x".to_owned(), ..pair.clone() };
    for _ in 0..600 {
        assert_eq!(app.authorize(&bad).await.status.as_u16(), 401);
    }
    let answer = app.authorize(&bad).await;
    expect_problem(&answer, 429, "rate_limited");
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(app.authorize(&pair).await.status.as_u16(), 204);
}

#[tokio::test]
async fn what_can_be_understood_in_two_ways_or_not_at_all_is_refused() {
    let app = TestApp::start().await;
    let (_ada, pair) = app.with_keys().await;
    let good = || pair.request(&Method::GET, "/v1/authorize");
    let text = HeaderValue::from_bytes("ä".as_bytes()).unwrap();
    for (request, status, detail) in [
        (good().header("apikey", &pair.api_key), 400, "the header ApiKey is there more than once"),
        (good().header("BUNDLEKEY", "other"), 400, "the header BundleKey is there more than once"),
        (
            good().header("Service", "geo").header("Service", "geo"),
            400,
            "the header Service is there more than once",
        ),
        (
            good().header("Service", text),
            400,
            "the header Service holds something else than visible ASCII characters",
        ),
        (good().header("Service", "x".repeat(257)), 431, "the header Service is longer than 256 bytes"),
    ] {
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(expect_problem(&answer, status, "request_malformed")["detail"], detail);
    }
}

#[tokio::test]
async fn until_the_keys_are_loaded_nothing_passes() {
    let app = TestApp::start().await;
    let pair = Pair { api_key: "x".to_owned(), bundle_key: "y".to_owned() };
    let answer = app.authorize(&pair).await;
    expect_problem(&answer, 503, "not_ready");
    assert_eq!(answer.header("retry-after"), Some("1"));
    for path in ["/readyz", "/v1/readyz"] {
        let ready = app.get(path).await;
        assert_eq!(
            (ready.status.as_u16(), ready.body.as_str()),
            (503, "the keys are being loaded"),
            "{path}"
        );
    }
    app.claviger().load_keys().await.unwrap();
    app.get("/readyz").await.expect_done();
    app.get("/v1/readyz").await.expect_done();
    app.claviger().close().await;
    let ready = app.get("/readyz").await;
    assert_eq!((ready.status.as_u16(), ready.body.as_str()), (503, "the database does not answer"));
    assert_eq!(app.get("/v1/readyz").await.body, "ready");
    app.get("/healthz").await.expect_done();
}

#[tokio::test]
async fn the_guide_is_linked_at_the_public_url_where_that_is_known() {
    let app = TestApp::start_with(&[("CLAVIGER_PUBLIC_URL", "https://keys.example.org")]).await;
    app.claviger().load_keys().await.unwrap();
    let problem: serde_json::Value = app.get("/v1/authorize").await.json();
    assert_eq!(problem["type"], "https://keys.example.org/guide#api_key_invalid");
}

#[tokio::test]
async fn cookies_do_not_count_and_other_origins_may_ask() {
    let app = TestApp::start().await;
    let (_ada, pair) = app.with_keys().await;
    let request = pair.request(&Method::POST, "/v1/authorize");
    let request = request.header("origin", "https://elsewhere.example").header("cookie", "__Host-session=x");
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status.as_u16(), 204);
    assert!(answer.cookies().is_empty());
}

#[tokio::test]
async fn a_reset_in_the_browser_ends_the_old_key_for_the_gateway() {
    let app = TestApp::start().await;
    let (mut ada, pair) = app.with_keys().await;
    assert_eq!(app.authorize(&pair).await.status.as_u16(), 204);
    let new: Vec<claviger_app::api::credential::DisclosedKey> =
        ada.reset_both_credentials("1", "1", PASSWORD).await.json();
    expect_problem(&app.authorize(&pair).await, 401, "api_key_invalid");
    let new = Pair { api_key: new[0].value.clone(), bundle_key: new[1].value.clone() };
    assert_eq!(app.authorize(&new).await.status.as_u16(), 204);
}

#[tokio::test]
async fn the_page_shows_what_was_used_from_where() {
    let app = TestApp::start().await;
    let (mut ada, pair) = app.with_keys().await;
    app.authorize(&pair).await;
    app.claviger().write_usage().await.unwrap();
    app.clock().advance(Duration::from_secs(180));
    let page = ada.open("/credentials").await.body;
    assert!(page.contains(">3 minutes ago</time>"), "{page}");
    assert!(
        page.contains("from 203.0.113.9") && page.contains("1 request passed and 0 were refused"),
        "{page}"
    );
    assert!(page.contains("<svg") && page.contains("Requests of the last 30 days"), "{page}");
}
