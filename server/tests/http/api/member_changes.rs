//! `/api/…` for the changes of one member, which all ask for the password.

use super::*;
use claviger_app::{
    api::{
        credential::{Access, CredentialsPage},
        member::{Member, MembersAccess, MembersPage},
    },
    wire::error::ApiError,
};
use claviger_core::domain::permission::Permission;

/// A change with the right password.
async fn change(admin: &mut Browser<'_>, function: &str, member: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("member", member), ("password", PASSWORD)];
    fields.extend_from_slice(more);
    admin.change(function, &fields).await
}

async fn listed(admin: &mut Browser<'_>, email: &str) -> Option<Member> {
    let page: MembersPage = admin.call("members", &[("search", email)]).await.json();
    match page.access {
        MembersAccess::Permitted(members) => members.members.into_iter().find(|member| member.email == email),
        refused @ MembersAccess::Refused { .. } => panic!("{refused:?}"),
    }
}

async fn bobs_id(admin: &mut Browser<'_>) -> String {
    listed(admin, BOB).await.unwrap().id
}

#[tokio::test]
async fn a_granted_permission_works_and_a_revoked_one_no_more() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let mut bob = app.member(&[]).await;
    let id = bobs_id(&mut ada).await;
    let keys = [("permission", "api_credentials_management")];
    bob.view_credential("api_key", PASSWORD).await.expect_refusal(403);
    change(&mut ada, "grant_permission", &id, &keys).await.expect_done();
    bob.view_credential("api_key", PASSWORD).await.expect_done();
    change(&mut ada, "revoke_permission", &id, &keys).await.expect_done();
    bob.view_credential("api_key", PASSWORD).await.expect_refusal(403);
    let page: CredentialsPage = bob.credentials().await.json();
    assert_eq!(page.access, Access::Refused { admins: vec!["Ada".to_owned()] });
}

#[tokio::test]
async fn a_disabled_member_is_signed_out_and_stays_out_until_enabled() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let mut bob = app.member(&[]).await;
    let id = bobs_id(&mut ada).await;
    change(&mut ada, "disable_member", &id, &[]).await.expect_done();
    assert_eq!(bob.viewer().await.expect_refusal(401), ApiError::SignedOut);
    app.browser().sign_in(BOB, PASSWORD).await.expect_refusal(401);
    change(&mut ada, "enable_member", &id, &[]).await.expect_done();
    app.browser().sign_in(BOB, PASSWORD).await.expect_done();
}

#[tokio::test]
async fn a_removed_member_is_gone_and_the_same_address_may_come_back() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let mut bob = app.member(&Permission::ALL).await;
    let id = bobs_id(&mut ada).await;
    change(&mut ada, "remove_member", &id, &[]).await.expect_done();
    bob.viewer().await.expect_refusal(401);
    assert_eq!(listed(&mut ada, BOB).await, None);
    assert_eq!(change(&mut ada, "enable_member", &id, &[]).await.expect_refusal(409), ApiError::Gone);
    app.browser().sign_up("Bobs", "Bob", BOB, PASSWORD).await.expect_done();
}

#[tokio::test]
async fn whoever_leaves_with_a_key_is_named_and_the_key_is_reset_in_the_same_step() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let mut bob = app.member(&[Permission::ApiCredentialsManagement]).await;
    bob.view_credential("api_key", PASSWORD).await.expect_done();
    let seen = listed(&mut ada, BOB).await.unwrap();
    assert_eq!(seen.seen, [claviger_types::CredentialKind::ApiKey]);
    change(&mut ada, "remove_member", &seen.id, &[("reset_api_key", "1")]).await.expect_done();
    let (api_key, bundle_key) = ada.summaries().await;
    assert_eq!((api_key.generation.number(), bundle_key.generation.number()), (2, 1));
}

#[tokio::test]
async fn a_key_that_was_reset_meanwhile_leaves_the_member_where_they_are() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let bob = app.add("Bob", BOB, &[]).await;
    ada.reset_credential("api_key", "1", PASSWORD).await.expect_done();
    let answer = change(&mut ada, "remove_member", &bob, &[("reset_api_key", "1")]).await;
    assert!(matches!(answer.expect_refusal(409), ApiError::Stale { .. }), "{answer:?}");
    assert!(listed(&mut ada, BOB).await.is_some());
}

#[tokio::test]
async fn the_last_admin_stays_one() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let id = listed(&mut ada, ADA).await.unwrap().id;
    for (function, more) in
        [("disable_member", None), ("remove_member", None), ("change_role", Some(("role", "")))]
    {
        let answer = change(&mut ada, function, &id, more.as_slice()).await;
        assert_eq!(answer.expect_refusal(409), ApiError::LastAdmin, "{function}");
    }
}

#[tokio::test]
async fn a_manager_gives_no_more_than_they_have_and_touches_no_admin() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let adas_id = listed(&mut ada, ADA).await.unwrap().id;
    let carol = ada.colleague().await;
    let mut manager = app.member(&[Permission::MemberManagement]).await;
    let keys = [("permission", "api_credentials_management")];
    let answer = change(&mut manager, "grant_permission", &carol, &keys).await;
    assert_eq!(answer.expect_refusal(403), ApiError::BeyondOwnPermissions);
    let answer = change(&mut manager, "change_role", &carol, &[("role", "developer")]).await;
    assert_eq!(answer.expect_refusal(403), ApiError::BeyondOwnPermissions);
    let answer = change(&mut manager, "change_role", &carol, &[("role", "admin")]).await;
    assert_eq!(answer.expect_refusal(403), ApiError::AdminsOnly);
    let answer = change(&mut manager, "disable_member", &adas_id, &[]).await;
    assert_eq!(answer.expect_refusal(403), ApiError::AdminsOnly);
}

#[tokio::test]
async fn a_role_that_is_not_there_is_refused() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let carol = ada.colleague().await;
    let answer = change(&mut ada, "change_role", &carol, &[("role", "emperor")]).await;
    assert_eq!(answer.expect_refusal(409), ApiError::Gone);
    let answer = change(&mut ada, "change_role", &carol, &[("role", "no such thing")]).await;
    assert_eq!(answer.expect_refusal(400), ApiError::Malformed);
}

#[tokio::test]
async fn a_plain_form_is_led_to_the_page_that_says_what_was_done() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let carol = ada.colleague().await;
    let csrf = ada.csrf.clone();
    let fields =
        [("csrf", csrf.as_str()), ("member", &carol), ("reset_bundle_key", "1"), ("password", PASSWORD)];
    let answer = ada.submit("/members?ask=remove", "remove_member", &fields).await;
    assert_eq!(answer.header("location"), Some("/members?done=removed&reset=1"));
    let page = ada.open("/members?done=removed&reset=1").await;
    assert!(page.body.contains("The member was removed, and keys reset."), "{}", page.body);
}
