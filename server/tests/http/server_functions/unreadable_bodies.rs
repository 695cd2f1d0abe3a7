//! A body that cannot be read as a form of the function is refused.

use super::{
    failures::Failures,
    forms::send_body,
    prepared::Prepared,
    table::{ServerFunction, server_functions},
};
use crate::support::Answer;
use axum::http::StatusCode;
use claviger_app::wire::error::ApiError;
use claviger_types::{Field, FieldError, FieldProblem};

/// Bodies with no field that a function has.
const WITHOUT_ITS_FIELDS: [(&str, &str); 3] = [
    ("an empty body", ""),
    ("a body of other fields", "a=1&b=2"),
    ("a body that is no form", "%%%&&&===[[["),
];

#[tokio::test]
async fn a_body_that_is_no_text_is_refused() -> Result<(), Failures> {
    let prepared = Prepared::get().await;
    let app = prepared.app().await;
    let admin = prepared.admin(&app);
    let before = app.dump(&[]).await;
    let mut failures = Failures::default();
    for function in server_functions() {
        let answer = send_body(&app, &admin, function, vec![0xff, 0xfe, 0x00, 0x80]).await;
        failures.note(function, "no text", answer.is_refusal(400, &ApiError::Malformed));
    }
    failures.note_changes("a function", &before, &app.dump(&[]).await);
    failures.none()
}

#[tokio::test]
async fn a_body_without_the_fields_of_the_function_is_refused() -> Result<(), Failures> {
    let prepared = Prepared::get().await;
    let app = prepared.app().await;
    let admin = prepared.admin(&app);
    let before = app.dump(&[]).await;
    let mut failures = Failures::default();
    for function in server_functions() {
        for (variant, body) in WITHOUT_ITS_FIELDS {
            let answer = send_body(&app, &admin, function, body).await;
            failures.note(function, variant, is_answer_without_fields(function, &answer));
        }
    }
    failures.note_changes("a function", &before, &app.dump(&[]).await);
    failures.none()
}

/// If the fields of a function may be absent, the body only lacks the form token, if the function demands one.
fn is_answer_without_fields(function: &ServerFunction, answer: &Answer) -> Result<(), String> {
    if !function.fields_may_be_absent {
        answer.is_refusal(400, &ApiError::Malformed)
    } else if function.name == "create_role" {
        // It reads the name of the role before it looks at the form token.
        let missing = FieldError { field: Field::RoleName, problem: FieldProblem::Missing };
        answer.is_refusal(400, &ApiError::Invalid(vec![missing]))
    } else if function.demands_form_token() {
        answer.is_refusal(403, &ApiError::CrossSite)
    } else {
        answer.is_status(StatusCode::OK)
    }
}
