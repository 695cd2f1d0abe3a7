//! `/v1`: what gateways and programs ask.

mod authorize;
mod documents;
mod listeners;
mod log;
mod verify;

use crate::support::{Answer, Browser, PASSWORD, TestApp};
use axum::{
    body::Body,
    http::{Method, Request, request::Builder},
};
use claviger_app::api::credential::DisclosedKey;
use claviger_core::use_cases::bundles::BundleChange;

/// Both keys of Ada's organisation.
#[derive(Clone)]
pub(crate) struct Pair {
    pub(crate) api_key: String,
    pub(crate) bundle_key: String,
}

impl TestApp {
    /// Ada, signed in, with her keys, all keys being loaded.
    pub(crate) async fn with_keys(&self) -> (Browser<'_>, Pair) {
        let mut ada = self.admin().await;
        let api_key: DisclosedKey = ada.view_credential("api_key", PASSWORD).await.json();
        let bundle_key: DisclosedKey = ada.view_credential("bundle_key", PASSWORD).await.json();
        self.claviger().load_keys().await.unwrap();
        (ada, Pair { api_key: api_key.value, bundle_key: bundle_key.value })
    }

    pub(crate) async fn authorize(&self, pair: &Pair) -> Answer {
        self.send(pair.request(&Method::GET, "/v1/authorize").body(Body::empty()).unwrap()).await
    }

    async fn change_bundle(&self, change: BundleChange) {
        self.claviger().change_bundle("acme", &change).await.unwrap();
    }
}

impl Pair {
    fn request(&self, method: &Method, path: &str) -> Builder {
        let request = Request::builder().method(method).uri(path).header("host", "localhost:3000");
        request.header("ApiKey", &self.api_key).header("BundleKey", &self.bundle_key)
    }
}

/// A problem document (RFC 9457) that says this, and nothing of a key.
#[track_caller]
fn expect_problem(answer: &Answer, status: u16, reason: &str) -> serde_json::Value {
    assert_eq!(answer.status.as_u16(), status, "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{answer:?}");
    assert_eq!(answer.header("claviger-reason"), Some(reason), "{answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.expect_no_key();
    let problem: serde_json::Value = answer.json();
    assert_eq!(problem["status"], status);
    assert_eq!(problem["reason"], reason);
    assert_eq!(problem["type"], format!("/guide#{reason}"));
    problem
}
