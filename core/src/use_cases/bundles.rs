//! What the operator decides about an account and its bundle. From the answer on, it holds for requests.

use crate::{
    audit::{Actor, AuditAction, Event, Outcome, RequestContext, Target},
    claviger::Claviger,
    clock::Timestamp,
    domain::{
        account::AccountId,
        bundle::{BundleId, BundleName, BundleTerms, Services},
        limits::Limits,
    },
    installation::keys::InstallationKeyError,
    internal_error::InternalError,
    internal_error::internal,
    store::{self, Connection, StoreError, Transaction},
};

/// A bundle as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleLine {
    /// What was agreed.
    pub terms: BundleTerms,
    /// How many requests were counted.
    pub used: u64,
    /// Whether its time is over.
    pub is_expired: bool,
}

/// What is to be different about a bundle; what is none stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BundleChange {
    /// What it is called.
    pub name: Option<BundleName>,
    /// What it holds.
    pub services: Option<Services>,
    /// Whether it is good at all.
    pub enabled: Option<bool>,
    /// When its time is over, or never.
    pub expires_at: Option<Option<Timestamp>>,
    /// How many requests it is good for, or any number.
    pub quota: Option<Option<u64>>,
    /// Whether it is there to be tried out.
    pub is_trial: Option<bool>,
    /// Whether to forget what was used.
    pub refill: bool,
}

impl BundleChange {
    fn applied_to(&self, terms: BundleTerms) -> BundleTerms {
        let change = self.clone();
        BundleTerms {
            name: change.name.unwrap_or(terms.name),
            services: change.services.unwrap_or(terms.services),
            enabled: change.enabled.unwrap_or(terms.enabled),
            expires_at: change.expires_at.unwrap_or(terms.expires_at),
            quota: change.quota.unwrap_or(terms.quota),
            is_trial: change.is_trial.unwrap_or(terms.is_trial),
        }
    }
}

/// What to do about an account that has no bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WithoutBundle {
    Make,
    Refuse,
}

/// Why nothing was changed about an account.
#[derive(Debug, thiserror::Error)]
pub enum AccountChangeError {
    /// No account has this slug.
    #[error("there is no account of this name; `claviger account list` shows them all")]
    NoSuchAccount,
    /// There is nothing to take away.
    #[error("the account has no bundle")]
    NoBundle,
    /// Something failed that is not the caller's fault.
    #[error(transparent)]
    InternalError(#[from] InternalError),
}

internal!(AccountChangeError: StoreError, InstallationKeyError);

impl Claviger {
    /// The bundle of an account.
    ///
    /// # Errors
    /// There is no such account, or it cannot be read.
    pub async fn bundle(&self, slug: &str) -> Result<Option<BundleLine>, AccountChangeError> {
        let account = self.find_account(slug).await?;
        let mut reader = self.database.reader().await?;
        Ok(self.bundle_line(&mut reader, &account).await?)
    }

    pub(crate) async fn bundle_line(
        &self,
        connection: &mut Connection,
        account: &AccountId,
    ) -> Result<Option<BundleLine>, StoreError> {
        let Some(record) = store::bundle::find(connection, account).await? else { return Ok(None) };
        let is_expired = record.terms.expires_at.is_some_and(|end| self.now() >= end);
        Ok(Some(BundleLine { used: self.verifier.used(account, &record), terms: record.terms, is_expired }))
    }

    /// Changes the bundle of an account. One that was removed is not given back.
    ///
    /// # Errors
    /// Why nothing was changed.
    pub async fn change_bundle(
        &self,
        slug: &str,
        change: &BundleChange,
    ) -> Result<AccountId, AccountChangeError> {
        self.write_bundle(slug, change, WithoutBundle::Refuse).await
    }

    /// Changes the bundle of an account. One that has none gets the default bundle, changed.
    ///
    /// # Errors
    /// Why nothing was changed.
    pub async fn set_bundle(
        &self,
        slug: &str,
        change: &BundleChange,
    ) -> Result<AccountId, AccountChangeError> {
        self.write_bundle(slug, change, WithoutBundle::Make).await
    }

    async fn write_bundle(
        &self,
        slug: &str,
        change: &BundleChange,
        without: WithoutBundle,
    ) -> Result<AccountId, AccountChangeError> {
        let account = self.find_account(slug).await?;
        let mut transaction = self.database.write_for(&account).await?;
        let now = self.now();
        let id = BundleId::new(now, &*self.random).map_err(InternalError::from)?;
        if let Some(record) = store::bundle::find(&mut transaction, &account).await? {
            store::bundle::update(&mut transaction, &account, &change.applied_to(record.terms)).await?;
            if change.refill {
                store::bundle::refill(&mut transaction, &account, &id).await?;
            }
        } else if without == WithoutBundle::Refuse {
            return Err(AccountChangeError::NoBundle);
        } else {
            let terms = change.applied_to(self.settings.bundle.terms(now));
            store::bundle::insert(&mut transaction, &id, &account, &terms).await?;
        }
        self.finish(transaction, account, AuditAction::ChangeBundle).await
    }

    /// Takes the bundle of an account away: its bundle key stands for nothing then.
    ///
    /// # Errors
    /// Why nothing was changed.
    pub async fn remove_bundle(&self, slug: &str) -> Result<AccountId, AccountChangeError> {
        let account = self.find_account(slug).await?;
        let mut transaction = self.database.write_for(&account).await?;
        if !store::bundle::delete(&mut transaction, &account).await? {
            return Err(AccountChangeError::NoBundle);
        }
        self.finish(transaction, account, AuditAction::RemoveBundle).await
    }

    /// Sets how many requests an account may make.
    ///
    /// # Errors
    /// Why nothing was changed.
    pub async fn set_limits(&self, slug: &str, limits: Limits) -> Result<AccountId, AccountChangeError> {
        let account = self.find_account(slug).await?;
        let mut transaction = self.database.write_for(&account).await?;
        store::account::set_limits(&mut transaction, &account, limits).await?;
        self.finish(transaction, account, AuditAction::ChangeLimits).await
    }

    /// Disables an account, or enables it. Of a disabled one nobody may sign in, and no key is good.
    ///
    /// # Errors
    /// Why nothing was changed.
    pub async fn set_account_enabled(
        &self,
        slug: &str,
        enabled: bool,
    ) -> Result<AccountId, AccountChangeError> {
        let account = self.find_account(slug).await?;
        let mut transaction = self.database.write_for(&account).await?;
        let since = (!enabled).then(|| self.now());
        store::account::set_disabled(&mut transaction, &account, since).await?;
        let action = if enabled { AuditAction::EnableAccount } else { AuditAction::DisableAccount };
        self.finish(transaction, account, action).await
    }

    pub(crate) async fn find_account(&self, slug: &str) -> Result<AccountId, AccountChangeError> {
        let mut reader = self.database.reader().await?;
        let found = store::account::find_by_slug(&mut reader, slug.trim()).await?;
        found.ok_or(AccountChangeError::NoSuchAccount)
    }

    async fn finish(
        &self,
        mut transaction: Transaction,
        account: AccountId,
        action: AuditAction,
    ) -> Result<AccountId, AccountChangeError> {
        let event = Event {
            actor: Actor::Operator,
            action,
            target: Target::account(&account),
            outcome: Outcome::Done,
            request_context: &RequestContext::operator(),
        };
        self.record(&mut transaction, Some(&account), &event).await?;
        self.commit_keys(transaction, &account).await?;
        Ok(account)
    }
}
