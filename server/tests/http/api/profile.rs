//! `/api/…` for what is one's own, and for the name of the organisation.

use super::*;
use claviger_app::{
    api::{profile::Profile, session::Viewer},
    wire::error::ApiError,
};
use claviger_types::{Field, FieldError, FieldProblem};

const NEW: &str = "quiet orange ladder 4 frost";

async fn profile(browser: &mut Browser<'_>) -> Profile {
    browser.call("profile", &[]).await.json()
}

#[tokio::test]
async fn a_name_is_changed() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    ada.change("change_name", &[("name", " Ada King ")]).await.expect_done();
    let viewer: Viewer = ada.viewer().await.json();
    assert_eq!(viewer.name, "Ada King");
    let missing = FieldError { field: Field::Name, problem: FieldProblem::Missing };
    let answer = ada.change("change_name", &[("name", "")]).await;
    assert_eq!(answer.expect_refusal(400), ApiError::Invalid(vec![missing]));
}

#[tokio::test]
async fn only_admins_rename_the_organisation() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let mut bob = app.member(&claviger_core::domain::permission::Permission::ALL).await;
    let answer = bob.change("rename_organisation", &[("organisation", "Bobs")]).await;
    assert_eq!(answer.expect_refusal(403), ApiError::AdminsOnly);
    ada.change("rename_organisation", &[("organisation", "Acme Maps")]).await.expect_done();
    let viewer: Viewer = bob.viewer().await.json();
    assert_eq!(viewer.organisation, "Acme Maps");
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let mut elsewhere = app.browser();
    elsewhere.sign_in(ADA, PASSWORD).await.expect_done();
    ada.change("change_password", &[("password", PASSWORD), ("new_password", NEW)]).await.expect_done();
    elsewhere.viewer().await.expect_refusal(401);
    ada.viewer().await.expect_done();
    app.browser().sign_in(ADA, PASSWORD).await.expect_refusal(401);
    app.browser().sign_in(ADA, NEW).await.expect_done();
}

#[tokio::test]
async fn a_weak_new_password_is_told_beside_its_field_and_counts_as_no_attempt() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let short = FieldError { field: Field::NewPassword, problem: FieldProblem::TooShort(15) };
    for _ in 0..6 {
        let answer =
            ada.change("change_password", &[("password", PASSWORD), ("new_password", "short")]).await;
        assert_eq!(answer.expect_refusal(400), ApiError::Invalid(vec![short]));
    }
}

#[tokio::test]
async fn a_new_address_logs_in_and_the_old_one_no_more() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    ada.change("change_email", &[("password", PASSWORD), ("email", "king@example.org")]).await.expect_done();
    assert_eq!(profile(&mut ada).await.email, "king@example.org");
    app.browser().sign_in(ADA, PASSWORD).await.expect_refusal(401);
    app.browser().sign_in("king@example.org", PASSWORD).await.expect_done();
}

#[tokio::test]
async fn an_address_that_somebody_has_is_refused() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    app.add("Bob", BOB, &[]).await;
    let taken = FieldError { field: Field::Email, problem: FieldProblem::Taken };
    let answer = ada.change("change_email", &[("password", PASSWORD), ("email", "BOB@example.org")]).await;
    assert_eq!(answer.expect_refusal(400), ApiError::Invalid(vec![taken]));
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one_or_all_others() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let (mut second, mut third) = (app.browser(), app.browser());
    second.sign_in(ADA, PASSWORD).await.expect_done();
    third.sign_in(ADA, PASSWORD).await.expect_done();
    second.learn_csrf().await;
    let listed = profile(&mut second).await.sessions;
    assert_eq!(listed.len(), 3);
    let own = listed.iter().find(|line| line.is_this).unwrap();
    assert_eq!(own.address, "203.0.113.9");
    let other = listed.iter().find(|line| !line.is_this).unwrap();
    second.change("end_session", &[("session", &other.id)]).await.expect_done();
    let again = second.change("end_session", &[("session", &other.id)]).await;
    assert_eq!(again.expect_refusal(409), ApiError::Gone);
    second.change("end_other_sessions", &[]).await.expect_done();
    ada.viewer().await.expect_refusal(401);
    third.viewer().await.expect_refusal(401);
    second.viewer().await.expect_done();
}

#[tokio::test]
async fn a_refused_plain_form_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let csrf = ada.csrf.clone();
    let fields = [("csrf", csrf.as_str()), ("email", "no address"), ("password", PASSWORD)];
    let answer = ada.submit("/profile", "change_email", &fields).await;
    let back = answer.header("location").unwrap().strip_prefix("http://localhost:3000").unwrap().to_owned();
    let page = ada.open(&back).await;
    assert!(
        page.body.contains("value=\"no address\"") && page.body.contains("Enter an email address"),
        "{}",
        page.body
    );
    assert!(!back.contains("no%20address") && !back.contains("no+address"));
}
