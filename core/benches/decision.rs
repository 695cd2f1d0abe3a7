//! Measures how long the decision alone takes, in nanoseconds: with 100,000 accounts in memory, for valid keys and
//! for each kind of invalid key.

#![allow(missing_docs, clippy::unwrap_used, reason = "a measurement fails by panicking")]

use claviger_core::{
    claviger::Claviger,
    clock::SystemClock,
    credential_key::{CredentialKey, KeyPrefix},
    installation::opening::Opening,
    random::SystemRandom,
    settings::{Patience, Settings},
    use_cases::sign_up::SignUpForm,
    verification::Presented,
};
use criterion::{Criterion, criterion_group, criterion_main};
use std::{hint::black_box, net::IpAddr, sync::Arc};

/// Makes the two texts that a request presents from a pair of keys.
type Presenting<'a> = &'a dyn Fn(&(CredentialKey, CredentialKey)) -> (String, String);

const EMAIL: &str = "ada@example.org";

async fn open(folder: &std::path::Path) -> (Claviger, Vec<(CredentialKey, CredentialKey)>) {
    let settings = Settings {
        patience: Patience::of_commands(),
        ..Settings::new(format!("sqlite://{}/claviger.db", folder.display()), folder)
    };
    let claviger = Claviger::open(settings, Opening::Making, Arc::new(SystemClock), Arc::new(SystemRandom))
        .await
        .unwrap()
        .claviger;
    let password = "wide purple tuba 9 marsh";
    let form = SignUpForm { organisation: "Acme", name: "Ada", email: EMAIL, password };
    claviger.create_account(form).await.unwrap();
    let pairs = claviger.seed(EMAIL, 100_000, 1_000).await.unwrap();
    claviger.load_keys().await.unwrap();
    (claviger, pairs)
}

fn decide(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (claviger, pairs) = runtime.block_on(open(folder.path()));
    let address: IpAddr = "203.0.113.9".parse().unwrap();
    let unknown = CredentialKey::generate(
        &KeyPrefix::default(),
        claviger_core::domain::credential::CredentialKind::ApiKey,
        &SystemRandom,
    )
    .unwrap();
    let mut group = criterion.benchmark_group("decision");
    let mut measure = |name: &str, pair: Presenting<'_>| {
        let pairs: Vec<(String, String)> = pairs.iter().map(pair).collect();
        let mut next = (0..pairs.len()).cycle();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let (api_key, bundle_key) = &pairs[next.next().unwrap_or(0)];
                let (api_key, bundle_key) = (Some(api_key.as_str()), Some(bundle_key.as_str()));
                black_box(claviger.verify(&Presented { api_key, bundle_key, service: None, address })).is_ok()
            });
        });
    };
    let text = |key: &CredentialKey| key.expose().to_owned();
    measure("good keys", &|(api_key, bundle_key)| (text(api_key), text(bundle_key)));
    measure("an unknown API key", &|(_, bundle_key)| (text(&unknown), text(bundle_key)));
    measure("a malformed API key", &|(_, bundle_key)| ("x".repeat(46), text(bundle_key)));
    measure("swapped keys", &|(api_key, bundle_key)| (text(bundle_key), text(api_key)));
    group.finish();
}

criterion_group!(benches, decide);
criterion_main!(benches);
