//! The services of a bundle behind a gateway: the gateway names the service of each route, whatever the caller names.

use super::{
    caller::exchange,
    gateway::Kind,
    scene::{Scene, set_up},
};
use crate::{support::TestApp, v1::Pair};
use claviger_core::{domain::bundle::Services, use_cases::bundles::BundleChange};

impl TestApp {
    async fn sell_only(&self, services: &str) {
        let services = Some(Services::parse(services).unwrap());
        let change = BundleChange { services, ..BundleChange::default() };
        self.claviger().change_bundle("acme", &change).await.unwrap();
    }
}

pub(super) async fn the_gateway_names_the_service_and_not_the_caller(kind: Kind) {
    let (app, claviger, serving) = TestApp::serve().await;
    let (scene, _ada, pair) = set_up(kind, &app, claviger).await;
    app.sell_only("geo").await;
    for named in [&[][..], &[("Service", "geo")], &[("service", "maps")], &[("Service", "")]] {
        let answer = scene.ask("/geo/7", &pair, named).await;
        assert_eq!(answer.status, 200, "{named:?}: {answer:?}");
        assert_eq!(scene.upstream.last_request().all("service"), ["geo"], "{named:?}");
        let answer = scene.ask("/maps/7", &pair, named).await;
        let refusal = (answer.status, answer.header("claviger-reason"));
        assert_eq!(refusal, (403, Some("service_not_in_bundle")), "{named:?}: {answer:?}");
    }
    let seen = scene.upstream.requests();
    for path in ["/", "/geo", "/other/7", "/_claviger", "/v1/authorize"] {
        let answer = scene.ask(path, &pair, &[("Service", "geo")]).await;
        assert_eq!(answer.status, 404, "{path}: {answer:?}");
    }
    assert_eq!(scene.upstream.requests(), seen);
    a_header_cannot_be_dropped_by_naming_it(&scene, &pair).await;
    scene.end(serving).await;
}

/// RFC 9110, section 7.6.1: a proxy removes the headers that `Connection` names.
async fn a_header_cannot_be_dropped_by_naming_it(scene: &Scene, pair: &Pair) {
    for (path, status) in [("/geo/7", 200), ("/maps/7", 403)] {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close, Service, Claviger-Account\r\nService: geo\r\n\
             ApiKey: {}\r\nBundleKey: {}\r\n\r\n",
            scene.address, pair.api_key, pair.bundle_key
        );
        let answer = exchange(scene.address, request.as_bytes()).await;
        assert_eq!(answer.status, status, "{path}: {answer:?}");
    }
    let seen = scene.upstream.last_request();
    assert_eq!((seen.target.as_str(), seen.all("service")), ("/geo/7", vec!["geo".to_owned()]));
    assert_eq!(seen.all("claviger-account").len(), 1);
}

pub(super) async fn a_repeated_key_or_service_is_refused(kind: Kind) {
    let (app, claviger, serving) = TestApp::serve().await;
    let (scene, _ada, pair) = set_up(kind, &app, claviger).await;
    let services = [[("Service", "geo"), ("service", "maps")], [("Service", "geo"), ("Service", "geo")]];
    let keys = [[("apikey", pair.api_key.as_str())], [("ApiKey", "another")], [("BundleKey", "")]];
    let mut all: Vec<&[(&str, &str)]> = keys.iter().map(|key| &key[..]).collect();
    if kind == Kind::Traefik {
        // Traefik cannot count them. It replaces them all.
        assert_eq!(scene.get(&pair, &services[0]).await.status, 200);
        assert_eq!(scene.upstream.last_request().all("service"), ["maps"]);
    } else {
        all.extend(services.iter().map(|service| &service[..]));
    }
    let seen = scene.upstream.requests();
    for twice in all {
        let answer = scene.get(&pair, twice).await;
        answer.expect_problem(400, "request_malformed");
        assert_eq!(answer.header("claviger-reason"), Some("request_malformed"), "{twice:?}: {answer:?}");
    }
    assert_eq!(scene.upstream.requests(), seen);
    scene.end(serving).await;
}

/// An API may read a path otherwise than the gateway: it decodes, or resolves, or merges what the gateway did not.
pub(super) async fn a_disguised_path_gets_no_other_service(kind: Kind) {
    let (app, claviger, serving) = TestApp::serve().await;
    let (scene, _ada, pair) = set_up(kind, &app, claviger).await;
    app.sell_only("geo").await;
    for path in [
        "/geo/../maps/7",
        "/geo/./../maps/7",
        "/geo/%2e%2e/maps/7",
        "/geo/.%2E/maps/7",
        "/geo/..%2fmaps/7",
        "/geo%2f..%2fmaps/7",
        "/geo/..;/maps/7",
        "/geo/..\\maps/7",
        "/geo/..%5Cmaps/7",
        "//maps/7",
        "/geo/..",
        "//geo/../maps/7",
        "/%6daps/7",
        "http://127.0.0.1/maps/7",
        "http://127.0.0.1/geo/../maps/7",
        "http://127.0.0.1//maps/7",
    ] {
        let answer = scene.ask(path, &pair, &[]).await;
        assert!((400..500).contains(&answer.status), "{path}: {answer:?}");
    }
    assert_eq!(scene.upstream.requests(), 0);
    let query = "/geo/7?from=//maps/../7&to=%2F";
    assert_eq!(scene.ask(query, &pair, &[]).await.status, 200);
    assert_eq!(scene.upstream.only_request().target, query);
    scene.end(serving).await;
}
