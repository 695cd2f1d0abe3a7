//! `/api/sign_in`

use super::*;
use claviger_app::{api::session::Viewer, wire::error::ApiError};
use claviger_types::{Field, FieldError, FieldProblem};
use std::time::Duration;

/// What a page sends that was opened over plain HTTP from another machine.
pub(super) async fn from_another_machine(app: &TestApp, function: &str, fields: &[(&str, &str)]) -> Answer {
    let request = axum::http::Request::post(format!("/api/{function}"))
        .header("host", "192.0.2.1:3000")
        .header("origin", "http://192.0.2.1:3000")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json");
    app.send(request.body(form(fields).into()).unwrap()).await
}

async fn location_after_signing_in_towards(app: &TestApp, next: &str) -> String {
    let answer =
        app.browser().call("sign_in", &[("email", ADA), ("password", PASSWORD), ("next", next)]).await;
    answer.expect_done();
    answer.header("location").unwrap().to_owned()
}

#[tokio::test]
async fn signing_in_leads_to_the_credentials() {
    let app = TestApp::start().await;
    let _admin = app.admin().await;
    let mut browser = app.browser();
    let answer = browser.sign_in(" ADA@example.org ", PASSWORD).await;
    answer.expect_done();
    assert_eq!(answer.header("location"), Some("/credentials"));
    let viewer: Viewer = browser.viewer().await.json();
    assert_eq!(viewer.name, "Ada");
}

#[tokio::test]
async fn the_session_cookie_is_kept_from_scripts_and_from_other_sites() {
    let app = TestApp::start().await;
    let answer = app.browser().sign_up("Acme", "Ada", ADA, PASSWORD).await;
    let cookies: Vec<_> = answer.cookies().into_iter().filter(|cookie| !cookie.is_removal()).collect();
    assert!(!cookies.is_empty());
    for cookie in cookies {
        assert!(cookie.name.starts_with("__Host-"), "{cookie:?}");
        for attribute in ["httponly", "secure", "samesite=lax", "path=/"] {
            assert!(cookie.has(attribute), "{cookie:?} lacks {attribute}");
        }
        assert!(!cookie.attributes.iter().any(|attribute| attribute.starts_with("domain")), "{cookie:?}");
    }
}

#[tokio::test]
async fn signing_in_leads_to_where_one_wanted_to_go() {
    let app = TestApp::start().await;
    let _admin = app.admin().await;
    assert_eq!(location_after_signing_in_towards(&app, "/guide").await, "/guide");
}

#[tokio::test]
async fn signing_in_never_leads_to_another_site() {
    let app = TestApp::start().await;
    let _admin = app.admin().await;
    for next in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil",
        "/\t/evil",
    ] {
        assert_eq!(location_after_signing_in_towards(&app, next).await, "/credentials", "{next}");
    }
}

#[tokio::test]
async fn signing_in_towards_a_strange_path_is_no_failure() {
    let app = TestApp::start().await;
    let _admin = app.admin().await;
    for next in ["/é", "/\r\nset-cookie: a=b", "/%0d%0a", "/\u{0}"] {
        let location = location_after_signing_in_towards(&app, next).await;
        assert!(location.starts_with('/') && !location.contains(['\r', '\n']), "{location}");
    }
}

#[tokio::test]
async fn a_wrong_password_discloses_nothing() {
    let app = TestApp::start().await;
    let _admin = app.admin().await;
    let known = app.browser().sign_in(ADA, "not the password at all").await;
    let unknown = app.browser().sign_in("eve@example.org", "not the password at all").await;
    for answer in [known, unknown] {
        assert_eq!(answer.expect_refusal(401), ApiError::WrongCredentials { wait_seconds: 0 });
        assert!(
            answer.cookies().iter().all(|cookie| cookie.is_removal() || !cookie.name.contains("session"))
        );
    }
}

