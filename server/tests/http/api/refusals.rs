//! Refusals that several server functions share: declared once, proved of each.

use super::{Fields, FieldsOf, acceptable, borrowed, with_body, with_headers, with_method};
use crate::support::{ADA, Answer, Browser, HERE, PASSWORD, TestApp};
use axum::{body::Body, http::Method};
use claviger_app::api::error::ApiError;
use std::time::Duration;

/// A request of the admin that is right but for these headers, and for the Origin if it is not among them.
pub(super) async fn expect_cross_site(function: &str, right: FieldsOf, headers: &[(&str, &str)]) {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let fields = acceptable(right, &mut browser).await;
    let answer = with_headers(&browser, &app, function, &fields, headers).await;
    assert_eq!(answer.expect_refusal(403), ApiError::CrossSite);
}

/// What the refusals vary is accepted as it is; else they would prove little.
pub(super) async fn expect_accepted(function: &str, right: FieldsOf) {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let fields = acceptable(right, &mut browser).await;
    with_headers(&browser, &app, function, &fields, &[("origin", HERE)]).await.expect_done();
}

pub(super) async fn expect_no_method(function: &str, method: Method) {
    let app = TestApp::start().await;
    let answer = with_method(&app.admin().await, &app, function, method).await;
    assert_eq!(answer.status.as_u16(), 405);
    answer.expect_no_key();
}

/// Refusals of every server function. `$right` makes fields that would be accepted.
macro_rules! refuses_other_sites {
    ($function:literal, $right:path) => {
        mod other_sites {
            use super::super::refusals::{expect_accepted, expect_cross_site, expect_no_method};
            use crate::support::HERE;
            use axum::http::Method;

            #[tokio::test]
            async fn the_form_of_a_page_is_accepted() {
                expect_accepted($function, $right).await;
            }

            #[tokio::test]
            async fn a_foreign_origin_is_refused() {
                expect_cross_site($function, $right, &[("origin", "https://evil.example")]).await;
            }

            #[tokio::test]
            async fn an_origin_on_another_port_is_refused() {
                expect_cross_site($function, $right, &[("origin", "http://localhost:4000")]).await;
            }

            #[tokio::test]
            async fn an_absent_origin_is_refused() {
                expect_cross_site($function, $right, &[]).await;
            }

            #[tokio::test]
            async fn an_origin_of_null_is_refused() {
                expect_cross_site($function, $right, &[("origin", "null")]).await;
            }

            #[tokio::test]
            async fn a_fetch_from_another_site_is_refused() {
                let headers = [("origin", HERE), ("sec-fetch-site", "cross-site")];
                expect_cross_site($function, $right, &headers).await;
            }

            #[tokio::test]
            async fn a_look_is_refused() {
                expect_no_method($function, Method::GET).await;
            }

            #[tokio::test]
            async fn another_method_is_refused() {
                expect_no_method($function, Method::PUT).await;
            }
        }
    };
}
pub(super) use refuses_other_sites;

pub(super) async fn expect_malformed(function: &str, body: impl Into<Body>) {
    let app = TestApp::start().await;
    let answer = with_body(&app.admin().await, &app, function, body).await;
    assert_eq!(answer.expect_refusal(400), ApiError::Malformed);
}

/// Refusals of the functions that need arguments.
macro_rules! refuses_unreadable_bodies {
    ($function:literal) => {
        mod unreadable_bodies {
            use super::super::refusals::expect_malformed;

            #[tokio::test]
            async fn an_empty_body_is_refused() {
                expect_malformed($function, "").await;
            }

            #[tokio::test]
            async fn a_body_of_other_fields_is_refused() {
                expect_malformed($function, "a=1&b=2").await;
            }

            #[tokio::test]
            async fn a_body_that_is_no_form_is_refused() {
                expect_malformed($function, "%%%&&&===[[[").await;
            }

            #[tokio::test]
            async fn a_body_that_is_no_text_is_refused() {
                expect_malformed($function, vec![0xff, 0xfe, 0x00, 0x80]).await;
            }
        }
    };
}
pub(super) use refuses_unreadable_bodies;

