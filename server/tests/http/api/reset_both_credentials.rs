//! `/api/reset_both_credentials`

use super::*;
use claviger_app::{api::credential::DisclosedKey, wire::error::ApiError};
use claviger_types::CredentialKind;

async fn generations(browser: &mut Browser<'_>) -> (u32, u32) {
    let (api_key, bundle_key) = browser.summaries().await;
    (api_key.generation.number(), bundle_key.generation.number())
}

#[tokio::test]
async fn with_the_password_both_keys_are_replaced() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let new: Vec<DisclosedKey> = browser.reset_both_credentials("1", "1", PASSWORD).await.json();
    let kinds: Vec<_> = new.iter().map(|key| key.kind).collect();
    assert_eq!(kinds, [CredentialKind::ApiKey, CredentialKind::BundleKey]);
    assert_eq!(generations(&mut browser).await, (2, 2));
    for key in new {
        let kind = if key.kind == CredentialKind::ApiKey { "api_key" } else { "bundle_key" };
        let shown: DisclosedKey = browser.view_credential(kind, PASSWORD).await.json();
        assert!(shown == key);
    }
}

#[tokio::test]
async fn where_one_key_was_reset_meanwhile_neither_is() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    browser.reset_credential("bundle_key", "1", PASSWORD).await.expect_done();
    let answer = browser.reset_both_credentials("1", "1", PASSWORD).await;
    let error = answer.expect_refusal(409);
    assert!(matches!(error, ApiError::Stale { kind: CredentialKind::BundleKey, .. }), "{error:?}");
    assert_eq!(generations(&mut browser).await, (1, 2));
}

#[tokio::test]
async fn without_a_script_it_leads_back_to_the_credentials() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let csrf = browser.csrf.clone();
    let form = [
        ("csrf", csrf.as_str()),
        ("api_key_generation", "1"),
        ("bundle_key_generation", "1"),
        ("password", PASSWORD),
    ];
    let answer = browser.submit("/credentials", "reset_both_credentials", &form).await;
    assert_eq!(answer.status.as_u16(), 302);
    assert_eq!(answer.header("location"), Some("/credentials?done=reset-both-keys"));
    answer.expect_no_key();
}
