//! Connections that stop being HTTP: a WebSocket may pass, anything else would be a way past Claviger.

use super::{
    caller::send,
    gateway::{Gateway, Kind},
    h2c::{Nghttpx, smuggle},
    scene::{PATH, set_up},
    upstream::Upstream,
    websocket::{EchoingApi, WebSocket},
};
use crate::{
    support::{PASSWORD, TestApp, machine::has_program},
    v1::Pair,
};

/// An id that is not that of the caller's account.
const VICTIM: &str = "0193e7a0-0000-7000-8000-000000000000";
const UPGRADE: [(&str, &str); 2] = [("Connection", "Upgrade"), ("Upgrade", "h2c")];
const FORGED: [(&str, &str); 2] = [("claviger-account", VICTIM), ("service", "maps")];

pub(super) async fn h2c_opens_no_tunnel(kind: Kind) {
    if !has_program("nghttpx") {
        return;
    }
    let (app, claviger, serving) = TestApp::serve().await;
    let (_ada, pair) = app.with_keys().await;
    let api = Upstream::start().await;
    let nghttpx = Nghttpx::start(api.address).await;
    let gateway = Gateway::start(kind, claviger, nghttpx.address).await;
    let account = app.claviger().list_accounts().await.unwrap()[0].id.clone();
    for upgrade in [
        &UPGRADE[..],
        &[("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "h2c")],
        &[("Connection", "keep-alive, Upgrade"), ("Upgrade", "websocket"), ("Upgrade", "h2c")],
        &[("Connection", "Upgrade"), ("Upgrade", "h2c, websocket")],
        &[("Connection", "Upgrade"), ("Upgrade", "H2C"), ("Upgrade", "websocket")],
    ] {
        let status = smuggle(gateway.address, &pair.headers_and(upgrade), PATH, &FORGED).await;
        assert_ne!(status, 101, "the gateway took {upgrade:?}");
    }
    for seen in api.all_requests() {
        assert_eq!(seen.all("claviger-account"), [account.as_str()]);
        for gone in ["upgrade", "http2-settings"] {
            assert!(seen.all(gone).iter().all(|value| value == "websocket"), "{gone}: {seen:?}");
        }
    }
    gateway.stop().await;
    nghttpx.stop().await;
    serving.stop().await;
}

/// The attack above is a real one: it would pass unnoticed if it never worked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_attack_by_h2c_works_where_no_gateway_stands_in_its_way() {
    if !has_program("nghttpx") {
        return;
    }
    let api = Upstream::start().await;
    let nghttpx = Nghttpx::start(api.address).await;
    assert_eq!(smuggle(nghttpx.address, &UPGRADE, PATH, &FORGED).await, 101);
    let seen = api.all_requests();
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert_eq!(seen[1].all("claviger-account"), [VICTIM]);
    nghttpx.stop().await;
}

pub(super) async fn connect_opens_no_tunnel(kind: Kind) {
    let (app, claviger, serving) = TestApp::serve().await;
    let (scene, _ada, pair) = set_up(kind, &app, claviger).await;
    for target in ["example.org:443", "/maps/7"] {
        let answer = send(scene.address, "CONNECT", target, &pair.headers(), "").await;
        assert!(answer.status >= 400, "{target}: {answer:?}");
    }
    assert_eq!(scene.upstream.requests(), 0);
    scene.end(serving).await;
}

pub(super) async fn a_websocket_opens_and_outlives_its_keys(kind: Kind) {
    let (app, claviger, serving) = TestApp::serve().await;
    let (mut ada, pair) = app.with_keys().await;
    let api = EchoingApi::start().await;
    let gateway = Gateway::start(kind, claviger, api.address).await;
    let bad = Pair { api_key: "x".to_owned(), ..pair.clone() };
    let refused = WebSocket::open(gateway.address, PATH, &bad.headers()).await;
    assert_eq!(refused.answer.status, 401, "{:?}", refused.answer);
    assert_eq!(api.heads(), Vec::<String>::new());

    let forged = pair.headers_and(&[("Claviger-Account", VICTIM), ("Service", "geo")]);
    let mut socket = WebSocket::open(gateway.address, PATH, &forged).await;
    assert_eq!(socket.answer.status, 101, "{:?}", socket.answer);
    let frame = b"\x81\x85\x01\x02\x03\x04igohn";
    assert_eq!(socket.echo(frame).await, frame);
    let heads = api.heads();
    assert!(heads.len() == 1 && heads[0].contains("upgrade: websocket\r\n"), "{heads:?}");
    assert!(heads[0].contains("\r\nservice: maps\r\n"), "{heads:?}");
    for gone in ["apikey", "bundlekey", VICTIM] {
        assert!(!heads[0].contains(gone), "{gone} in {heads:?}");
    }

    // The README says so: one yes lasts as long as the connection.
    ada.reset_credential("api_key", "1", PASSWORD).await.expect_done();
    assert_eq!(socket.echo(frame).await, frame);
    assert_eq!(WebSocket::open(gateway.address, PATH, &pair.headers()).await.answer.status, 401);
    drop(socket);
    gateway.stop().await;
    serving.stop().await;
}
