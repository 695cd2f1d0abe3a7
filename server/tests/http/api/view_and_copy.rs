//! `/api/view_credential` and `/api/copy_credential`, which answer the same and are recorded apart.

use super::*;
use claviger_app::api::credential::DisclosedKey;
use claviger_types::CredentialKind;

const FUNCTIONS: [&str; 2] = ["view_credential", "copy_credential"];

async fn disclose(browser: &mut Browser<'_>, function: &str, kind: &str, password: &str) -> Answer {
    browser.change(function, &[("kind", kind), ("password", password)]).await
}

#[tokio::test]
async fn with_the_password_a_key_is_disclosed() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    for function in FUNCTIONS {
        for (name, kind, prefix) in [
            ("api_key", CredentialKind::ApiKey, "clv_api_"),
            ("bundle_key", CredentialKind::BundleKey, "clv_bdl_"),
        ] {
            let key: DisclosedKey = disclose(&mut browser, function, name, PASSWORD).await.json();
            assert_eq!((key.kind, key.value.len()), (kind, 46), "{function}");
            assert!(key.value.starts_with(prefix), "{function}");
        }
    }
}

#[tokio::test]
async fn the_same_key_is_disclosed_each_time() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let once: DisclosedKey = disclose(&mut browser, "view_credential", "api_key", PASSWORD).await.json();
    for function in FUNCTIONS {
        let again: DisclosedKey = disclose(&mut browser, function, "api_key", PASSWORD).await.json();
        assert!(once == again, "{function}");
    }
}

#[tokio::test]
async fn the_password_is_asked_for_each_time() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    for function in FUNCTIONS {
        disclose(&mut browser, function, "api_key", PASSWORD).await.expect_done();
        disclose(&mut browser, function, "api_key", "").await.expect_refusal(401);
    }
}

#[tokio::test]
async fn a_kind_that_is_not_there_is_refused() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    for function in FUNCTIONS {
        disclose(&mut browser, function, "master_key", PASSWORD).await.expect_refusal(400);
    }
}

#[tokio::test]
async fn another_organisation_gets_its_own_key() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let mut eve = app.browser();
    eve.sign_up("Other", "Eve", "eve@example.org", PASSWORD).await.expect_done();
    eve.learn_csrf().await;
    for function in FUNCTIONS {
        let adas: DisclosedKey = disclose(&mut ada, function, "api_key", PASSWORD).await.json();
        let eves: DisclosedKey = disclose(&mut eve, function, "api_key", PASSWORD).await.json();
        assert!(adas.value != eves.value, "{function}");
    }
}
