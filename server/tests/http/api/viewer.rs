//! `/api/viewer`

use super::*;

use claviger_app::api::session::Viewer;

#[tokio::test]
async fn it_says_who_is_signed_in() {
    let app = TestApp::start().await;
    let viewer: Viewer = app.admin().await.viewer().await.json();
    assert_eq!((viewer.name.as_str(), viewer.organisation.as_str()), ("Ada", "Acme"));
    assert_eq!(viewer.csrf.len(), 43);
}

#[tokio::test]
async fn a_member_without_permissions_is_somebody_too() {
    let app = TestApp::start().await;
    let _admin = app.admin().await;
    let viewer: Viewer = app.member(&[]).await.viewer().await.json();
    assert_eq!((viewer.name.as_str(), viewer.organisation.as_str()), ("Bob", "Acme"));
}
