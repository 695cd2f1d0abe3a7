//! Keys behind a gateway: what passes, what does not, and what is left of the limits.

use super::{
    caller::send,
    gateway::Kind,
    scene::{PATH, set_up},
};
use crate::{
    support::{PASSWORD, TestApp},
    v1::Pair,
};
use claviger_app::api::credential::DisclosedKey;
use claviger_core::domain::limits::Limits;

pub(super) async fn good_keys_pass_and_the_api_learns_whose_they_are(kind: Kind) {
    let (app, claviger, serving) = TestApp::serve().await;
    let (scene, _ada, pair) = set_up(kind, &app, claviger).await;
    let forged = [
        ("Claviger-Account", "somebody-else"),
        ("claviger-bundle", "platinum"),
        ("Claviger-Account", "and-another"),
        ("Claviger-Role", "admin"),
        ("X-Forwarded-For", "198.51.100.1"),
    ];
    let answer = scene.get(&pair, &forged).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    // Traefik cannot hand it on.
    let left = answer.header("ratelimit");
    assert!(kind == Kind::Traefik || left.is_some_and(|left| left.contains("r=14")), "{answer:?}");
    let seen = scene.upstream.only_request();
    let account = app.claviger().list_accounts().await.unwrap()[0].id.clone();
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("GET", PATH));
    assert_eq!(seen.all("claviger-account"), [account.as_str()]);
    assert_eq!(seen.all("claviger-bundle"), ["default"]);
    for gone in ["apikey", "bundlekey", "claviger-role"] {
        assert_eq!(seen.all(gone), Vec::<String>::new(), "{gone}");
    }
    let posted = [("ApiKey", pair.api_key.as_str()), ("BundleKey", pair.bundle_key.as_str())];
    assert_eq!(send(scene.address, "POST", "/maps/new", &posted, "a body").await.status, 200);
    assert_eq!(scene.upstream.last_body(), "a body");
    scene.end(serving).await;
}

pub(super) async fn bad_keys_do_not_pass(kind: Kind) {
    let (app, claviger, serving) = TestApp::serve().await;
    let (scene, _ada, pair) = set_up(kind, &app, claviger).await;
    let swapped = Pair { api_key: pair.api_key.clone(), bundle_key: pair.api_key.clone() };
    let unknown = Pair { api_key: "clv_api_nothing".to_owned(), ..pair.clone() };
    for (pair, reason) in [(swapped, "bundle_key_invalid"), (unknown, "api_key_invalid")] {
        let answer = scene.get(&pair, &[("Claviger-Account", "somebody-else")]).await;
        assert_eq!(answer.status, 401, "{answer:?}");
        assert_eq!(answer.header("claviger-reason"), Some(reason), "{answer:?}");
        assert_eq!(answer.header("www-authenticate"), Some("ApiKey"), "{answer:?}");
        assert!(answer.body.contains(reason), "{answer:?}");
    }
    assert_eq!(send(scene.address, "GET", PATH, &[], "").await.status, 401);
    app.claviger().remove_bundle("acme").await.unwrap();
    let answer = scene.get(&pair, &[]).await;
    assert_eq!((answer.status, answer.header("claviger-reason")), (403, Some("no_bundle")), "{answer:?}");
    assert_eq!(scene.upstream.requests(), 0);
    scene.end(serving).await;
}

pub(super) async fn limits_show(kind: Kind) {
    let (app, claviger, serving) = TestApp::serve().await;
    let (scene, _ada, pair) = set_up(kind, &app, claviger).await;
    app.claviger().set_limits("acme", Limits { per_second: 2, per_minute: 2 }).await.unwrap();
    for _ in 0..2 {
        assert_eq!(scene.get(&pair, &[]).await.status, 200);
    }
    let answer = scene.get(&pair, &[]).await;
    assert_eq!((answer.status, answer.header("claviger-reason")), (429, Some("rate_limited")), "{answer:?}");
    assert_eq!(answer.header("retry-after"), Some("30"), "{answer:?}");
    assert_eq!(answer.header("ratelimit-policy"), Some("\"second\";q=2;w=1, \"minute\";q=2;w=60"));
    assert_eq!(scene.upstream.requests(), 2);
    scene.end(serving).await;
}

pub(super) async fn a_reset_acts_at_once(kind: Kind) {
    let (app, claviger, serving) = TestApp::serve().await;
    let (scene, mut ada, old) = set_up(kind, &app, claviger).await;
    assert_eq!(scene.get(&old, &[]).await.status, 200);
    let new: Vec<DisclosedKey> = ada.reset_credential("api_key", "1", PASSWORD).await.json();
    assert_eq!(scene.get(&old, &[]).await.status, 401);
    let new = Pair { api_key: new[0].value.clone(), ..old };
    assert_eq!(scene.get(&new, &[]).await.status, 200);
    assert_eq!(scene.upstream.requests(), 2);
    scene.end(serving).await;
}

pub(super) async fn with_claviger_stopped_nothing_passes(kind: Kind) {
    let (app, claviger, serving) = TestApp::serve().await;
    let (scene, _ada, pair) = set_up(kind, &app, claviger).await;
    assert_eq!(scene.get(&pair, &[]).await.status, 200);
    serving.stop().await;
    for _ in 0..3 {
        let answer = scene.get(&pair, &[]).await;
        assert!((500..=504).contains(&answer.status), "{answer:?}");
    }
    assert_eq!(scene.upstream.requests(), 1);
    scene.gateway.stop().await;
}