async fn call(browser: &mut Browser<'_>, function: &str, fields: &Fields) -> Answer {
    browser.call(function, &borrowed(fields)).await
}

async fn expect_signed_out(browser: &mut Browser<'_>, function: &str, fields: &Fields) {
    assert_eq!(call(browser, function, fields).await.expect_refusal(401), ApiError::SignedOut);
}

pub(super) async fn expect_refusal_without_session(function: &str, right: FieldsOf) {
    let app = TestApp::start().await;
    let fields = acceptable(right, &mut app.admin().await).await;
    expect_signed_out(&mut app.browser(), function, &fields).await;
}

pub(super) async fn expect_refusal_after_signing_out(function: &str, right: FieldsOf) {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let fields = acceptable(right, &mut browser).await;
    let mut with_old_cookies = browser.clone();
    browser.sign_out().await.expect_done();
    expect_signed_out(&mut with_old_cookies, function, &fields).await;
}

pub(super) async fn expect_refusal_after_idling(function: &str, right: FieldsOf) {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let fields = acceptable(right, &mut browser).await;
    app.clock().advance(Duration::from_secs(30 * 60));
    expect_signed_out(&mut browser, function, &fields).await;
}

pub(super) async fn expect_refusal_of_made_up_cookies(function: &str, right: FieldsOf) {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let fields = acceptable(right, &mut browser).await;
    browser.make_up_cookies();
    expect_signed_out(&mut browser, function, &fields).await;
}

/// Refusals of the functions that need somebody to be signed in.
macro_rules! refuses_who_is_signed_out {
    ($function:literal, $right:path) => {
        mod sessions {
            use super::super::refusals::*;

            #[tokio::test]
            async fn without_a_session_it_is_refused() {
                expect_refusal_without_session($function, $right).await;
            }

            #[tokio::test]
            async fn after_signing_out_it_is_refused() {
                expect_refusal_after_signing_out($function, $right).await;
            }

            #[tokio::test]
            async fn after_half_an_hour_without_use_it_is_refused() {
                expect_refusal_after_idling($function, $right).await;
            }

            #[tokio::test]
            async fn with_made_up_cookies_it_is_refused() {
                expect_refusal_of_made_up_cookies($function, $right).await;
            }
        }
    };
}
pub(super) use refuses_who_is_signed_out;

pub(super) async fn expect_refusal_of_csrf(function: &str, right: FieldsOf, csrf: &str) {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let mut fields = acceptable(right, &mut browser).await;
    for (_, value) in fields.iter_mut().filter(|(name, _)| *name == "csrf") {
        csrf.clone_into(value);
    }
    assert_eq!(call(&mut browser, function, &fields).await.expect_refusal(403), ApiError::CrossSite);
}

pub(super) async fn expect_refusal_of_earlier_csrf(function: &str, right: FieldsOf) {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let fields = acceptable(right, &mut browser).await;
    browser.sign_out().await.expect_done();
    browser.sign_in(ADA, PASSWORD).await.expect_done();
    assert_eq!(call(&mut browser, function, &fields).await.expect_refusal(403), ApiError::CrossSite);
}

/// Refusals of the functions that change something of a session.
macro_rules! refuses_forms_of_other_sessions {
    ($function:literal, $right:path) => {
        mod forms_of_other_sessions {
            use super::super::refusals::{expect_refusal_of_csrf, expect_refusal_of_earlier_csrf};

            #[tokio::test]
            async fn a_wrong_csrf_token_is_refused() {
                expect_refusal_of_csrf($function, $right, &"A".repeat(43)).await;
            }

            #[tokio::test]
            async fn an_empty_csrf_token_is_refused() {
                expect_refusal_of_csrf($function, $right, "").await;
            }

            #[tokio::test]
            async fn the_csrf_token_of_an_earlier_session_is_refused() {
                expect_refusal_of_earlier_csrf($function, $right).await;
            }
        }
    };
}
pub(super) use refuses_forms_of_other_sessions;
