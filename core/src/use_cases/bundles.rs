//! The operator's changes to an account and its bundle. When a use case returns, requests are verified by the new
//! values.

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
    internal_error::{InternalError, internal},
    store::{self, Connection, StoreError, Transaction},
};

/// A bundle as pages and commands show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleLine {
    /// The terms of the bundle.
    pub terms: BundleTerms,
    /// How many requests were counted.
    pub used: u64,
    /// Whether the bundle has expired.
    pub is_expired: bool,
}

/// A change of a bundle. Fields that are `None` stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BundleChange {
    /// The new name.
    pub name: Option<BundleName>,
    /// The new services.
    pub services: Option<Services>,
    /// Whether the bundle is enabled.
    pub enabled: Option<bool>,
    /// The new expiry; `Some(None)` means that the bundle never expires.
    pub expires_at: Option<Option<Timestamp>>,
    /// The new quota; `Some(None)` means unlimited.
    pub quota: Option<Option<u64>>,
    /// Whether the bundle is a trial.
    pub is_trial: Option<bool>,
    /// Whether to reset the used requests to zero.
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

/// What to do if the account has no bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WithoutBundle {
    Make,
    Refuse,
}

/// Why an account was not changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountChangeError {
    /// No account has this slug.
    #[error("there is no account of this name; `claviger account list` shows them all")]
    NoSuchAccount,
    /// The account has no bundle.
    #[error("the account has no bundle")]
    NoBundle,
    /// An internal error.
    #[error(transparent)]
    InternalError(#[from] InternalError),
}

internal!(AccountChangeError: StoreError, InstallationKeyError);

impl Claviger {
    /// Returns the bundle of an account.
    ///
    /// # Errors
    /// The account does not exist or cannot be read.
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

    /// Changes the bundle of an account. A removed bundle is not created again.
    ///
    /// # Errors
    /// The reason why nothing was changed.
    pub async fn change_bundle(
        &self,
        slug: &str,
        change: &BundleChange,
    ) -> Result<AccountId, AccountChangeError> {
        self.write_bundle(slug, change, WithoutBundle::Refuse).await
    }

    /// Changes the bundle of an account. An account without a bundle gets the default bundle with the change applied.
    ///
    /// # Errors
    /// The reason why nothing was changed.
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

    /// Removes the bundle of an account. Its bundle key is then refused.
    ///
    /// # Errors
    /// The reason why nothing was changed.
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
    /// The reason why nothing was changed.
    pub async fn set_limits(&self, slug: &str, limits: Limits) -> Result<AccountId, AccountChangeError> {
        let account = self.find_account(slug).await?;
        let mut transaction = self.database.write_for(&account).await?;
        store::account::set_limits(&mut transaction, &account, limits).await?;
        self.finish(transaction, account, AuditAction::ChangeLimits).await
    }

    /// Disables or enables an account. The members of a disabled account cannot sign in, and its keys are refused.
    ///
    /// # Errors
    /// The reason why nothing was changed.
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
