//! A function acts only for the pages of this installation, and only by POST.

use super::{
    failures::Failures,
    forms::{Filled, send_method},
    prepared::Prepared,
    table::server_functions,
};
use crate::support::HERE;
use axum::http::{Method, StatusCode};
use claviger_app::wire::error::ApiError;

const OTHER_SITES: [(&str, &[(&str, &str)]); 5] = [
    ("from a foreign origin", &[("origin", "https://evil.example")]),
    ("from an origin on another port", &[("origin", "http://localhost:4000")]),
    ("without an origin", &[]),
    ("from the origin null", &[("origin", "null")]),
    ("fetched from another site", &[("origin", HERE), ("sec-fetch-site", "cross-site")]),
];

#[tokio::test]
async fn a_request_of_another_site_is_refused() -> Result<(), Failures> {
    let prepared = Prepared::get().await;
    let app = prepared.app().await;
    let admin = prepared.admin(&app);
    let forms = Filled::all(prepared, &admin, |_| true);
    let before = app.dump(&[]).await;
    let mut failures = Failures::default();
    for form in forms {
        for (variant, headers) in OTHER_SITES {
            let answer = form.send_with_headers(&app, &admin, headers).await;
            failures.note(form.function, variant, answer.is_refusal(403, &ApiError::CrossSite));
        }
    }
    failures.note_changes("a function", &before, &app.dump(&[]).await);
    failures.none()
}

#[tokio::test]
async fn another_method_than_post_is_refused() -> Result<(), Failures> {
    let prepared = Prepared::get().await;
    let app = prepared.app().await;
    let admin = prepared.admin(&app);
    let before = app.dump(&[]).await;
    let mut failures = Failures::default();
    for function in server_functions() {
        for method in [Method::GET, Method::PUT] {
            let answer = send_method(&app, &admin, function, &method).await;
            let refused =
                answer.is_status(StatusCode::METHOD_NOT_ALLOWED).and_then(|()| answer.holds_no_key());
            failures.note(function, method.as_str(), refused);
        }
    }
    failures.note_changes("a function", &before, &app.dump(&[]).await);
    failures.none()
}
