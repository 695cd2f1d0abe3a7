//! `/api/sign_out`

use super::*;
use claviger_app::wire::error::ApiError;

#[tokio::test]
async fn signing_out_ends_the_session_and_leads_to_the_login() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let mut with_old_cookies = browser.clone();
    let answer = browser.sign_out().await;
    answer.expect_done();
    assert_eq!(answer.header("location"), Some("/login"));
    assert_eq!(browser.viewer().await.expect_refusal(401), ApiError::SignedOut);
    assert_eq!(with_old_cookies.viewer().await.expect_refusal(401), ApiError::SignedOut);
}

#[tokio::test]
async fn a_token_that_was_replaced_does_not_outlive_the_sign_out() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let mut before = browser.clone();
    browser.view_credential("api_key", PASSWORD).await.expect_done();
    before.viewer().await.expect_done();
    browser.sign_out().await.expect_done();
    assert_eq!(before.viewer().await.expect_refusal(401), ApiError::SignedOut);
}

#[tokio::test]
async fn signing_out_twice_is_no_failure_of_the_server() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    browser.sign_out().await.expect_done();
    let status = browser.sign_out().await.status;
    assert!(!status.is_server_error(), "{status}");
}

#[tokio::test]
async fn without_a_script_signing_out_leads_to_the_login() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let csrf = browser.csrf.clone();
    let answer = browser.submit("/credentials", "sign_out", &[("csrf", &csrf)]).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (302, Some("/login")));
}
