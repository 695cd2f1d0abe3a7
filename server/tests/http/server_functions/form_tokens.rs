//! A function that changes something of a session is refused without the form token of that session.

use super::{failures::Failures, forms::Filled, prepared::Prepared, table::ServerFunction};
use crate::support::{ADA, PASSWORD};
use claviger_app::wire::error::ApiError;

#[tokio::test]
async fn a_form_without_the_token_of_its_session_is_refused() -> Result<(), Failures> {
    let prepared = Prepared::get().await;
    let app = prepared.app().await;
    let mut admin = prepared.admin(&app);
    let earlier = admin.csrf.clone();
    admin.sign_out().await.expect_done();
    admin.sign_in(ADA, PASSWORD).await.expect_done();
    admin.learn_csrf().await;
    let member = app.member(&[]).await;
    let made_up = "A".repeat(43);
    let tokens = [
        ("without a token", None),
        ("an empty token", Some("")),
        ("a made-up token", Some(made_up.as_str())),
        ("the token of an earlier session", Some(earlier.as_str())),
        ("the token of somebody else's session", Some(member.csrf.as_str())),
    ];
    let forms = Filled::all(prepared, &admin, ServerFunction::demands_form_token);
    let before = app.dump(&[]).await;
    let mut failures = Failures::default();
    for form in &forms {
        for (variant, token) in tokens {
            let answer = form.but_for("csrf", token).call(&mut admin.clone()).await;
            failures.note(form.function, variant, answer.is_refusal(403, &ApiError::CrossSite));
        }
    }
    failures.note_changes("a function", &before, &app.dump(&[]).await);
    failures.none()
}
