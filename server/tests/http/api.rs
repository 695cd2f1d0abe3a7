//! `/api/…`: the server functions, each with one test a refusal. The refusals that several share are declared here,
//! and each function says which it has.

use crate::support::{ADA, Answer, Browser, HERE, PASSWORD, TestApp, form};
use axum::{
    body::Body,
    http::{Method, Request, header},
};

mod copy_credential;
mod credentials;
mod form_draft;
mod registration;
mod reset_both_credentials;
mod reset_credential;
mod sign_in;
mod sign_out;
mod sign_up;
mod view_credential;
mod viewer;

/// A request that is right but for the headers.
async fn with_headers(
    browser: &Browser<'_>,
    app: &TestApp,
    path: &str,
    fields: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> Answer {
    let mut request = browser.request(Method::POST, path).header(header::ACCEPT, "application/json");
    if let Some(all) = request.headers_mut() {
        all.remove(header::ORIGIN);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(form(fields).into()).unwrap()).await
}

/// A request that is right but for the body.
async fn with_body(browser: &Browser<'_>, app: &TestApp, path: &str, body: impl Into<Body>) -> Answer {
    let request = browser.request(Method::POST, path).header(header::ACCEPT, "application/json");
    app.send(request.body(body.into()).unwrap()).await
}

async fn with_method(browser: &Browser<'_>, app: &TestApp, path: &str, method: Method) -> Answer {
    let request: Request<Body> = browser.request(method, path).body(Body::empty()).unwrap();
    app.send(request).await
}

/// Refusals of every server function. `$fields` makes fields that would be accepted.
macro_rules! refuses_other_sites {
    ($path:literal, $fields:expr) => {
        mod other_sites {
            use super::super::*;
            use claviger_app::api::error::ApiError;

            async fn expect_cross_site(headers: &[(&str, &str)]) {
                let app = TestApp::start().await;
                let browser = app.admin().await;
                let fields: Vec<(&str, String)> = $fields(&browser);
                let fields: Vec<(&str, &str)> =
                    fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let answer = with_headers(&browser, &app, $path, &fields, headers).await;
                assert_eq!(answer.expect_refusal(403), ApiError::CrossSite);
            }

            #[tokio::test]
            async fn a_foreign_origin_is_refused() {
                expect_cross_site(&[("origin", "https://evil.example")]).await;
            }

            #[tokio::test]
            async fn an_origin_on_another_port_is_refused() {
                expect_cross_site(&[("origin", "http://localhost:4000")]).await;
            }

            #[tokio::test]
            async fn an_absent_origin_is_refused() {
                expect_cross_site(&[]).await;
            }

            #[tokio::test]
            async fn an_origin_of_null_is_refused() {
                expect_cross_site(&[("origin", "null")]).await;
            }

            #[tokio::test]
            async fn a_fetch_from_another_site_is_refused() {
                expect_cross_site(&[("origin", HERE), ("sec-fetch-site", "cross-site")]).await;
            }

            #[tokio::test]
            async fn a_look_is_refused() {
                let app = TestApp::start().await;
                let answer = with_method(&app.admin().await, &app, $path, Method::GET).await;
                assert_eq!(answer.status.as_u16(), 405);
                answer.expect_no_key();
            }

            #[tokio::test]
            async fn another_method_is_refused() {
                let app = TestApp::start().await;
                let answer = with_method(&app.admin().await, &app, $path, Method::PUT).await;
                assert_eq!(answer.status.as_u16(), 405);
                answer.expect_no_key();
            }
        }
    };
}
pub(crate) use refuses_other_sites;

/// Refusals of the functions that take arguments.
macro_rules! refuses_unreadable_bodies {
    ($path:literal) => {
        mod unreadable_bodies {
            use super::super::*;
            use claviger_app::api::error::ApiError;

            async fn expect_malformed(body: impl Into<Body>) {
                let app = TestApp::start().await;
                let answer = with_body(&app.admin().await, &app, $path, body).await;
                assert_eq!(answer.expect_refusal(400), ApiError::Malformed);
            }

            #[tokio::test]
            async fn an_empty_body_is_refused() {
                expect_malformed("").await;
            }

            #[tokio::test]
            async fn a_body_of_other_fields_is_refused() {
                expect_malformed("a=1&b=2").await;
            }

            #[tokio::test]
            async fn a_body_that_is_no_form_is_refused() {
                expect_malformed("%%%&&&===[[[").await;
            }

            #[tokio::test]
            async fn a_body_that_is_no_text_is_refused() {
                expect_malformed(vec![0xff, 0xfe, 0x00, 0x80]).await;
            }
        }
    };
}
pub(crate) use refuses_unreadable_bodies;

/// Refusals of the functions that need somebody to be signed in.
macro_rules! refuses_who_is_signed_out {
    ($path:literal, $fields:expr) => {
        mod sessions {
            use super::super::*;
            use claviger_app::api::error::ApiError;
            use std::time::Duration;

            async fn call(browser: &mut Browser<'_>) -> Answer {
                let fields: Vec<(&str, String)> = $fields(&*browser);
                let fields: Vec<(&str, &str)> =
                    fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                browser.call($path.trim_start_matches("/api/"), &fields).await
            }

            async fn expect_signed_out(browser: &mut Browser<'_>) {
                assert_eq!(call(browser).await.expect_refusal(401), ApiError::SignedOut);
            }

            #[tokio::test]
            async fn without_a_session_it_is_refused() {
                let app = TestApp::start().await;
                let admin = app.admin().await;
                let mut browser = app.browser();
                browser.csrf = admin.csrf.clone();
                expect_signed_out(&mut browser).await;
            }

            #[tokio::test]
            async fn after_signing_out_it_is_refused() {
                let app = TestApp::start().await;
                let mut browser = app.admin().await;
                let mut with_old_cookies = browser.clone();
                browser.sign_out().await.expect_done();
                expect_signed_out(&mut with_old_cookies).await;
            }

            #[tokio::test]
            async fn after_half_an_hour_without_use_it_is_refused() {
                let app = TestApp::start().await;
                let mut browser = app.admin().await;
                app.clock().advance(Duration::from_secs(30 * 60));
                expect_signed_out(&mut browser).await;
            }

            #[tokio::test]
            async fn with_made_up_cookies_it_is_refused() {
                let app = TestApp::start().await;
                let mut browser = app.admin().await;
                browser.make_up_cookies();
                expect_signed_out(&mut browser).await;
            }
        }
    };
}
pub(crate) use refuses_who_is_signed_out;

/// Refusals of the functions that change something of a session.
macro_rules! refuses_forms_of_other_sessions {
    ($path:literal, $fields:expr) => {
        mod forms_of_other_sessions {
            use super::super::*;
            use claviger_app::api::error::ApiError;

            async fn expect_cross_site(csrf: &str) {
                let app = TestApp::start().await;
                let mut browser = app.admin().await;
                browser.csrf = csrf.to_owned();
                let fields: Vec<(&str, String)> = $fields(&browser);
                let fields: Vec<(&str, &str)> =
                    fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let answer = browser.call($path.trim_start_matches("/api/"), &fields).await;
                assert_eq!(answer.expect_refusal(403), ApiError::CrossSite);
            }

            #[tokio::test]
            async fn a_wrong_csrf_token_is_refused() {
                expect_cross_site("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await;
            }

            #[tokio::test]
            async fn an_empty_csrf_token_is_refused() {
                expect_cross_site("").await;
            }

            #[tokio::test]
            async fn the_csrf_token_of_an_earlier_session_is_refused() {
                let app = TestApp::start().await;
                let mut browser = app.admin().await;
                browser.sign_out().await.expect_done();
                browser.sign_in(ADA, PASSWORD).await.expect_done();
                let fields: Vec<(&str, String)> = $fields(&browser);
                let fields: Vec<(&str, &str)> =
                    fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let answer = browser.call($path.trim_start_matches("/api/"), &fields).await;
                assert_eq!(answer.expect_refusal(403), ApiError::CrossSite);
            }
        }
    };
}
pub(crate) use refuses_forms_of_other_sessions;

/// Refusals of the functions that ask for the password again. `$fields` makes fields with this password.
macro_rules! asks_for_the_password {
    ($path:literal, $fields:expr) => {
        mod passwords {
            use super::super::*;
            use claviger_app::api::error::ApiError;
            use std::time::Duration;

            const WRONG: &str = "not the password at all";

            async fn call(browser: &mut Browser<'_>, password: Option<&str>) -> Answer {
                let fields: Vec<(&str, String)> = $fields(&*browser);
                let fields = fields.iter().filter_map(|(name, value)| match *name {
                    "password" => password.map(|password| ("password", password)),
                    other => Some((other, value.as_str())),
                });
                let fields: Vec<(&str, &str)> = fields.collect();
                browser.call($path.trim_start_matches("/api/"), &fields).await
            }

            async fn expect_wrong_password(password: Option<&str>) {
                let app = TestApp::start().await;
                let answer = call(&mut app.admin().await, password).await;
                assert!(matches!(answer.expect_refusal(401), ApiError::WrongPassword { .. }), "{answer:?}");
            }

            #[tokio::test]
            async fn a_missing_password_is_refused() {
                expect_wrong_password(None).await;
            }

            #[tokio::test]
            async fn an_empty_password_is_refused() {
                expect_wrong_password(Some("")).await;
            }

            #[tokio::test]
            async fn a_wrong_password_is_refused() {
                expect_wrong_password(Some(WRONG)).await;
            }

            #[tokio::test]
            async fn a_password_of_another_case_is_refused() {
                expect_wrong_password(Some(&PASSWORD.to_uppercase())).await;
            }

            #[tokio::test]
            async fn the_password_of_somebody_else_is_refused() {
                let app = TestApp::start().await;
                let mut admin = app.admin().await;
                let other = "quiet orange ladder 4 frost";
                app.browser().sign_up("Other", "Eve", "eve@example.org", other).await.expect_done();
                let answer = call(&mut admin, Some(other)).await;
                assert!(matches!(answer.expect_refusal(401), ApiError::WrongPassword { .. }), "{answer:?}");
            }

            #[tokio::test]
            async fn a_password_longer_than_any_may_be_is_refused() {
                let app = TestApp::start().await;
                let answer = call(&mut app.admin().await, Some(&"x".repeat(5_000))).await;
                assert!(answer.status.is_client_error(), "{answer:?}");
                answer.expect_no_key();
            }

            #[tokio::test]
            async fn after_five_wrong_passwords_even_the_right_one_must_wait() {
                let app = TestApp::start().await;
                let mut browser = app.admin().await;
                for _ in 0..5 {
                    call(&mut browser, Some(WRONG)).await.expect_refusal(401);
                }
                let answer = call(&mut browser, Some(PASSWORD)).await;
                assert_eq!(answer.expect_refusal(429), ApiError::Waiting { seconds: 30 });
                assert_eq!(answer.header("retry-after"), Some("30"));
                app.clock().advance(Duration::from_secs(30));
                call(&mut browser, Some(PASSWORD)).await.expect_done();
            }

            #[tokio::test]
            async fn the_fifth_wrong_password_is_told_how_long_to_wait() {
                let app = TestApp::start().await;
                let mut browser = app.admin().await;
                for wait_seconds in [0, 0, 0, 0, 30] {
                    let error = call(&mut browser, Some(WRONG)).await.expect_refusal(401);
                    assert_eq!(error, ApiError::WrongPassword { wait_seconds });
                }
            }

            #[tokio::test]
            async fn a_member_without_the_permission_is_refused_even_with_the_password() {
                let app = TestApp::start().await;
                let _admin = app.admin().await;
                let mut member = app.member(&[]).await;
                let error = call(&mut member, Some(PASSWORD)).await.expect_refusal(403);
                assert_eq!(error, ApiError::NotPermitted { admins: vec!["Ada".to_owned()] });
            }

            #[tokio::test]
            async fn a_member_with_the_permission_is_not() {
                let app = TestApp::start().await;
                let _admin = app.admin().await;
                let permission = claviger_core::domain::permission::Permission::ApiCredentialsManagement;
                let mut member = app.member(&[permission]).await;
                call(&mut member, Some(PASSWORD)).await.expect_done();
            }

            #[tokio::test]
            async fn the_session_token_is_replaced_and_the_old_one_works_ten_seconds_more() {
                let app = TestApp::start().await;
                let mut browser = app.admin().await;
                let mut before = browser.clone();
                call(&mut browser, Some(PASSWORD)).await.expect_done();
                assert!(!browser.has_same_cookies(&before));
                app.clock().advance(Duration::from_millis(9_999));
                before.viewer().await.expect_done();
                app.clock().advance(Duration::from_millis(1));
                assert_eq!(before.viewer().await.expect_refusal(401), ApiError::SignedOut);
                browser.viewer().await.expect_done();
            }

            #[tokio::test]
            async fn a_wrong_password_replaces_no_token() {
                let app = TestApp::start().await;
                let mut browser = app.admin().await;
                let before = browser.clone();
                call(&mut browser, Some(WRONG)).await.expect_refusal(401);
                assert!(browser.has_same_cookies(&before));
            }

            #[tokio::test]
            async fn without_a_script_nothing_is_disclosed() {
                let app = TestApp::start().await;
                let mut browser = app.admin().await;
                let fields: Vec<(&str, String)> = $fields(&browser);
                let fields: Vec<(&str, &str)> =
                    fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let function = $path.trim_start_matches("/api/");
                let answer = browser.submit("/credentials", function, &fields).await;
                assert!(answer.status.is_redirection(), "{answer:?}");
                answer.expect_no_key();
            }
        }
    };
}
pub(crate) use asks_for_the_password;

/// Fields as owned text, for the macros above.
fn fields(pairs: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}
