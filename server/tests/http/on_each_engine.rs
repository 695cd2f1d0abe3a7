//! The main job from its first request to its last, on SQLite and on PostgreSQL: what differs between the engines
//! is what the other tests cannot see.

use crate::support::{ADA, PASSWORD, TestApp};
use claviger_app::{
    api::{
        credential::{Access, CredentialsPage, DisclosedKey},
        member::{MembersAccess, MembersPage},
    },
    wire::{error::ApiError, mailed::MadeLink},
};
use std::time::Duration;

/// Declares each story once for each engine.
macro_rules! on_each_engine {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            use super::TestApp;
            $(#[tokio::test]
            async fn $story() {
                super::$story(&TestApp::start().await).await;
            })+
        }

        mod postgres {
            use super::TestApp;
            $(#[tokio::test]
            async fn $story() {
                if let Some(app) = TestApp::start_on_postgres().await {
                    super::$story(&app).await;
                }
            })+
        }
    };
}

on_each_engine!(
    a_colleague_is_invited_permitted_and_removed,
    an_account_is_made_and_its_keys_are_viewed_and_reset,
    failures_are_counted_until_the_wait_is_over,
    members_see_what_they_may,
    of_many_resets_at_once_one_acts,
    sessions_end,
);

async fn an_account_is_made_and_its_keys_are_viewed_and_reset(app: &TestApp) {
    let mut ada = app.admin().await;
    let first: DisclosedKey = ada.view_credential("api_key", PASSWORD).await.json();
    let copied: DisclosedKey = ada.copy_credential("api_key", PASSWORD).await.json();
    assert!(first == copied);
    let new: Vec<DisclosedKey> = ada.reset_both_credentials("1", "1", PASSWORD).await.json();
    assert!(new[0].value != first.value);
    let (api_key, bundle_key) = ada.summaries().await;
    assert_eq!((api_key.generation.number(), bundle_key.generation.number()), (2, 2));
    ada.sign_out().await.expect_done();
    ada.sign_in(ADA, PASSWORD).await.expect_done();
    ada.learn_csrf().await;
    let shown: DisclosedKey = ada.view_credential("api_key", PASSWORD).await.json();
    assert!(shown == new[0]);
    let verdict = app.claviger().verify_audit().await.unwrap();
    assert!(verdict.broken.is_empty() && verdict.events >= 10, "{verdict:?}");
}

async fn a_colleague_is_invited_permitted_and_removed(app: &TestApp) {
    let mut ada = app.admin().await;
    let made: MadeLink =
        ada.change("invite_member", &[("name", "Özge"), ("email", "ozge@example.org")]).await.json();
    let token = made.link.rsplit('/').next().unwrap();
    let mut ozge = app.browser();
    ozge.call("join", &[("token", token), ("password", PASSWORD)]).await.expect_done();
    ozge.learn_csrf().await;
    let page: MembersPage = ada.call("members", &[("search", "ÖZGE")]).await.json();
    let MembersAccess::Permitted(members) = page.access else { panic!("refused") };
    let id = members.members[0].id.as_str();
    let keys = [("member", id), ("permission", "api_credentials_management"), ("password", PASSWORD)];
    ada.change("grant_permission", &keys).await.expect_done();
    ozge.view_credential("bundle_key", PASSWORD).await.expect_done();
    let leave = [("member", id), ("reset_bundle_key", "1"), ("password", PASSWORD)];
    ada.change("remove_member", &leave).await.expect_done();
    ozge.viewer().await.expect_refusal(401);
    let (api_key, bundle_key) = ada.summaries().await;
    assert_eq!((api_key.generation.number(), bundle_key.generation.number()), (1, 2));
    let verdict = app.claviger().verify_audit().await.unwrap();
    assert!(verdict.broken.is_empty(), "{verdict:?}");
}

async fn failures_are_counted_until_the_wait_is_over(app: &TestApp) {
    let mut ada = app.admin().await;
    for _ in 0..5 {
        ada.view_credential("api_key", "not the password at all").await.expect_refusal(401);
    }
    let refused = ada.view_credential("api_key", PASSWORD).await.expect_refusal(429);
    assert_eq!(refused, ApiError::Waiting { seconds: 30 });
    app.clock().advance(Duration::from_secs(30));
    ada.view_credential("api_key", PASSWORD).await.expect_done();
    ada.view_credential("api_key", "not the password at all").await.expect_refusal(401);
    ada.view_credential("api_key", PASSWORD).await.expect_done();
}

async fn members_see_what_they_may(app: &TestApp) {
    let _ada = app.admin().await;
    let mut bob = app.member(&[]).await;
    let page: CredentialsPage = bob.credentials().await.json();
    assert_eq!(page.access, Access::Refused { admins: vec!["Ada".to_owned()] });
    bob.view_credential("api_key", PASSWORD).await.expect_refusal(403);
}

async fn of_many_resets_at_once_one_acts(app: &TestApp) {
    let ada = app.admin().await;
    let (mut one, mut two, mut three) = (ada.clone(), ada.clone(), ada.clone());
    let (one, two, three) = tokio::join!(
        one.reset_credential("api_key", "1", PASSWORD),
        two.reset_credential("api_key", "1", PASSWORD),
        three.reset_credential("api_key", "1", PASSWORD),
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16(), three.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409]);
}

async fn sessions_end(app: &TestApp) {
    let mut ada = app.admin().await;
    app.clock().advance(Duration::from_secs(29 * 60));
    ada.viewer().await.expect_done();
    app.clock().advance(Duration::from_secs(30 * 60));
    ada.viewer().await.expect_refusal(401);
}
