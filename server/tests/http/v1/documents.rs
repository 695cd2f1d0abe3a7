//! `/v1/openapi.json`, and what is below `/v1` besides.

use super::expect_problem;
use crate::support::TestApp;
use axum::{body::Body, http::Request};
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
    for path in ["/v1/nothing", "/v1/authorized", "/v1/verify/x"] {
        expect_problem(&app.get(path).await, 404, "not_found");
    }
    let request = Request::post("/v1/openapi.json").body(Body::empty()).unwrap();
    expect_problem(&app.send(request).await, 405, "method_not_allowed");
}
