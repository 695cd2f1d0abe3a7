//! Verification of requests: which requests pass, which are refused and why, and from when on.

use crate::support::*;
use claviger_core::{
    claviger::Claviger,
    domain::{bundle::Services, limits::Limits},
    use_cases::bundles::{AccountChangeError, BundleChange},
    verification::{
        Cause::{
            self, AccountDisabled, AsTold, Foreign, Malformed, Missing, Retired, Swapped, TooManyBadKeys,
            Unknown,
        },
        Denied, Passed, Presented, PresentedKey,
        Reason::{self, *},
    },
};
use std::time::Duration;

const ADA: &str = "ada@example.org";
const EVE: &str = "eve@example.org";
pub(crate) const ACME: &str = "northwind";

/// Both keys of a person's organisation.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) api_key: String,
    pub(crate) bundle_key: String,
}

impl Pair {
    pub(crate) fn verify(&self, claviger: &Claviger) -> Result<Passed, Denied> {
        self.verify_from("203.0.113.9", claviger)
    }

    pub(crate) fn verify_from(&self, address: &str, claviger: &Claviger) -> Result<Passed, Denied> {
        let address = address.parse().unwrap();
        let (api_key, bundle_key) = (Some(self.api_key.as_str()), Some(self.bundle_key.as_str()));
        claviger.verify(&Presented { api_key, bundle_key, service: None, address })
    }
}

impl Installation {
    /// Ada's organisation with both its keys, and all keys in the cache.
    pub(crate) async fn with_keys(&self) -> (Person, Pair) {
        let mut ada = self.sign_up(ADA).await;
        let pair = self.pair(&mut ada).await;
        self.claviger.load_keys().await.unwrap();
        (ada, pair)
    }

    pub(crate) async fn pair(&self, person: &mut Person) -> Pair {
        let api_key = self.view(person, PASSWORD).await.unwrap();
        Pair { api_key, bundle_key: self.copy(person, PASSWORD).await.unwrap() }
    }

    pub(crate) fn verify(&self, pair: &Pair) -> Result<Passed, Denied> {
        pair.verify(&self.claviger)
    }

    fn verify_service(&self, pair: &Pair, service: Option<&str>) -> Result<Passed, Denied> {
        self.ask(Some(&pair.api_key), Some(&pair.bundle_key), service)
    }

    fn ask(
        &self,
        api_key: Option<&str>,
        bundle_key: Option<&str>,
        service: Option<&str>,
    ) -> Result<Passed, Denied> {
        let address = "203.0.113.9".parse().unwrap();
        self.claviger.verify(&Presented { api_key, bundle_key, service, address })
    }

    async fn change_bundle(&self, change: BundleChange) {
        self.claviger.change_bundle(ACME, &change).await.unwrap();
    }
}

#[track_caller]
pub(crate) fn expect_refusal(answer: Result<Passed, Denied>, reason: Reason, cause: Cause) {
    let refused = answer.unwrap_err();
    assert_eq!((refused.reason, refused.cause), (reason, cause));
}

fn services(text: &str) -> BundleChange {
    BundleChange { services: Some(Services::parse(text).unwrap()), ..BundleChange::default() }
}

fn quota(quota: u64, is_trial: bool) -> BundleChange {
    BundleChange { quota: Some(Some(quota)), is_trial: Some(is_trial), ..BundleChange::default() }
}

/// Well-formed, with the right checksum, but never issued.
const NOBODYS_API_KEY: &str = "clv_api_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123453RVR0J";
const NOBODYS_BUNDLE_KEY: &str = "clv_bdl_ABCDEFGHIJKLMNOPQRSTUVWXYZ01234535svCY";

/// The key with its last random character changed, so that its checksum is wrong.
fn mistyped(key: &str) -> String {
    let (start, end) = key.split_at(key.len() - 7);
    format!("{start}{}{}", if end.starts_with('a') { 'b' } else { 'a' }, &end[1..])
}

