//! `/api/reset_credential`

use super::*;
use claviger_app::{api::credential::DisclosedKey, wire::error::ApiError};
use claviger_types::CredentialKind;

#[tokio::test]
async fn with_the_password_a_key_is_replaced() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let old: DisclosedKey = browser.view_credential("api_key", PASSWORD).await.json();
    let new: Vec<DisclosedKey> = browser.reset_credential("api_key", "1", PASSWORD).await.json();
    assert_eq!(new.len(), 1);
    assert_eq!(new[0].kind, CredentialKind::ApiKey);
    assert!(new[0].value != old.value);
    let shown: DisclosedKey = browser.view_credential("api_key", PASSWORD).await.json();
    assert!(shown == new[0]);
}

#[tokio::test]
async fn the_other_key_stays() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let before: DisclosedKey = browser.view_credential("bundle_key", PASSWORD).await.json();
    browser.reset_credential("api_key", "1", PASSWORD).await.expect_done();
    let after: DisclosedKey = browser.view_credential("bundle_key", PASSWORD).await.json();
    assert!(before == after);
    let (api_key, bundle_key) = browser.summaries().await;
    assert_eq!((api_key.generation.number(), bundle_key.generation.number()), (2, 1));
}

#[tokio::test]
async fn of_two_resets_the_second_is_told_of_the_first() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let new: Vec<DisclosedKey> = browser.reset_credential("api_key", "1", PASSWORD).await.json();
    let answer = browser.reset_credential("api_key", "1", PASSWORD).await;
    let ApiError::Stale { kind, at, by } = answer.expect_refusal(409) else { panic!("{answer:?}") };
    assert_eq!((kind, by.as_str(), at.iso.as_str()), (CredentialKind::ApiKey, "Ada", "2023-11-14T22:13:20Z"));
    let shown: DisclosedKey = browser.view_credential("api_key", PASSWORD).await.json();
    assert!(shown == new[0]);
}

#[tokio::test]
async fn a_generation_that_is_yet_to_come_is_refused() {
    let app = TestApp::start().await;
    app.admin().await.reset_credential("api_key", "2", PASSWORD).await.expect_refusal(409);
}

#[tokio::test]
async fn what_is_no_generation_is_refused() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    for generation in ["", "-1", "one", "4294967296"] {
        browser.reset_credential("api_key", generation, PASSWORD).await.expect_refusal(400);
    }
}

#[tokio::test]
async fn a_wrong_password_resets_nothing() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let before: DisclosedKey = browser.view_credential("api_key", PASSWORD).await.json();
    browser.reset_credential("api_key", "1", "not the password at all").await.expect_refusal(401);
    let after: DisclosedKey = browser.view_credential("api_key", PASSWORD).await.json();
    assert!(before == after);
}

#[tokio::test]
async fn without_a_script_a_reset_leads_back_to_the_credentials() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    for (kind, done) in [("api_key", "reset-api-key"), ("bundle_key", "reset-bundle-key")] {
        let csrf = browser.csrf.clone();
        let form = [("csrf", csrf.as_str()), ("kind", kind), ("generation", "1"), ("password", PASSWORD)];
        let answer = browser.submit("/credentials", "reset_credential", &form).await;
        assert_eq!(answer.status.as_u16(), 302);
        assert_eq!(answer.header("location"), Some(format!("/credentials?done={done}").as_str()));
        answer.expect_no_key();
    }
}
