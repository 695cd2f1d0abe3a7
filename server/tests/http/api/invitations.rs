//! `/api/invite_member`, `/api/withdraw_invitation`, `/api/invitation` and `/api/join`

use super::*;
use claviger_app::{
    api::{
        member::{Invitation, MembersAccess, MembersPage},
        session::Viewer,
    },
    wire::{error::ApiError, mailed::MadeLink},
};
use claviger_types::{Field, FieldError, FieldProblem, OpenInvitation};

const GRACE: &str = "grace@example.org";

/// The token of a link that invites somebody.
async fn invite(ada: &mut Browser<'_>, email: &str) -> String {
    let made: MadeLink = ada.change("invite_member", &[("name", "Grace"), ("email", email)]).await.json();
    let link = made.link;
    link.strip_prefix("http://localhost:3000/join/").unwrap_or_else(|| panic!("{link}")).to_owned()
}

async fn open(ada: &mut Browser<'_>) -> Vec<Invitation> {
    let page: MembersPage = ada.call("members", &[]).await.json();
    match page.access {
        MembersAccess::Permitted(members) => members.invitations,
        refused @ MembersAccess::Refused { .. } => panic!("{refused:?}"),
    }
}

#[tokio::test]
async fn whoever_has_the_link_joins_once_and_may_do_nothing_yet() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let token = invite(&mut ada, GRACE).await;
    let mut grace = app.browser();
    let invitation: OpenInvitation = grace.call("invitation", &[("token", &token)]).await.json();
    assert_eq!((invitation.organisation.as_str(), invitation.email.as_str()), ("Acme", GRACE));
    grace.call("join", &[("token", &token), ("password", PASSWORD)]).await.expect_done();
    let viewer: Viewer = grace.viewer().await.json();
    assert_eq!((viewer.name.as_str(), viewer.manages_members), ("Grace", false));
    grace.learn_csrf().await;
    grace.view_credential("api_key", PASSWORD).await.expect_refusal(403);

    let again = app.browser().call("join", &[("token", &token), ("password", PASSWORD)]).await;
    assert_eq!(again.expect_refusal(409), ApiError::UnusableLink);
    assert!(open(&mut ada).await.is_empty());
}

#[tokio::test]
async fn a_withdrawn_invitation_works_no_more() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let token = invite(&mut ada, GRACE).await;
    let id = open(&mut ada).await[0].id.clone();
    ada.change("withdraw_invitation", &[("invitation", &id)]).await.expect_done();
    let answer = app.browser().call("invitation", &[("token", &token)]).await;
    assert_eq!(answer.expect_refusal(409), ApiError::UnusableLink);
    let again = ada.change("withdraw_invitation", &[("invitation", &id)]).await;
    assert_eq!(again.expect_refusal(409), ApiError::Gone);
}

#[tokio::test]
async fn an_address_of_another_organisation_is_told_only_to_whoever_accepts() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    app.browser().sign_up("Other", "Eve", "eve@example.org", PASSWORD).await.expect_done();
    let token = invite(&mut ada, "Eve@Example.org").await;
    let page = app.browser().open(&format!("/join/{token}")).await;
    assert!(page.body.contains("Join") && !page.body.contains("already"), "{}", page.body);
    let answer = app.browser().call("join", &[("token", &token), ("password", PASSWORD)]).await;
    assert_eq!(answer.expect_refusal(409), ApiError::EmailTaken);
}

#[tokio::test]
async fn what_is_wrong_with_an_invitation_is_told() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let answer = ada.change("invite_member", &[("name", " "), ("email", "grace")]).await;
    let errors = vec![
        FieldError { field: Field::Name, problem: FieldProblem::Missing },
        FieldError { field: Field::Email, problem: FieldProblem::NotAnEmail },
    ];
    assert_eq!(answer.expect_refusal(400), ApiError::Invalid(errors));
    let answer = ada.change("invite_member", &[("name", "Ada"), ("email", ADA)]).await;
    let taken = FieldError { field: Field::Email, problem: FieldProblem::Taken };
    assert_eq!(answer.expect_refusal(400), ApiError::Invalid(vec![taken]));
}