on_both_engines! {
    async fn a_good_pair_passes_and_names_its_account_and_bundle(installation: Installation) {
        let (_ada, pair) = installation.with_keys().await;
        let passed = installation.verify(&pair).unwrap();
        let account = &installation.claviger.list_accounts().await.unwrap()[0];
        assert_eq!((passed.account(), passed.bundle().as_str()), (&account.id, "default"));
        assert_eq!((passed.rate_limits().second.remaining, passed.rate_limits().minute.remaining), (14, 119));
    }

    async fn every_bad_key_looks_alike_and_the_log_knows_why(installation: Installation) {
        let (mut ada, old) = installation.with_keys().await;
        let mut eve = installation.sign_up(EVE).await;
        let eves = installation.pair(&mut eve).await;
        installation.reset(&mut ada, reset_api_key(1)).await.unwrap();
        let api_key = installation.view(&mut ada, PASSWORD).await.unwrap();
        for (key, cause) in [
            (None, Missing(PresentedKey::ApiKey)),
            (Some(NOBODYS_API_KEY), Unknown(PresentedKey::ApiKey)),
            (Some("hunter2"), Malformed(PresentedKey::ApiKey, claviger_core::credential_key::KeyError::Prefix)),
            (Some(&*mistyped(&api_key)), Malformed(PresentedKey::ApiKey, claviger_core::credential_key::KeyError::Checksum)),
            (Some(&*old.bundle_key), Swapped(PresentedKey::ApiKey)),
            (Some(&*old.api_key), Retired(PresentedKey::ApiKey)),
        ] {
            expect_refusal(installation.ask(key, Some(&old.bundle_key), None), ApiKeyInvalid, cause);
        }
        for (key, cause) in [
            (None, Missing(PresentedKey::BundleKey)),
            (Some(NOBODYS_BUNDLE_KEY), Unknown(PresentedKey::BundleKey)),
            (Some(&*mistyped(&old.bundle_key)), Malformed(PresentedKey::BundleKey, claviger_core::credential_key::KeyError::Checksum)),
            (Some(&*api_key), Swapped(PresentedKey::BundleKey)),
            (Some(&*eves.bundle_key), Foreign),
        ] {
            expect_refusal(installation.ask(Some(&api_key), key, None), BundleKeyInvalid, cause);
        }
        installation.verify(&eves).unwrap();
    }

    async fn until_the_keys_are_loaded_nothing_passes(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let pair = installation.pair(&mut ada).await;
        expect_refusal(installation.verify(&pair), NotReady, AsTold);
        assert!(!installation.claviger.is_verifying());
        installation.claviger.load_keys().await.unwrap();
        assert!(installation.claviger.is_verifying());
        installation.verify(&pair).unwrap();
        let reopened = installation.reopen(None).await.unwrap();
        reopened.load_keys().await.unwrap();
        assert_eq!(reopened.loaded_accounts(), 1);
        reopened.close().await;
    }

    async fn a_bundle_says_why_it_is_not_good(installation: Installation) {
        let (_ada, pair) = installation.with_keys().await;
        installation.verify_service(&pair, Some("maps")).unwrap();
        installation.change_bundle(services("geo maps")).await;
        installation.verify_service(&pair, Some("maps")).unwrap();
        expect_refusal(installation.verify_service(&pair, Some("Maps")), ServiceNotInBundle, AsTold);
        installation.change_bundle(services("*")).await;

        installation.change_bundle(BundleChange { enabled: Some(false), ..BundleChange::default() }).await;
        expect_refusal(installation.verify(&pair), BundleDisabled, AsTold);
        installation.change_bundle(BundleChange { enabled: Some(true), ..BundleChange::default() }).await;
        installation.verify(&pair).unwrap();

        installation.claviger.remove_bundle(ACME).await.unwrap();
        expect_refusal(installation.verify(&pair), NoBundle, AsTold);
        let again = installation.claviger.remove_bundle(ACME).await;
        assert!(matches!(again, Err(AccountChangeError::NoBundle)));
        // Refilling a bundle that was removed does not create it again; the operator must create it explicitly.
        let refilled = installation.claviger.change_bundle(ACME, &BundleChange { refill: true, ..BundleChange::default() }).await;
        assert!(matches!(refilled, Err(AccountChangeError::NoBundle)));
        installation.claviger.set_bundle(ACME, &services("*")).await.unwrap();
        installation.verify(&pair).unwrap();
        assert_eq!(installation.recorded("bundle.change done").await, 5);
        assert_eq!(installation.recorded("bundle.remove done").await, 1);
    }

    async fn a_bundle_of_some_services_demands_the_name_of_one(installation: Installation) {
        let (_ada, pair) = installation.with_keys().await;
        installation.verify_service(&pair, None).unwrap();
        installation.verify_service(&pair, Some("")).unwrap();
        for held in ["geo maps", ""] {
            installation.change_bundle(services(held)).await;
            expect_refusal(installation.verify_service(&pair, None), ServiceRequired, AsTold);
            expect_refusal(installation.verify_service(&pair, Some("")), ServiceRequired, AsTold);
        }
        expect_refusal(installation.verify_service(&pair, Some("geo")), ServiceNotInBundle, AsTold);
    }

    async fn a_bundle_ends_at_its_moment(installation: Installation) {
        let (_ada, pair) = installation.with_keys().await;
        let end = claviger_core::clock::Clock::now(&*installation.clock).plus(Duration::from_secs(3600));
        installation.change_bundle(BundleChange { expires_at: Some(Some(end)), ..BundleChange::default() }).await;
        installation.clock.advance(Duration::from_secs(3600) - Duration::from_micros(1));
        installation.verify(&pair).unwrap();
        installation.clock.advance(Duration::from_micros(1));
        expect_refusal(installation.verify(&pair), BundleExpired, AsTold);
        installation.change_bundle(BundleChange { expires_at: Some(None), ..BundleChange::default() }).await;
        installation.verify(&pair).unwrap();
    }

    async fn a_quota_goes_on_where_it_was_after_a_restart(installation: Installation) {
        let (_ada, pair) = installation.with_keys().await;
        installation.change_bundle(quota(5, false)).await;
        for _ in 0..3 {
            installation.verify(&pair).unwrap();
        }
        installation.claviger.write_usage().await.unwrap();
        let reopened = installation.reopen(None).await.unwrap();
        reopened.load_keys().await.unwrap();
        let address = "203.0.113.9".parse().unwrap();
        let presented =
            Presented { api_key: Some(&pair.api_key), bundle_key: Some(&pair.bundle_key), service: None, address };
        for _ in 0..2 {
            reopened.verify(&presented).unwrap();
        }
        expect_refusal(reopened.verify(&presented), BundleUsedUp, AsTold);
        reopened.change_bundle(ACME, &quota(6, true)).await.unwrap();
        reopened.verify(&presented).unwrap();
        expect_refusal(reopened.verify(&presented), BundleTrialsExceeded, AsTold);
        let refill = BundleChange { refill: true, ..BundleChange::default() };
        reopened.change_bundle(ACME, &refill).await.unwrap();
        reopened.write_usage().await.unwrap();
        assert_eq!(reopened.bundle(ACME).await.unwrap().unwrap().used, 0);
        reopened.verify(&presented).unwrap();
        assert_eq!(reopened.bundle(ACME).await.unwrap().unwrap().used, 1);
        reopened.close().await;
    }

    async fn a_request_over_the_limit_costs_nothing(installation: Installation) {
        let (_ada, pair) = installation.with_keys().await;
        installation.change_bundle(quota(20, false)).await;
        for _ in 0..15 {
            installation.verify(&pair).unwrap();
        }
        let refused = installation.verify(&pair).unwrap_err();
        assert_eq!((refused.reason, refused.retry_after), (RateLimited, Some(Duration::from_nanos(66_666_667))));
        assert_eq!(refused.rate_limits.unwrap().second.remaining, 0);
        assert_eq!(installation.claviger.bundle(ACME).await.unwrap().unwrap().used, 15);
        installation.clock.advance(Duration::from_secs(1));
        for _ in 0..5 {
            installation.verify(&pair).unwrap();
        }
        expect_refusal(installation.verify(&pair), BundleUsedUp, AsTold);
    }

    async fn other_limits_hold_from_the_answer_on(installation: Installation) {
        let (_ada, pair) = installation.with_keys().await;
        let one = Limits { per_second: 1, per_minute: 1 };
        installation.claviger.set_limits(ACME, one).await.unwrap();
        assert_eq!(installation.verify(&pair).unwrap().rate_limits().second.limit, 1);
        expect_refusal(installation.verify(&pair), RateLimited, AsTold);
        let nobody = installation.claviger.set_limits("nobody", one).await;
        assert!(matches!(nobody, Err(AccountChangeError::NoSuchAccount)));
        assert_eq!(installation.recorded("account.change_limits done").await, 1);
    }

    async fn no_key_of_a_disabled_account_is_good(installation: Installation) {
        let (ada, pair) = installation.with_keys().await;
        installation.claviger.set_account_enabled(ACME, false).await.unwrap();
        expect_refusal(installation.verify(&pair), ApiKeyInvalid, AccountDisabled);
        assert!(installation.session(&ada).await.is_err());
        installation.claviger.set_account_enabled(ACME, true).await.unwrap();
        installation.verify(&pair).unwrap();
    }

    async fn too_many_bad_keys_of_an_address_are_not_even_told_apart(installation: Installation) {
        let (_ada, pair) = installation.with_keys().await;
        for _ in 0..600 {
            expect_refusal(installation.ask(None, None, None), ApiKeyInvalid, Missing(PresentedKey::ApiKey));
        }
        let refused = installation.ask(Some(&pair.api_key), None, None).unwrap_err();
        assert_eq!((refused.reason, refused.cause), (RateLimited, TooManyBadKeys));
        assert_eq!(refused.retry_after, Some(Duration::from_millis(50)));
        installation.verify(&pair).unwrap();
    }

    async fn an_account_that_cannot_be_read_is_refused_until_it_can(installation: Installation) {
        let (mut ada, pair) = installation.with_keys().await;
        installation.tamper("UPDATE bundle SET name = ''").await;
        let bundle_key = pair.bundle_key.clone();
        let api_key = installation.reset(&mut ada, reset_api_key(1)).await.unwrap().remove(0);
        let new = Pair { api_key, bundle_key };
        assert!(installation.verify(&pair).is_err() && installation.verify(&new).is_err());
        assert!(installation.claviger.refresh_stale().await.is_err());
        installation.tamper("UPDATE bundle SET name = 'default'").await;
        installation.claviger.refresh_stale().await.unwrap();
        expect_refusal(installation.verify(&pair), ApiKeyInvalid, Retired(PresentedKey::ApiKey));
        installation.verify(&new).unwrap();
    }
}
