//! A function that asks for the password acts only with it, and limits how often it may be tried.

use super::{
    failures::Failures,
    forms::Filled,
    prepared::{OF_SOMEBODY_ELSE, Prepared},
    table::{ServerFunction, server_functions},
};
use crate::support::{Answer, Browser, PASSWORD, TestApp};
use axum::http::StatusCode;
use claviger_app::wire::error::ApiError;
use std::time::Duration;

/// The tables that a failed attempt changes: it is counted and recorded.
const RECORDS_OF_FAILURES: [&str; 4] = ["account.version", "audit_chain", "audit_event", "login_failure"];

fn that_ask() -> impl Iterator<Item = &'static ServerFunction> {
    server_functions().filter(|function| function.demands_password())
}

#[tokio::test]
async fn wrong_passwords_change_nothing_and_make_even_the_right_one_wait() -> Result<(), Failures> {
    let (prepared, mut failures) = (Prepared::get().await, Failures::default());
    for function in that_ask() {
        let app = prepared.app().await;
        let mut admin = prepared.admin(&app);
        let form = Filled::new(function, prepared, &admin);
        note_wrong_passwords(&mut failures, &app, &mut admin, &form).await;
        let answer = form.call(&mut admin).await;
        failures.note(function, "after five failures", is_wait(&answer));
        app.clock().advance(Duration::from_secs(30));
        let answer = form.call(&mut admin).await;
        failures.note(function, "after the wait", answer.is_status(StatusCode::OK));
    }
    failures.none()
}

/// Notes which of five wrong passwords is not refused as such, or changes something.
async fn note_wrong_passwords(
    failures: &mut Failures,
    app: &TestApp,
    admin: &mut Browser<'_>,
    form: &Filled,
) {
    let in_capitals = PASSWORD.to_uppercase();
    let attempts = [
        ("without a password", None, 0),
        ("with an empty password", Some(""), 0),
        ("with a wrong password", Some("not the password at all"), 0),
        ("with the password in capitals", Some(in_capitals.as_str()), 0),
        ("with somebody else's password", Some(OF_SOMEBODY_ELSE), 30),
    ];
    let (browser, rows) = (admin.clone(), app.dump(&RECORDS_OF_FAILURES).await);
    for (variant, password, wait_seconds) in attempts {
        let answer = form.but_for("password", password).call(admin).await;
        failures.note(
            form.function,
            variant,
            answer.is_refusal(401, &ApiError::ProofRefused { wait_seconds }),
        );
        let kept =
            if admin.has_same_cookies(&browser) { Ok(()) } else { Err("a new session token".to_owned()) };
        failures.note(form.function, variant, kept);
    }
    failures.note_changes(form.function.name, &rows, &app.dump(&RECORDS_OF_FAILURES).await);
}

fn is_wait(answer: &Answer) -> Result<(), String> {
    answer.is_refusal(429, &ApiError::Waiting { seconds: 30 })?;
    match answer.header("retry-after") {
        Some("30") => Ok(()),
        other => Err(format!("Retry-After is {other:?}")),
    }
}

#[tokio::test]
async fn a_password_longer_than_any_may_be_is_refused() -> Result<(), Failures> {
    let prepared = Prepared::get().await;
    let app = prepared.app().await;
    let mut admin = prepared.admin(&app);
    let too_long = "x".repeat(5_000);
    let forms = Filled::all(prepared, &admin, ServerFunction::demands_password);
    let mut failures = Failures::default();
    for form in forms {
        let before = app.dump(&RECORDS_OF_FAILURES).await;
        let answer = form.but_for("password", Some(&too_long)).call(&mut admin).await;
        let wrong = ApiError::ProofRefused { wait_seconds: 0 };
        failures.note(form.function, "with 5,000 characters", answer.is_refusal(401, &wrong));
        let is_named = answer.body.contains(r#"{"WrongPassword":"#);
        let named = is_named.then_some(()).ok_or(answer.body);
        failures.note(form.function, "by the name that a page of release 0.1 reads", named);
        failures.note_changes(form.function.name, &before, &app.dump(&RECORDS_OF_FAILURES).await);
        // A right password clears the count of failures.
        admin.view_credential("api_key", PASSWORD).await.expect_done();
    }
    failures.none()
}

#[tokio::test]
async fn the_right_password_replaces_the_session_token_and_the_old_one_works_ten_seconds_more()
-> Result<(), Failures> {
    let (prepared, mut failures) = (Prepared::get().await, Failures::default());
    for function in that_ask() {
        let app = prepared.app().await;
        let mut admin = prepared.admin(&app);
        let form = Filled::new(function, prepared, &admin);
        let mut before = admin.clone();
        let answer = form.call(&mut admin).await;
        failures.note(function, "with the right password", answer.is_status(StatusCode::OK));
        let kept = if admin.has_same_cookies(&before) { Err("the same token".to_owned()) } else { Ok(()) };
        failures.note(function, "after the right password", kept);
        app.clock().advance(Duration::from_millis(9_999));
        let answer = before.viewer().await;
        failures.note(function, "with the old token in ten seconds", answer.is_status(StatusCode::OK));
        app.clock().advance(Duration::from_millis(1));
        let answer = before.viewer().await;
        let signed_out = answer.is_refusal(401, &ApiError::SignedOut);
        failures.note(function, "with the old token after ten seconds", signed_out);
        let answer = admin.viewer().await;
        failures.note(function, "with the new token", answer.is_status(StatusCode::OK));
    }
    failures.none()
}

#[tokio::test]
async fn no_plain_form_is_answered_with_a_key() -> Result<(), Failures> {
    let (prepared, mut failures) = (Prepared::get().await, Failures::default());
    for function in that_ask() {
        let app = prepared.app().await;
        let mut admin = prepared.admin(&app);
        let form = Filled::new(function, prepared, &admin);
        let answer = admin.submit("/credentials", function.name, &form.fields()).await;
        failures.note(function, "from a plain form", answer.is_status(StatusCode::FOUND));
        failures.note(function, "from a plain form", answer.holds_no_key());
    }
    failures.none()
}
