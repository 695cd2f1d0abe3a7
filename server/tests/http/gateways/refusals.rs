//! Refusals behind a gateway: status, reason and request id reach the caller.

use super::{
    caller::exchange,
    gateway::Kind,
    scene::{PATH, set_up},
};
use crate::{support::TestApp, v1::Pair};
use claviger_core::domain::limits::Limits;
use std::collections::HashSet;

pub(super) async fn a_refusal_has_its_status_and_its_request_id(kind: Kind) {
    let (app, claviger, serving) = TestApp::serve().await;
    let (scene, _ada, pair) = set_up(kind, &app, claviger).await;
    let with = |api_key: &str| Pair { api_key: api_key.to_owned(), ..pair.clone() };
    let mut answers = vec![
        (scene.get(&with(&"x".repeat(300)), &[]).await, 431, "request_malformed"),
        (scene.get(&with("clé"), &[]).await, 400, "request_malformed"),
        (scene.get(&with("x"), &[]).await, 401, "api_key_invalid"),
    ];
    app.claviger().set_limits("acme", Limits { per_second: 1, per_minute: 1 }).await.unwrap();
    assert_eq!(scene.get(&pair, &[]).await.status, 200);
    answers.push((scene.get(&pair, &[]).await, 429, "rate_limited"));
    app.claviger().remove_bundle("acme").await.unwrap();
    answers.push((scene.get(&pair, &[]).await, 403, "no_bundle"));
    let mut ids = HashSet::new();
    for (answer, status, reason) in &answers {
        answer.expect_problem(*status, reason);
        assert_eq!(answer.header("claviger-reason"), Some(*reason), "{answer:?}");
        let id = answer.header("x-request-id").unwrap_or_else(|| panic!("no request id: {answer:?}"));
        assert!(id.len() == 36 && answer.body.contains(id), "{answer:?}");
        ids.insert(id);
    }
    assert_eq!(ids.len(), answers.len());
    assert_eq!(scene.upstream.requests(), 1);
    scene.end(serving).await;
}

pub(super) async fn trailers_do_not_become_headers(kind: Kind) {
    let (app, claviger, serving) = TestApp::serve().await;
    let (scene, _ada, pair) = set_up(kind, &app, claviger).await;
    let request = format!(
        "POST {PATH} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nApiKey: {}\r\nBundleKey: {}\r\n\
         TE: trailers\r\nTrailer: Claviger-Account, Service\r\nTransfer-Encoding: chunked\r\n\r\n\
         5\r\nhello\r\n0\r\nClaviger-Account: somebody-else\r\nService: geo\r\n\r\n",
        scene.address, pair.api_key, pair.bundle_key
    );
    let answer = exchange(scene.address, request.as_bytes()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let seen = scene.upstream.only_request();
    let account = app.claviger().list_accounts().await.unwrap()[0].id.clone();
    assert_eq!(seen.all("claviger-account"), [account.as_str()]);
    assert_eq!(seen.all("service"), ["maps"]);
    assert_eq!(scene.upstream.last_body(), "hello");
    // The README of the gateways warns of those that pass trailers on as what they are.
    assert_eq!(seen.trailers, if kind == Kind::Haproxy { 2 } else { 0 });
    scene.end(serving).await;
}
