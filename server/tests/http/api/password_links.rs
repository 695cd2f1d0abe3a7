//! `/api/password_link` and `/api/choose_password`

use super::*;
use claviger_app::wire::{error::ApiError, mailed::MadeLink};
use claviger_types::PasswordLink;

const NEW: &str = "quiet orange ladder 4 frost";
const CAROL: &str = "carol@example.org";

async fn link(ada: &mut Browser<'_>) -> String {
    let carol = ada.colleague().await;
    let fields = [("member", carol.as_str()), ("password", PASSWORD)];
    let made: MadeLink = ada.change("make_password_link", &fields).await.json();
    let link = made.link;
    link.strip_prefix("http://localhost:3000/password/").unwrap_or_else(|| panic!("{link}")).to_owned()
}

#[tokio::test]
async fn a_link_gives_a_new_password_once() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let token = link(&mut ada).await;
    let mut before = app.browser();
    before.sign_in(CAROL, PASSWORD).await.expect_done();
    let mut carol = app.browser();
    let shown: PasswordLink = carol.call("password_link", &[("token", &token)]).await.json();
    assert_eq!((shown.name.as_str(), shown.email.as_str()), ("Carol", CAROL));
    carol.call("choose_password", &[("token", &token), ("password", NEW)]).await.expect_done();
    carol.viewer().await.expect_done();
    before.viewer().await.expect_refusal(401);
    app.browser().sign_in(CAROL, PASSWORD).await.expect_refusal(401);
    app.browser().sign_in(CAROL, NEW).await.expect_done();
    let again = app.browser().call("choose_password", &[("token", &token), ("password", NEW)]).await;
    assert_eq!(again.expect_refusal(409), ApiError::UnusableLink);
}

#[tokio::test]
async fn a_weak_password_is_refused_and_the_link_still_works() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let token = link(&mut ada).await;
    app.browser()
        .call("choose_password", &[("token", &token), ("password", "short")])
        .await
        .expect_refusal(400);
    app.browser().call("choose_password", &[("token", &token), ("password", NEW)]).await.expect_done();
}

#[tokio::test]
async fn the_operators_link_works_too() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    ada.colleague().await;
    let token = app.claviger().make_password_link(CAROL).await.unwrap();
    let fields = [("token", token.expose()), ("password", NEW)];
    app.browser().call("choose_password", &fields).await.expect_done();
}
