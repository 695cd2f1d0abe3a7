//! A function that demands a session is refused to whoever is signed out.

use super::{failures::Failures, forms::Filled, prepared::Prepared, table::ServerFunction};
use crate::support::Browser;
use claviger_app::wire::error::ApiError;
use std::time::Duration;

/// Notes which forms the browser is not told for that it is signed out.
async fn note_refusals(failures: &mut Failures, variant: &str, forms: &[Filled], browser: &Browser<'_>) {
    for form in forms {
        let answer = form.call(&mut browser.clone()).await;
        failures.note(form.function, variant, answer.is_refusal(401, &ApiError::SignedOut));
    }
}

#[tokio::test]
async fn without_a_session_it_is_refused() -> Result<(), Failures> {
    let prepared = Prepared::get().await;
    let app = prepared.app().await;
    let admin = prepared.admin(&app);
    let forms = Filled::all(prepared, &admin, ServerFunction::demands_session);
    let mut made_up = admin.clone();
    made_up.make_up_cookies();
    let before = app.dump(&[]).await;
    let mut failures = Failures::default();
    note_refusals(&mut failures, "without cookies", &forms, &app.browser()).await;
    note_refusals(&mut failures, "with made-up cookies", &forms, &made_up).await;
    failures.note_changes("a function", &before, &app.dump(&[]).await);
    failures.none()
}

#[tokio::test]
async fn after_the_end_of_the_session_it_is_refused() -> Result<(), Failures> {
    let prepared = Prepared::get().await;
    let app = prepared.app().await;
    let mut admin = prepared.admin(&app);
    let forms = Filled::all(prepared, &admin, ServerFunction::demands_session);
    let with_old_cookies = admin.clone();
    admin.sign_out().await.expect_done();
    let before = app.dump(&[]).await;
    let mut failures = Failures::default();
    note_refusals(&mut failures, "after signing out", &forms, &with_old_cookies).await;
    failures.note_changes("a function", &before, &app.dump(&[]).await);
    failures.none()
}

#[tokio::test]
async fn after_half_an_hour_without_use_it_is_refused() -> Result<(), Failures> {
    let prepared = Prepared::get().await;
    let app = prepared.app().await;
    let admin = prepared.admin(&app);
    let forms = Filled::all(prepared, &admin, ServerFunction::demands_session);
    app.clock().advance(Duration::from_secs(30 * 60));
    let before = app.dump(&[]).await;
    let mut failures = Failures::default();
    note_refusals(&mut failures, "after half an hour", &forms, &admin).await;
    failures.note_changes("a function", &before, &app.dump(&[]).await);
    failures.none()
}
