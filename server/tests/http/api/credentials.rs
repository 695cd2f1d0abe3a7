//! `/api/credentials`

use super::*;
use claviger_app::api::credential::{Access, CredentialsPage};
use claviger_types::CredentialKind;

#[tokio::test]
async fn somebody_with_the_permission_sees_both_keys_masked() {
    let app = TestApp::start().await;
    let (api_key, bundle_key) = app.admin().await.summaries().await;
    assert_eq!((api_key.kind, bundle_key.kind), (CredentialKind::ApiKey, CredentialKind::BundleKey));
    for (summary, prefix) in [(api_key, "clv_api_••••••••"), (bundle_key, "clv_bdl_••••••••")]
    {
        assert_eq!(summary.masked.chars().count(), prefix.chars().count() + 4);
        assert!(summary.masked.starts_with(prefix), "{}", summary.masked);
        assert_eq!(
            (summary.generation.number(), summary.created_by.as_str(), summary.last_used),
            (1, "Ada", None)
        );
        assert_eq!(summary.created_at.iso, "2023-11-14T22:13:20Z");
        assert_eq!(summary.created_at.text, "14 November 2023, 22:13 UTC");
    }
}

#[tokio::test]
async fn somebody_without_the_permission_sees_whom_to_ask_and_no_trace_of_a_key() {
    let app = TestApp::start().await;
    let _admin = app.admin().await;
    let answer = app.member(&[]).await.credentials().await;
    answer.expect_done();
    answer.expect_no_key();
    assert!(!answer.body.contains('•'));
    let page: CredentialsPage = answer.json();
    assert_eq!(page.access, Access::Refused { admins: vec!["Ada".to_owned()] });
}

#[tokio::test]
async fn the_brand_of_the_operator_begins_the_keys() {
    let app = TestApp::start_with(&[("CLAVIGER_KEY_PREFIX", "acme")]).await;
    let (api_key, _) = app.admin().await.summaries().await;
    assert!(api_key.masked.starts_with("acme_api_•"), "{}", api_key.masked);
}
