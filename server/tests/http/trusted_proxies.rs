//! What a proxy may say of a request, and who may say it.

use crate::support::{BOB, PASSWORD, TestApp, form};
use axum::{body::Body, http::Request};

const PROXY: &str = "10.0.0.1:40000";
const STRANGER: &str = "203.0.113.9:40000";

/// A sign-in through a proxy that kept the host to itself.
fn sign_in(origin: &str) -> Request<Body> {
    Request::post("/api/sign_in")
        .header("host", "inner:3000")
        .header("x-forwarded-host", "keys.example.org")
        .header("x-forwarded-proto", "https")
        .header("origin", origin)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json")
        .body(form(&[("email", BOB), ("password", PASSWORD), ("next", "")]).into())
        .unwrap()
}

async fn status(app: &TestApp, peer: &str, origin: &str) -> u16 {
    app.send_from(peer, sign_in(origin)).await.status.as_u16()
}

#[tokio::test]
async fn a_trusted_proxy_says_which_host_was_asked() {
    let app = TestApp::start_with(&[("CLAVIGER_TRUSTED_PROXIES", "10.0.0.0/8")]).await;
    assert_eq!(status(&app, PROXY, "https://keys.example.org").await, 401);
}

#[tokio::test]
async fn a_stranger_does_not() {
    let app = TestApp::start_with(&[("CLAVIGER_TRUSTED_PROXIES", "10.0.0.0/8")]).await;
    assert_eq!(status(&app, STRANGER, "https://keys.example.org").await, 403);
}

#[tokio::test]
async fn no_proxy_is_trusted_by_default() {
    let app = TestApp::start().await;
    assert_eq!(status(&app, PROXY, "https://keys.example.org").await, 403);
}

#[tokio::test]
async fn the_public_url_counts_whatever_a_proxy_says() {
    let app = TestApp::start_with(&[
        ("CLAVIGER_TRUSTED_PROXIES", "10.0.0.0/8"),
        ("CLAVIGER_PUBLIC_URL", "https://portal.example.org"),
    ])
    .await;
    assert_eq!(status(&app, PROXY, "https://portal.example.org").await, 401);
    assert_eq!(status(&app, PROXY, "https://keys.example.org").await, 403);
}
