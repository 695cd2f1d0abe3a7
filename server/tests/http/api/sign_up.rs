//! `/api/sign_up`

use super::*;
use claviger_app::{api::session::Viewer, wire::error::ApiError};
use claviger_types::{Field, FieldError, FieldProblem};

async fn problems(organisation: &str, name: &str, email: &str, password: &str) -> Vec<(Field, FieldProblem)> {
    let app = TestApp::start().await;
    let answer = app.browser().sign_up(organisation, name, email, password).await;
    assert!(answer.cookies().iter().all(|cookie| cookie.is_removal() || !cookie.name.contains("session")));
    let ApiError::Invalid(errors) = answer.expect_refusal(400) else { panic!("{answer:?}") };
    errors.into_iter().map(|FieldError { field, problem }| (field, problem)).collect()
}

#[tokio::test]
async fn signing_up_makes_an_account_with_both_keys_and_signs_in() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let answer = browser.sign_up("Acme", "Ada", ADA, PASSWORD).await;
    answer.expect_done();
    assert_eq!(answer.header("location"), Some("/credentials"));
    let viewer: Viewer = browser.viewer().await.json();
    assert_eq!((viewer.name.as_str(), viewer.organisation.as_str()), ("Ada", "Acme"));
    let (api_key, bundle_key) = browser.summaries().await;
    assert_eq!((api_key.generation.number(), bundle_key.generation.number()), (1, 1));
    assert!(api_key.masked.starts_with("clv_api_•") && bundle_key.masked.starts_with("clv_bdl_•"));
}

#[tokio::test]
async fn without_a_script_signing_up_leads_to_the_credentials() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let form = [("organisation", "Acme"), ("name", "Ada"), ("email", ADA), ("password", PASSWORD)];
    let answer = browser.submit("/signup", "sign_up", &form).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (302, Some("/credentials")));
    let viewer: Viewer = browser.viewer().await.json();
    assert_eq!(viewer.organisation, "Acme");
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let told = problems("", " ", "ada", "short").await;
    assert_eq!(
        told,
        [
            (Field::Organisation, FieldProblem::Missing),
            (Field::Name, FieldProblem::Missing),
            (Field::Email, FieldProblem::NotAnEmail),
            (Field::Password, FieldProblem::TooShort(15)),
        ]
    );
}

#[tokio::test]
async fn a_name_that_is_too_long_is_refused() {
    let long = "x".repeat(101);
    assert_eq!(
        problems(&long, "Ada", ADA, PASSWORD).await,
        [(Field::Organisation, FieldProblem::TooLong(100))]
    );
    assert_eq!(problems("Acme", &long, ADA, PASSWORD).await, [(Field::Name, FieldProblem::TooLong(100))]);
}

#[tokio::test]
async fn a_name_with_control_characters_is_refused() {
    assert_eq!(
        problems("Ac\0me", "Ada", ADA, PASSWORD).await,
        [(Field::Organisation, FieldProblem::Unprintable)]
    );
}

#[tokio::test]
async fn a_common_password_is_refused() {
    let told = problems("Acme", "Ada", ADA, "passwordpassword").await;
    assert_eq!(told, [(Field::Password, FieldProblem::Common)]);
}

#[tokio::test]
async fn a_password_that_is_too_long_is_refused() {
    let told = problems("Acme", "Ada", ADA, &"tuba marsh ".repeat(100)).await;
    assert_eq!(told, [(Field::Password, FieldProblem::TooLong(1024))]);
}

#[tokio::test]
async fn an_email_address_is_taken_once_whatever_its_case() {
    let app = TestApp::start().await;
    let _ada = app.admin().await;
    let answer = app.browser().sign_up("Other", "Ada", "ADA@Example.org", PASSWORD).await;
    let taken = FieldError { field: Field::Email, problem: FieldProblem::Taken };
    assert_eq!(answer.expect_refusal(400), ApiError::Invalid(vec![taken]));
}

#[tokio::test]
async fn while_registration_is_closed_nobody_signs_up() {
    let app = TestApp::start_with(&[("CLAVIGER_REGISTRATION", "closed")]).await;
    let answer = app.browser().sign_up("Acme", "Ada", ADA, PASSWORD).await;
    assert_eq!(answer.expect_refusal(403), ApiError::RegistrationClosed);
}

#[tokio::test]
async fn where_the_browser_would_drop_the_cookie_nobody_signs_up() {
    let app = TestApp::start().await;
    let answer = super::sign_in::from_another_machine(
        &app,
        "sign_up",
        &[("organisation", "Acme"), ("name", "Ada"), ("email", ADA), ("password", PASSWORD)],
    )
    .await;
    assert_eq!(answer.expect_refusal(400), ApiError::InsecureConnection);
}

#[tokio::test]
async fn too_many_sign_ups_from_one_address_must_wait() {
    let app = TestApp::start().await;
    let mut answer = app.browser().sign_up("Acme", "Ada", ADA, "short").await;
    for _ in 0..200 {
        if answer.status.as_u16() == 429 {
            break;
        }
        answer = app.browser().sign_up("Acme", "Ada", ADA, "short").await;
    }
    let error = answer.expect_refusal(429);
    assert!(matches!(error, ApiError::Waiting { .. }), "{error:?}");
    assert!(answer.header("retry-after").is_some());
}
