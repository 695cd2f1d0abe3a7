//! `/login`

use crate::support::{ADA, PASSWORD, TestApp, form};
use axum::http::Request;

#[tokio::test]
async fn it_is_shown_to_whoever_is_signed_out() {
    let app = TestApp::start().await;
    let answer = app.browser().open("/login").await;
    answer.expect_done();
    for text in ["Log in", "Email", "Password"] {
        assert!(answer.body.contains(text), "{text}");
    }
}

#[tokio::test]
async fn without_a_script_it_says_that_the_browser_would_drop_the_cookie() {
    let app = TestApp::start().await;
    let here = "192.0.2.1:3000";
    let request = Request::post("/api/sign_in")
        .header("host", here)
        .header("origin", format!("http://{here}"))
        .header("referer", format!("http://{here}/login"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "text/html");
    let body = form(&[("email", ADA), ("password", PASSWORD), ("next", "")]);
    let refused = app.send(request.body(body.into()).unwrap()).await;
    assert_eq!(refused.status.as_u16(), 302);
    let back = refused.header("location").unwrap().strip_prefix(&format!("http://{here}")).unwrap();
    let page = app.browser().open(back).await;
    page.expect_done();
    assert!(page.body.contains("plain HTTP"), "{}", page.body);
}

#[tokio::test]
async fn made_up_parameters_do_no_harm() {
    let app = TestApp::start().await;
    for query in [
        "__path=/api/sign_in&__err=AAAA",
        "__err=%ff%fe",
        "next=%22%3E%3Cscript%3E",
        "next=//evil.example",
        "%",
    ] {
        let answer = app.browser().open(&format!("/login?{query}")).await;
        answer.expect_done();
        assert!(!answer.body.contains("\"><script>") && !answer.body.contains("href=\"//evil"), "{query}");
    }
}
