//! `/credentials`

use crate::support::{PASSWORD, TestApp};
use claviger_app::api::credential::DisclosedKey;
use std::time::Duration;

#[tokio::test]
async fn whoever_is_signed_out_is_led_to_the_login() {
    let app = TestApp::start().await;
    let answer = app.browser().open("/credentials").await;
    assert_eq!(answer.status.as_u16(), 302, "{answer:?}");
    assert_eq!(answer.header("location"), Some("/login?next=/credentials"));
    answer.expect_no_key();
}

#[tokio::test]
async fn whoever_was_away_too_long_is_led_to_the_login() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    app.clock().advance(Duration::from_secs(30 * 60));
    let answer = browser.open("/credentials").await;
    assert_eq!(answer.status.as_u16(), 302);
    answer.expect_no_key();
}

#[tokio::test]
async fn somebody_with_the_permission_sees_both_keys_masked_and_no_more() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let api_key: DisclosedKey = browser.view_credential("api_key", PASSWORD).await.json();
    let bundle_key: DisclosedKey = browser.view_credential("bundle_key", PASSWORD).await.json();
    let answer = browser.open("/credentials").await;
    answer.expect_done();
    assert!(answer.body.contains("API credentials"));
    for key in [api_key.value, bundle_key.value] {
        assert!(answer.body.contains(&format!("{}••••••••{}", &key[..8], &key[42..])));
        assert!(!answer.body.contains(&key) && !answer.body.contains(&key[8..42]));
    }
    assert!(!answer.body.contains(PASSWORD));
}

#[tokio::test]
async fn somebody_without_the_permission_sees_whom_to_ask() {
    let app = TestApp::start().await;
    let _admin = app.admin().await;
    let answer = app.member(&[]).await.open("/credentials").await;
    answer.expect_no_key();
    assert!(answer.body.contains("You need the "), "{}", answer.body);
    assert!(answer.body.contains("API credentials management") && answer.body.contains("Ada"));
    assert!(!answer.body.contains('•'));
    for action in ["View", "Copy", "Reset"] {
        assert!(!answer.body.contains(&format!("{action} API key")), "{action}");
    }
}
