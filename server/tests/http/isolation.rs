//! Requests that are worked on at the same time take nothing from each other.

use crate::support::TestApp;
use axum::http::{HeaderValue, header::CONTENT_SECURITY_POLICY};
use claviger::http::STATIC_POLICY;
use leptos::{
    nonce::provide_nonce,
    prelude::{Owner, provide_context},
};
use leptos_axum::ResponseOptions;

/// What leptos leaves behind on the thread while a page waits for its data.
struct WaitingPage {
    _owner: Owner,
    headers: ResponseOptions,
}

impl WaitingPage {
    fn leave() -> Self {
        let owner = Owner::new_root(None);
        let headers = ResponseOptions::default();
        headers.insert_header(CONTENT_SECURITY_POLICY, HeaderValue::from_static("of the page"));
        provide_context(headers.clone());
        provide_nonce();
        Self { _owner: owner, headers }
    }

    fn has_its_policy(&self) -> bool {
        self.headers.0.read().unwrap().headers[CONTENT_SECURITY_POLICY] == "of the page"
    }
}

#[tokio::test]
async fn a_file_takes_no_header_of_a_page_that_waits_on_its_thread() {
    let app = TestApp::start().await;
    let page = WaitingPage::leave();
    let file = app.get("/favicon.svg").await;
    assert_eq!(file.header("content-security-policy"), Some(STATIC_POLICY));
    assert!(page.has_its_policy());
}

#[tokio::test]
async fn a_server_function_takes_no_nonce_of_a_page_that_waits_on_its_thread() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let page = WaitingPage::leave();
    let answer = browser.viewer().await;
    assert_eq!(answer.header("content-security-policy"), Some(STATIC_POLICY));
    assert!(page.has_its_policy());
}
