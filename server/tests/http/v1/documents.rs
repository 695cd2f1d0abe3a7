//! `/v1/openapi.json`, and what is below `/v1` besides.

use super::{Pair, expect_problem};
use crate::support::TestApp;
use axum::{
    body::Body,
    http::{Method, Request},
};
use serde_json::Value;

#[tokio::test]
async fn the_document_describes_every_route_and_every_status() {
    let app = TestApp::start().await;
    let answer = app.get("/v1/openapi.json").await;
    answer.expect_done();
    let document: Value = answer.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.keys().collect::<Vec<_>>(), ["/v1/authorize", "/v1/openapi.json", "/v1/verify"]);
    let statuses = |path: &str, method: &str| -> Vec<String> {
        paths[path][method]["responses"].as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(statuses("/v1/authorize", "get"), ["204", "400", "401", "403", "429", "431", "503"]);
    assert_eq!(statuses("/v1/verify", "post"), ["200", "400", "405", "413", "415", "503"]);
}

#[tokio::test]
async fn elsewhere_below_v1_there_is_nothing() {
    let app = TestApp::start().await;
    for path in ["/v1", "/v1/", "/v1/nothing", "/v1/authorized", "/v1/verify/x"] {
        expect_problem(&app.get(path).await, 404, "not_found");
    }
    let request = Request::post("/v1/openapi.json").body(Body::empty()).unwrap();
    expect_problem(&app.send(request).await, 405, "method_not_allowed");
}

/// A request of each kind, with the status of its answer.
fn one_of_each(pair: &Pair) -> Vec<(Request<Body>, u16)> {
    let bad = Pair { api_key: "x".to_owned(), ..pair.clone() };
    let question = serde_json::json!({"api_key": pair.api_key, "bundle_key": pair.bundle_key}).to_string();
    let verify = || Request::post("/v1/verify").header("content-type", "application/json");
    let get = |path| Request::get(path).body(Body::empty()).unwrap();
    let authorize = |pair: &Pair| pair.request(&Method::GET, "/v1/authorize");
    vec![
        (authorize(pair).body(Body::empty()).unwrap(), 204),
        (authorize(&bad).body(Body::empty()).unwrap(), 401),
        (authorize(pair).header("ApiKey", "again").body(Body::empty()).unwrap(), 400),
        (authorize(pair).header("Service", "x".repeat(257)).body(Body::empty()).unwrap(), 431),
        (verify().body(Body::from(question)).unwrap(), 200),
        (verify().body(Body::from("{}")).unwrap(), 400),
        (verify().body(Body::from("x".repeat(9_000))).unwrap(), 413),
        (Request::post("/v1/verify").body(Body::from("{}")).unwrap(), 415),
        (get("/v1/verify"), 405),
        (get("/v1/openapi.json"), 200),
        (Request::put("/v1/openapi.json").body(Body::empty()).unwrap(), 405),
        (get("/v1"), 404),
        (get("/v1/"), 404),
        (get("/v1/nothing"), 404),
    ]
}

#[tokio::test]
async fn no_answer_below_v1_may_be_kept() {
    let app = TestApp::start().await;
    let (_ada, pair) = app.with_keys().await;
    for (request, status) in one_of_each(&pair) {
        let what = format!("{} {}", request.method(), request.uri());
        let answer = app.send(request).await;
        assert_eq!(answer.status.as_u16(), status, "{what}: {answer:?}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{status} to {what}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{status} to {what}");
    }
    let apart = TestApp::start_with(&[("CLAVIGER_VERIFY_ADDR", "127.0.0.1:0")]).await;
    for path in ["/v1", "/v1/authorize", "/v1/verify"] {
        let answer = apart.get(path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("cache-control")),
            (404, Some("no-store")),
            "{path}"
        );
    }
}
