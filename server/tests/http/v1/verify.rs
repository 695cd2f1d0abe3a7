//! `POST /v1/verify`

use super::{Pair, expect_problem};
use crate::support::{Answer, TestApp};
use axum::{body::Body, http::Request};
use claviger_core::{domain::bundle::Services, use_cases::bundles::BundleChange};
use serde_json::{Value, json};

async fn post(app: &TestApp, content_type: &str, body: impl Into<Body>) -> Answer {
    let request = Request::post("/v1/verify").header("content-type", content_type);
    app.send(request.body(body.into()).unwrap()).await
}

async fn ask(app: &TestApp, question: Value) -> Answer {
    post(app, "application/json", question.to_string()).await
}

fn question(pair: &Pair) -> Value {
    json!({"api_key": pair.api_key, "bundle_key": pair.bundle_key})
}

#[tokio::test]
async fn a_good_pair_is_valid() {
    let app = TestApp::start().await;
    let (_ada, pair) = app.with_keys().await;
    let account = app.claviger().list_accounts().await.unwrap()[0].id.clone();
    let answer = ask(&app, question(&pair)).await;
    answer.expect_done();
    assert_eq!(
        answer.json::<Value>(),
        json!({"valid": true, "account": account.as_str(), "bundle": "default"})
    );
    assert!(answer.header("ratelimit").is_some());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_bad_one_is_not_and_the_reason_is_told() {
    let app = TestApp::start().await;
    let (_ada, pair) = app.with_keys().await;
    let geo = BundleChange { services: Some(Services::parse("geo").unwrap()), ..BundleChange::default() };
    app.change_bundle(geo).await;
    for (field, value, reason, code) in [
        ("api_key", "x", "api_key_invalid", Value::Null),
        ("bundle_key", "ä", "bundle_key_invalid", json!(4001)),
        ("service", "maps", "service_not_in_bundle", json!(4004)),
        ("service", "", "service_required", Value::Null),
    ] {
        let mut question = question(&pair);
        question[field] = json!(value);
        let answer = ask(&app, question).await;
        answer.expect_done();
        answer.expect_no_key();
        let verdict: Value = answer.json();
        assert_eq!(
            (&verdict["valid"], &verdict["reason"], &verdict["code"]),
            (&json!(false), &json!(reason), &code)
        );
        assert_eq!(verdict["request_id"].as_str().map(str::len), Some(36));
    }
    let unnamed: Value = ask(&app, question(&pair)).await.json();
    assert_eq!(unnamed["reason"], json!("service_required"));
    let mut question = question(&pair);
    question["service"] = json!("geo");
    for _ in 0..15 {
        assert_eq!(ask(&app, question.clone()).await.json::<Value>()["valid"], json!(true));
    }
    let limited: Value = ask(&app, question).await.json();
    assert_eq!((&limited["reason"], &limited["retry_after"]), (&json!("rate_limited"), &json!(1)));
}

#[tokio::test]
async fn what_is_no_question_is_refused_without_repeating_it() {
    let app = TestApp::start().await;
    let (_ada, pair) = app.with_keys().await;
    let key = pair.api_key;
    for body in [
        String::new(),
        "[]".to_owned(),
        format!("\"{key}\""),
        format!("{{\"api_key\": \"{key}\""),
        format!("{{\"api_key\": \"{key}\"}}"),
        format!("{{\"api_key\": \"{key}\", \"bundle_key\": 7}}"),
        format!("{{\"api_key\": \"{key}\", \"bundle_key\": \"\", \"{key}\": 1}}"),
    ] {
        expect_problem(&post(&app, "application/json", body).await, 400, "request_malformed");
    }
    let not_text = post(&app, "application/json; charset=utf-8", vec![b'"', 0xff, b'"']).await;
    expect_problem(&not_text, 400, "request_malformed");
    for kind in ["", "text/plain", "application/x-www-form-urlencoded"] {
        expect_problem(&post(&app, kind, "{}").await, 415, "request_malformed");
    }
    let large = post(&app, "application/json", format!("{{\"api_key\": \"{}\"}}", "x".repeat(9_000))).await;
    expect_problem(&large, 413, "request_malformed");
}

#[tokio::test]
async fn only_post_is_served() {
    let app = TestApp::start().await;
    for method in ["GET", "PUT", "DELETE", "OPTIONS"] {
        let request = Request::builder().method(method).uri("/v1/verify").body(Body::empty()).unwrap();
        let answer = app.send(request).await;
        expect_problem(&answer, 405, "method_not_allowed");
        assert_eq!(answer.header("allow"), Some("POST"));
    }
}

#[tokio::test]
async fn until_the_keys_are_loaded_there_is_no_verdict() {
    let app = TestApp::start().await;
    let pair = Pair { api_key: "x".to_owned(), bundle_key: "y".to_owned() };
    expect_problem(&ask(&app, question(&pair)).await, 503, "not_ready");
}
