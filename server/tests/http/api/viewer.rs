//! `/api/viewer`

use super::*;

use claviger_app::api::session::Viewer;

fn right(_: &Browser<'_>) -> Fields {
    Vec::new()
}

refuses_other_sites!("viewer", super::right);
refuses_who_is_signed_out!("viewer", super::right);

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
