//! What every answer carries, whatever it answers.

use crate::support::{Answer, HERE, PASSWORD, TestApp};
use axum::{
    body::Body,
    http::{Method, Request},
};
use claviger_app::wire::error::ApiError;
use std::collections::HashSet;

/// One answer of each kind.
async fn answers(app: &TestApp) -> Vec<(&'static str, Answer)> {
    let mut browser = app.browser();
    let foreign = Request::post("/api/sign_in")
        .header("host", "localhost:3000")
        .header("origin", "http://evil.example");
    let put = Request::put("/api/sign_in").header("host", "localhost:3000");
    let large = browser.request(&Method::POST, "/api/sign_in").body(Body::from("x".repeat(20_000))).unwrap();
    vec![
        ("a page", app.get("/login").await),
        ("a redirect", app.get("/credentials").await),
        ("a page that is not there", app.get("/nothing/here").await),
        ("a file", app.get("/favicon.svg").await),
        ("a script", app.get("/pkg/claviger.js").await),
        ("the health check", app.get("/healthz").await),
        ("a server function", browser.registration().await),
        ("a refusal of a server function", browser.viewer().await),
        ("a function that is not there", browser.call("no_such_function", &[]).await),
        ("a cross-site request", app.send(foreign.body(Body::empty()).unwrap()).await),
        ("a method that is not served", app.send(put.body(Body::empty()).unwrap()).await),
        ("a look at a server function", app.get("/api/sign_in").await),
        ("too large a body", app.send(large).await),
    ]
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::start().await;
    for (what, answer) in answers(&app).await {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name} of {what}");
        }
        let permissions = answer.header("permissions-policy").unwrap_or_default();
        assert!(permissions.contains("clipboard-write=(self)"), "permissions of {what}");
        assert_eq!(answer.headers.get_all("content-security-policy").iter().count(), 1, "policy of {what}");
        assert_eq!(answer.header("strict-transport-security"), None, "{what}");
    }
}

#[tokio::test]
async fn behind_encryption_every_answer_insists_on_it() {
    let app = TestApp::start_with(&[("CLAVIGER_PUBLIC_URL", "https://keys.example.org")]).await;
    for (what, answer) in answers(&app).await {
        assert!(answer.header("strict-transport-security").is_some(), "{what}");
    }
}

#[tokio::test]
async fn every_answer_names_its_request_and_no_two_alike() {
    let app = TestApp::start().await;
    let answers = answers(&app).await;
    let ids: HashSet<_> = answers.iter().filter_map(|(_, answer)| answer.header("x-request-id")).collect();
    assert_eq!(ids.len(), answers.len());
    assert!(ids.iter().all(|id| id.len() == 36 && &id[14..15] == "7"), "{ids:?}");
}

#[tokio::test]
async fn a_caller_cannot_name_its_request() {
    let app = TestApp::start().await;
    let request = Request::get("/healthz").header("x-request-id", "mine").body(Body::empty()).unwrap();
    assert_ne!(app.send(request).await.header("x-request-id"), Some("mine"));
}

#[tokio::test]
async fn only_pages_may_run_scripts_and_only_their_own() {
    let app = TestApp::start().await;
    for (what, answer) in answers(&app).await {
        let policy = answer.header("content-security-policy").unwrap();
        let is_page = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
        if is_page {
            let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
            assert_eq!(
                policy,
                format!(
                    "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
                     object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
                ),
                "{what}"
            );
            expect_scripts_to_carry(nonce, &answer.body);
        } else {
            assert_eq!(policy, claviger::http::STATIC_POLICY, "{what}");
        }
    }
}

#[track_caller]
fn expect_scripts_to_carry(nonce: &str, page: &str) {
    for script in page.split("<script").skip(1) {
        let tag = script.split('>').next().unwrap();
        assert!(tag.contains(nonce) || tag.contains(" src="), "<script{tag}>");
    }
    assert!(!page.contains(" style=\"") && !page.contains("<style"), "an inline style");
}

#[tokio::test]
async fn no_two_pages_share_a_nonce() {
    let app = TestApp::start().await;
    let first = app.get("/login").await;
    let second = app.get("/login").await;
    assert_ne!(first.header("content-security-policy"), second.header("content-security-policy"));
}

#[tokio::test]
async fn a_file_is_sent_compressed_to_whoever_takes_it() {
    let app = TestApp::start().await;
    let request =
        Request::get("/pkg/claviger.js").header("accept-encoding", "gzip, br").body(Body::empty()).unwrap();
    let answer = app.send(request).await;
    assert_eq!((answer.header("content-encoding"), answer.body.as_str()), (Some("br"), "in Brotli"));
    let plain = app.get("/pkg/claviger.js").await;
    assert_eq!((plain.header("content-encoding"), plain.body.as_str()), (None, "export default 1;"));
}

#[tokio::test]
async fn strange_requests_do_no_harm() {
    let app = TestApp::start().await;
    for (method, uri, status) in [
        (Method::OPTIONS, "*", 405),
        (Method::CONNECT, "example.org:443", 405),
        (Method::GET, "//evil.example/", 404),
        (Method::GET, "/%00", 404),
        (Method::GET, "/..%2f..%2fetc/passwd", 404),
        (Method::GET, "/%ff%fe", 404),
        (Method::GET, "/pkg", 404),
        (Method::GET, "http://localhost:3000/healthz", 200),
    ] {
        let request = Request::builder().method(method).uri(uri).body(Body::empty()).unwrap();
        assert_eq!(app.send(request).await.status.as_u16(), status, "{uri}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_cleanly() {
    let app = TestApp::start().await;
    let request = app.browser().request(&Method::POST, "/api/sign_in");
    let answer = app.send(request.body(Body::from("x".repeat(16 * 1024 + 1))).unwrap()).await;
    answer.expect_refusal(413);
}

#[tokio::test]
async fn a_post_to_a_page_is_refused() {
    let app = TestApp::start().await;
    let request = Request::post("/login").header("host", "localhost:3000").header("origin", HERE);
    assert_eq!(app.send(request.body(Body::empty()).unwrap()).await.status.as_u16(), 405);
}

#[tokio::test]
async fn what_fails_inside_is_told_by_the_name_of_its_request_only() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    app.tamper("DROP TABLE credential").await;
    let answer = browser.view_credential("api_key", PASSWORD).await;
    let error = answer.expect_refusal(500);
    let request_id = answer.header("x-request-id").unwrap().to_owned();
    assert_eq!(error, ApiError::Internal { request_id });
    let page = browser.open("/credentials").await;
    page.expect_no_key();
    assert_eq!(page.status.as_u16(), 500);
    for cause in ["no such table", "sqlx", "database failed"] {
        assert!(!page.body.contains(cause), "{}", page.body);
    }
}

#[tokio::test]
async fn without_its_database_pages_and_functions_say_so_and_when_to_come_back() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    app.claviger().close().await;
    let answer = browser.view_credential("api_key", PASSWORD).await;
    assert_eq!(answer.expect_refusal(503), ApiError::Unavailable);
    assert_eq!(answer.header("retry-after"), Some("5"));
    let page = browser.open("/credentials").await;
    page.expect_no_key();
    assert_eq!((page.status.as_u16(), page.header("retry-after")), (503, Some("5")));
    assert!(
        page.body.contains("The database does not answer right now. Nothing was changed."),
        "{}",
        page.body
    );
}
