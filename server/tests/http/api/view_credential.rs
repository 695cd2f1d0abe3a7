//! `/api/view_credential`

use super::*;
use claviger_app::api::{credential::DisclosedKey, error::CredentialKind};

fn right(browser: &Browser<'_>) -> Fields {
    fields(&[("csrf", &browser.csrf), ("kind", "api_key"), ("password", PASSWORD)])
}

refuses_other_sites!("view_credential", super::right);
refuses_unreadable_bodies!("view_credential");
refuses_who_is_signed_out!("view_credential", super::right);
refuses_forms_of_other_sessions!("view_credential", super::right);
asks_for_the_password!("view_credential", super::right);
discloses_nothing_to_a_plain_form!("view_credential", right);

#[tokio::test]
async fn with_the_password_a_key_is_disclosed() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let api_key: DisclosedKey = browser.view_credential("api_key", PASSWORD).await.json();
    assert_eq!((api_key.kind, api_key.value.len()), (CredentialKind::ApiKey, 46));
    assert!(api_key.value.starts_with("clv_api_"));
    let bundle_key: DisclosedKey = browser.view_credential("bundle_key", PASSWORD).await.json();
    assert_eq!((bundle_key.kind, bundle_key.value.len()), (CredentialKind::BundleKey, 46));
    assert!(bundle_key.value.starts_with("clv_bdl_"));
}

#[tokio::test]
async fn the_same_key_is_disclosed_each_time() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let once: DisclosedKey = browser.view_credential("api_key", PASSWORD).await.json();
    let again: DisclosedKey = browser.view_credential("api_key", PASSWORD).await.json();
    assert!(once == again);
}

#[tokio::test]
async fn the_password_is_asked_for_each_time() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    browser.view_credential("api_key", PASSWORD).await.expect_done();
    browser.view_credential("api_key", "").await.expect_refusal(401);
}

#[tokio::test]
async fn a_kind_that_is_not_there_is_refused() {
    let app = TestApp::start().await;
    app.admin().await.view_credential("master_key", PASSWORD).await.expect_refusal(400);
}

#[tokio::test]
async fn another_organisation_gets_its_own_key() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let mut eve = app.browser();
    eve.sign_up("Other", "Eve", "eve@example.org", PASSWORD).await.expect_done();
    eve.learn_csrf().await;
    let adas: DisclosedKey = ada.view_credential("api_key", PASSWORD).await.json();
    let eves: DisclosedKey = eve.view_credential("api_key", PASSWORD).await.json();
    assert!(adas.value != eves.value);
}