#[tokio::test]
async fn a_weak_password_is_refused_and_the_link_still_works() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let token = invite(&mut ada, GRACE).await;
    let answer = app.browser().call("join", &[("token", &token), ("password", "short")]).await;
    let short = FieldError { field: Field::Password, problem: FieldProblem::TooShort(15) };
    assert_eq!(answer.expect_refusal(400), ApiError::Invalid(vec![short]));
    app.browser().call("join", &[("token", &token), ("password", PASSWORD)]).await.expect_done();
}

#[tokio::test]
async fn a_member_without_the_permission_invites_and_withdraws_nobody() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    invite(&mut ada, GRACE).await;
    let id = open(&mut ada).await[0].id.clone();
    let mut bob = app.member(&[]).await;
    bob.change("invite_member", &[("name", "Eve"), ("email", "eve@example.org")]).await.expect_refusal(403);
    bob.change("withdraw_invitation", &[("invitation", &id)]).await.expect_refusal(403);
    assert_eq!(open(&mut ada).await.len(), 1);
}

#[tokio::test]
async fn a_plain_form_finds_the_link_on_the_page_that_follows_and_only_there() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let csrf = ada.csrf.clone();
    let fields = [("csrf", csrf.as_str()), ("name", "Grace"), ("email", GRACE)];
    let answer = ada.submit("/members", "invite_member", &fields).await;
    assert_eq!(answer.header("location"), Some("/members?done=invited"));
    let page = ada.open("/members?done=invited").await;
    assert!(page.body.contains("http://localhost:3000/join/"), "{}", page.body);
    let again = ada.open("/members").await;
    assert!(!again.body.contains("/join/"), "{}", again.body);
}

#[tokio::test]
async fn links_are_on_the_public_url() {
    let url = "https://keys.example.org";
    let settings = [("CLAVIGER_PUBLIC_URL", url), ("CLAVIGER_REGISTRATION", "open")];
    let app = TestApp::start_with(&settings).await;
    let mut ada = app.browser().on(url);
    ada.sign_up("Acme", "Ada", ADA, PASSWORD).await.expect_done();
    ada.learn_csrf().await;
    let made: MadeLink = ada.change("invite_member", &[("name", "Grace"), ("email", GRACE)]).await.json();
    assert!(made.link.starts_with("https://keys.example.org/join/"), "{}", made.link);
}

#[tokio::test]
async fn the_page_of_a_used_link_offers_nothing() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let token = invite(&mut ada, GRACE).await;
    let path = format!("/join/{token}");
    let page = app.browser().open(&path).await;
    assert!(page.body.contains("Join</button>") && page.body.contains("Acme"), "{}", page.body);
    app.browser().call("join", &[("token", &token), ("password", PASSWORD)]).await.expect_done();
    let page = app.browser().open(&path).await;
    assert!(!page.body.contains("<button") && !page.body.contains("Acme"), "{}", page.body);
}

#[tokio::test]
async fn invitations_are_listed_by_pages_the_newest_first() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    for number in 0..27 {
        app.clock().advance(std::time::Duration::from_secs(1));
        invite(&mut ada, &format!("guest{number}@example.org")).await;
    }
    let mut listed = Vec::new();
    for page in ["1", "2", "3"] {
        let answer: MembersPage = ada.call("members", &[("invitations", page)]).await.json();
        let MembersAccess::Permitted(members) = answer.access else { panic!("refused") };
        assert_eq!(members.invitation_pages, 2);
        listed.push(members.invitations.iter().map(|line| line.email.clone()).collect::<Vec<_>>());
    }
    assert_eq!((listed[0].len(), listed[0][0].as_str()), (25, "guest26@example.org"));
    assert_eq!(listed[1], ["guest1@example.org", "guest0@example.org"]);
    assert_eq!(listed[2], listed[1], "a page that is not there stands for the last");
    let page = ada.open("/members").await;
    assert!(page.body.contains("/members?page=1&amp;invitations=2"), "{}", page.body);
    assert!(ada.open("/members?page=1&invitations=2").await.body.contains("guest0@example.org"));
}
