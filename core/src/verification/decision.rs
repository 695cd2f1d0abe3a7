//! Decides whether the two keys of a request are valid. It never waits: it does not query the database, and takes no
//! lock for valid keys.

use super::{
    Cause, PresentedKey, Reason,
    account::{Account, AccountSnapshot, Bundle, KnownKey},
    limiter::RateLimitStatuses,
    tally::day_of,
    verifier::Verifier,
};
use crate::{
    clock::Timestamp,
    credential_key::CredentialKey,
    crypto::key_digest::KeyDigest,
    domain::{
        account::AccountId,
        bundle::{BundleName, Services},
        credential::CredentialKind,
    },
};
use std::{net::IpAddr, sync::Arc, time::Duration};

/// What a request presents. None of its texts is trusted.
#[derive(Clone, Copy)]
pub struct Presented<'a> {
    /// The text in the place of the API key.
    pub api_key: Option<&'a str>,
    /// The text in the place of the bundle key.
    pub bundle_key: Option<&'a str>,
    /// The requested service, if the request names one. An empty name counts as no name.
    pub service: Option<&'a str>,
    /// The client address.
    pub address: IpAddr,
}

crate::opaque_debug!(Presented<'_>);

/// A request that may pass.
#[derive(Clone, Debug)]
pub struct Passed {
    account: Arc<Account>,
    bundle: Arc<Bundle>,
    rate_limits: RateLimitStatuses,
}

impl Passed {
    /// The account that makes the request.
    #[must_use]
    pub fn account(&self) -> &AccountId {
        &self.account.id
    }

    /// The bundle that the bundle key stands for.
    #[must_use]
    pub fn bundle(&self) -> &BundleName {
        &self.bundle.terms.name
    }

    /// The remaining rate limits of the account.
    #[must_use]
    pub const fn rate_limits(&self) -> &RateLimitStatuses {
        &self.rate_limits
    }
}

/// A request that may not pass.
#[derive(Clone, Debug)]
pub struct Denied {
    /// The reason that the caller is told.
    pub reason: Reason,
    /// The exact cause, for the log only.
    pub cause: Cause,
    /// The account that the key belongs or belonged to, for the log.
    pub account: Option<AccountId>,
    /// The rate limits, if they are the reason.
    pub rate_limits: Option<RateLimitStatuses>,
    /// How long the caller must wait before the next request, if that is known.
    pub retry_after: Option<Duration>,
}

impl Denied {
    fn new(reason: Reason, cause: Cause, account: Option<&Account>) -> Self {
        let account = account.map(|account| account.id.clone());
        Self { reason, cause, account, rate_limits: None, retry_after: None }
    }

    fn of(account: &Account, reason: Reason) -> Self {
        Self::new(reason, Cause::AsTold, Some(account))
    }
}

/// The result of looking up the text in the place of a key.
type Found = Result<Arc<KnownKey>, Miss>;

/// A text that is not a valid key.
struct Miss {
    cause: Cause,
    /// The key, if it belongs or belonged to an account. The miss is counted for that account.
    owned: Option<Arc<KnownKey>>,
}

impl Verifier {
    /// Decides whether a request may pass, and counts the request.
    ///
    /// # Errors
    /// The reason why the request may not pass.
    pub(crate) fn verify(&self, presented: &Presented<'_>) -> Result<Passed, Denied> {
        let now = self.now();
        // Look up both even if the first fails: constant work, so that the timing does not reveal which key is
        // invalid, or how.
        let api_key = self.look_up(PresentedKey::ApiKey, presented.api_key);
        let bundle_key = self.look_up(PresentedKey::BundleKey, presented.bundle_key);
        if !self.cache.is_loaded() {
            return Err(Denied::new(Reason::NotReady, Cause::AsTold, None));
        }
        let api_key = api_key.map_err(|miss| self.miss(Reason::ApiKeyInvalid, &miss, presented, now))?;
        let account = &api_key.account;
        let snapshot = account.snapshot.load();
        if !snapshot.is_fresh {
            return Err(self.count_refusal(&api_key, Denied::of(account, Reason::NotReady), now));
        }
        if !snapshot.enabled {
            let miss = Miss { cause: Cause::AccountDisabled, owned: Some(Arc::clone(&api_key)) };
            return Err(self.miss(Reason::ApiKeyInvalid, &miss, presented, now));
        }
        api_key.last_use.note(now, presented.address);
        let decided = self.own_bundle_key(bundle_key, &api_key, presented, now).and_then(|bundle_key| {
            bundle_key.last_use.note(now, presented.address);
            self.cache.unwritten.add(&bundle_key);
            let decided = decide(account, &snapshot, presented.service, now);
            decided.map_err(|refused| self.count_refusal(&api_key, refused, now))
        });
        let (bundle, rate_limits) = decided?;
        account.tally.count(day_of(now), None);
        self.cache.unwritten.add(&api_key);
        Ok(Passed { account: Arc::clone(account), bundle, rate_limits })
    }

    fn look_up(&self, which: PresentedKey, text: Option<&str>) -> Found {
        let wanted = match which {
            PresentedKey::ApiKey => CredentialKind::ApiKey,
            PresentedKey::BundleKey => CredentialKind::BundleKey,
        };
        let form = CredentialKey::recognise(text.unwrap_or_default());
        let known = self.cache.find(&KeyDigest::of_text(&self.keys.pepper, text.unwrap_or_default()));
        let miss = |cause, owned| Err(Miss { cause, owned });
        match (text, form, known) {
            (None, ..) => miss(Cause::Missing(which), None),
            (_, Err(error), _) => miss(Cause::Malformed(which, error), None),
            (_, Ok(kind), _) if kind != wanted => miss(Cause::Swapped(which), None),
            (_, _, None) => miss(Cause::Unknown(which), None),
            (_, _, Some(key)) if key.is_retired() => miss(Cause::Retired(which), Some(key)),
            (_, _, Some(key)) => Ok(key),
        }
    }

    /// Refuses an invalid key. If one address presents too many of them, all get the same answer, whatever was wrong.
    fn miss(&self, reason: Reason, miss: &Miss, presented: &Presented<'_>, now: Timestamp) -> Denied {
        let owner = miss.owned.as_ref().map(|key| &*key.account);
        let refused = match self.bad_key_limit.try_once(presented.address, now) {
            Ok(()) => Denied::new(reason, miss.cause, owner),
            Err(wait) => Denied {
                retry_after: Some(wait),
                ..Denied::new(Reason::RateLimited, Cause::TooManyBadKeys, owner)
            },
        };
        match &miss.owned {
            Some(key) => self.count_refusal(key, refused, now),
            None => refused,
        }
    }

    /// Returns the bundle key if it is valid and belongs to the account of the API key.
    fn own_bundle_key(
        &self,
        bundle_key: Found,
        api_key: &Arc<KnownKey>,
        presented: &Presented<'_>,
        now: Timestamp,
    ) -> Result<Arc<KnownKey>, Denied> {
        let cause = match bundle_key {
            Ok(key) if Arc::ptr_eq(&key.account, &api_key.account) => return Ok(key),
            Ok(_) => Cause::Foreign,
            Err(miss) => miss.cause,
        };
        let miss = Miss { cause, owned: Some(Arc::clone(api_key)) };
        Err(self.miss(Reason::BundleKeyInvalid, &miss, presented, now))
    }

    /// Counts a refusal for the account that the key belongs to.
    fn count_refusal(&self, key: &Arc<KnownKey>, refused: Denied, now: Timestamp) -> Denied {
        key.account.tally.count(day_of(now), Some(refused.reason));
        self.cache.unwritten.add(key);
        refused
    }
}

/// Decides whether an account whose keys are valid may use the requested service.
fn decide(
    account: &Account,
    snapshot: &AccountSnapshot,
    service: Option<&str>,
    now: Timestamp,
) -> Result<(Arc<Bundle>, RateLimitStatuses), Denied> {
    let refused = |reason| Err(Denied::of(account, reason));
    let Some(bundle) = &snapshot.bundle else { return refused(Reason::NoBundle) };
    let terms = &bundle.terms;
    if !terms.enabled {
        return refused(Reason::BundleDisabled);
    }
    if terms.expires_at.is_some_and(|end| now >= end) {
        return refused(Reason::BundleExpired);
    }
    match service.filter(|service| !service.is_empty()) {
        // Otherwise a customer of one service could reach the others by leaving out the name.
        None if terms.services != Services::All => return refused(Reason::ServiceRequired),
        Some(service) if !terms.services.contain(service) => return refused(Reason::ServiceNotInBundle),
        _ => {}
    }
    if !bundle.quota_usage.spend(terms.quota) {
        return refused(if terms.is_trial { Reason::BundleTrialsExceeded } else { Reason::BundleUsedUp });
    }
    match account.rate_limiter.take(snapshot.limits, now) {
        Ok(rate_limits) => Ok((Arc::clone(bundle), rate_limits)),
        Err(early) => {
            // A refused request does not count against the quota.
            bundle.quota_usage.refund();
            Err(Denied {
                rate_limits: Some(early.rate_limits),
                retry_after: Some(early.wait),
                ..Denied::of(account, Reason::RateLimited)
            })
        }
    }
}