#[tokio::test]
async fn what_is_no_address_is_told_beside_its_field() {
    let app = TestApp::start().await;
    let answer = app.browser().sign_in("nobody", "not the password at all").await;
    let none = FieldError { field: Field::Email, problem: FieldProblem::NotAnEmail };
    assert_eq!(answer.expect_refusal(400), ApiError::Invalid(vec![none]));
}

#[tokio::test]
async fn an_empty_password_is_refused() {
    let app = TestApp::start().await;
    let _admin = app.admin().await;
    app.browser().sign_in(ADA, "").await.expect_refusal(400);
}

#[tokio::test]
async fn after_five_failures_even_the_right_password_must_wait() {
    let app = TestApp::start().await;
    let _admin = app.admin().await;
    for _ in 0..5 {
        app.browser().sign_in(ADA, "not the password at all").await.expect_refusal(401);
    }
    let answer = app.browser().sign_in(ADA, PASSWORD).await;
    assert_eq!(answer.expect_refusal(429), ApiError::Waiting { seconds: 30 });
    assert_eq!(answer.header("retry-after"), Some("30"));
    app.clock().advance(Duration::from_secs(30));
    app.browser().sign_in(ADA, PASSWORD).await.expect_done();
}

#[tokio::test]
async fn waiting_looks_the_same_for_an_address_that_nobody_has() {
    let app = TestApp::start().await;
    for _ in 0..5 {
        app.browser().sign_in("eve@example.org", "not the password at all").await.expect_refusal(401);
    }
    let answer = app.browser().sign_in("eve@example.org", PASSWORD).await;
    assert_eq!(answer.expect_refusal(429), ApiError::Waiting { seconds: 30 });
}

#[tokio::test]
async fn strangers_who_fail_do_not_keep_a_known_browser_out() {
    let app = TestApp::start().await;
    let mut admin = app.admin().await;
    admin.sign_out().await.expect_done();
    for _ in 0..6 {
        app.browser().sign_in(ADA, "not the password at all").await;
    }
    admin.sign_in(ADA, PASSWORD).await.expect_done();
}

#[tokio::test]
async fn failures_in_the_dialog_count_for_the_sign_in_of_the_same_browser() {
    let app = TestApp::start().await;
    let mut admin = app.admin().await;
    for _ in 0..5 {
        admin.view_credential("api_key", "not the password at all").await.expect_refusal(401);
    }
    admin.sign_out().await.expect_done();
    assert_eq!(admin.sign_in(ADA, PASSWORD).await.expect_refusal(429), ApiError::Waiting { seconds: 30 });
}

#[tokio::test]
async fn signing_in_again_ends_the_session_before() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    let mut before = browser.clone();
    browser.sign_in(ADA, PASSWORD).await.expect_done();
    before.viewer().await.expect_refusal(401);
}

#[tokio::test]
async fn where_the_browser_would_drop_the_cookie_the_sign_in_says_so() {
    let app = TestApp::start().await;
    let _admin = app.admin().await;
    let fields = [("email", ADA), ("password", PASSWORD), ("next", "")];
    let answer = from_another_machine(&app, "sign_in", &fields).await;
    assert_eq!(answer.expect_refusal(400), ApiError::InsecureConnection);
}

#[tokio::test]
async fn without_a_script_a_wrong_password_leads_back_to_the_form() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let form = [("email", ADA), ("password", "not the password at all"), ("next", "")];
    let answer = browser.submit("/login", "sign_in", &form).await;
    assert_eq!(answer.status.as_u16(), 302, "{answer:?}");
    let location = answer.header("location").unwrap();
    assert!(location.contains("/login?"), "{location}");
    assert!(!location.contains("password=") && !location.contains("not%20the"), "{location}");
}

#[tokio::test]
async fn an_absolute_session_ends_however_much_it_is_used() {
    let app = TestApp::start().await;
    let mut browser = app.admin().await;
    for _ in 0..35 {
        app.clock().advance(Duration::from_secs(20 * 60));
        browser.viewer().await.expect_done();
    }
    app.clock().advance(Duration::from_secs(20 * 60));
    browser.viewer().await.expect_refusal(401);
}
