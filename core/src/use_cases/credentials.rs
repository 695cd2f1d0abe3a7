//! Credentials: created with the account, disclosed and replaced after the member entered the password. It must not
//! know how a member is authenticated: it takes a [`Confirmed`] action.

mod action;
mod operator_reset;

use super::{bundles::BundleLine, usage::Usage};
use crate::{
    audit::{Actor, AuditAction, Event, Outcome, RequestContext, Target},
    authentication::session::Session,
    claviger::Claviger,
    clock::Timestamp,
    credential_key::{CredentialKey, mask},
    crypto::{
        encryption::{self, DataKey, EncryptionContext},
        key_digest::KeyDigest,
        row_mac::Row,
        token::Token,
    },
    domain::{
        account::AccountId,
        credential::{CredentialId, CredentialKind, Generation},
        member::MemberId,
        permission::Permission,
    },
    internal_error::InternalError,
    limits::rate_limit::{self, Limit},
    reauthentication::{Acting, Action, ActionError, Confirmed},
    store::{
        self, Transaction,
        credential::{CurrentCredential, NewCredential},
    },
};
use secrecy::ExposeSecret;

pub use crate::store::credential::CredentialSummary;
pub use action::{Copy, Reset, View};
pub use operator_reset::AccessEnded;

/// The part of the credentials that a member may see without entering the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overview {
    /// Both keys, the API key first, and the bundle.
    Permitted {
        /// The keys.
        keys: Vec<CredentialSummary>,
        /// The bundle, unless the operator removed it.
        bundle: Option<BundleLine>,
        /// How the requests of the last thirty days ended.
        usage: Usage,
    },
    /// Nothing, because the permission is missing.
    Refused {
        /// The names of the admins who can grant it.
        admins: Vec<String>,
    },
}

/// The result of an action that discloses keys.
#[derive(Debug)]
pub struct Disclosure {
    /// The keys, the API key first.
    pub keys: Vec<CredentialKey>,
    /// The new session token, which replaces the old one.
    pub session_token: Token,
}

impl Claviger {
    /// Returns what the member may see of the credentials of their account.
    ///
    /// # Errors
    /// The credentials cannot be read.
    pub async fn credentials(&self, session: &Session) -> Result<Overview, InternalError> {
        let mut reader = self.database.reader().await?;
        let permission = Permission::ApiCredentialsManagement;
        if store::member::is_permitted(&mut reader, &session.member, permission).await? {
            Ok(Overview::Permitted {
                keys: store::credential::summaries(&mut reader, &session.account).await?,
                bundle: self.bundle_line(&mut reader, &session.account).await?,
                usage: self.recent_usage(&mut reader, &session.account).await?,
            })
        } else {
            let admins = store::member::admin_names(&mut reader, &session.account).await?;
            Ok(Overview::Refused { admins })
        }
    }

    /// Returns the masked key, as it may be shown without a password.
    #[must_use]
    pub fn masked(&self, summary: &CredentialSummary) -> String {
        mask(&self.settings.key_prefix, summary.kind, &summary.hint)
    }

    /// Discloses a key to show it on the page.
    ///
    /// # Errors
    /// The reason why nothing was disclosed.
    pub async fn view(&self, confirmed: Confirmed<View>) -> Result<Disclosure, ActionError> {
        let acting = confirmed.begin(self).await?;
        let kind = acting.action.kind;
        disclose(acting, kind).await
    }

    /// Discloses a key to copy it to the clipboard.
    ///
    /// # Errors
    /// The reason why nothing was disclosed.
    pub async fn copy(&self, confirmed: Confirmed<Copy>) -> Result<Disclosure, ActionError> {
        let acting = confirmed.begin(self).await?;
        let kind = acting.action.kind;
        disclose(acting, kind).await
    }

    /// Replaces one key or both. When this returns, the old keys are refused.
    ///
    /// # Errors
    /// The reason why nothing was replaced; [`ActionError::Stale`] if another reset came first.
    pub async fn reset(&self, confirmed: Confirmed<Reset>) -> Result<Disclosure, ActionError> {
        let mut acting = confirmed.begin(self).await?;
        // Replaced keys are never deleted, so their number must not grow without limit.
        let limit = Limit::resets(&acting.session.member);
        if let Err(wait) = rate_limit::take(&mut acting.transaction, &[limit], self.now()).await? {
            acting.transaction.commit().await?;
            return Err(ActionError::TooOften(wait));
        }
        let shown = acting.action.shown.clone();
        match replace_shown(&mut acting, &shown).await {
            Ok(keys) => Ok(Disclosure { keys, session_token: acting.commit().await? }),
            Err(error @ ActionError::Stale { .. }) => {
                acting.commit_as_stale().await?;
                Err(error)
            }
            Err(error) => Err(error),
        }
    }

    /// Creates both keys of a new account, in the transaction that creates the account.
    pub(crate) async fn make_first_credentials(
        &self,
        transaction: &mut Transaction,
        account: &AccountId,
        creator: &MemberId,
        actor: Actor<'_>,
        request_context: &RequestContext,
    ) -> Result<(), InternalError> {
        let data_key = self.keys.make_data_key(transaction, account, self.now(), &*self.random).await?;
        for kind in CredentialKind::ALL {
            let slot = Slot { account, kind, generation: Generation::FIRST };
            self.make(transaction, &data_key, &slot, creator).await?;
            let event = Event {
                actor,
                action: AuditAction::CreateCredential,
                target: Target::credential(kind, Generation::FIRST),
                outcome: Outcome::Done,
                request_context,
            };
            self.record(transaction, Some(account), &event).await?;
        }
        Ok(())
    }

    /// Creates one generation of a key.
    async fn make(
        &self,
        transaction: &mut Transaction,
        data_key: &DataKey,
        slot: &Slot<'_>,
        creator: &MemberId,
    ) -> Result<CredentialKey, InternalError> {
        let now = self.now();
        let id = CredentialId::new(now, &*self.random)?;
        let key = CredentialKey::generate(&self.settings.key_prefix, slot.kind, &*self.random)?;
        let sealed = encryption::encrypt(data_key, &slot.context(&id), key.expose(), &*self.random)?;
        let digest = KeyDigest::of(&self.keys.pepper, &key);
        store::credential::insert(
            transaction,
            &NewCredential {
                id: &id,
                account: slot.account,
                kind: slot.kind,
                generation: slot.generation,
                digest: &digest.to_hex(),
                mac: &self.keys.row.mac(&slot.row(&digest, None)),
                sealed: &sealed,
                hint: &key.hint(),
                created_at: now,
                created_by: creator,
            },
        )
        .await?;
        Ok(key)
    }
}

impl Claviger {
    /// Retires one generation of a key.
    async fn retire(
        &self,
        transaction: &mut Transaction,
        slot: &Slot<'_>,
        old: &CurrentCredential,
    ) -> Result<(), InternalError> {
        let now = self.now();
        // A damaged or modified row must not prevent the reset of its key.
        let digest = KeyDigest::from_hex(&old.digest).unwrap_or_else(KeyDigest::of_nothing);
        if !self.keys.row.holds(&slot.row(&digest, None), &old.mac) {
            tracing::error!(
                credential = old.id.as_str(),
                "a credential that is reset was changed in the database"
            );
        }
        let mac = self.keys.row.mac(&slot.row(&digest, Some(now)));
        Ok(store::credential::retire(transaction, &old.id, now, &mac).await?)
    }
}

/// Identifies one generation of one key.
struct Slot<'a> {
    account: &'a AccountId,
    kind: CredentialKind,
    generation: Generation,
}

impl<'a> Slot<'a> {
    fn context(&self, id: &'a CredentialId) -> EncryptionContext<'_> {
        EncryptionContext { account: self.account, kind: self.kind, id, generation: self.generation }
    }

    fn row(&self, digest: &'a KeyDigest, retired_at: Option<Timestamp>) -> Row<'a> {
        let Self { account, kind, generation } = *self;
        Row::Credential { account, kind, generation, digest, retired_at }
    }
}

async fn disclose<A: Action>(mut acting: Acting<A>, kind: CredentialKind) -> Result<Disclosure, ActionError> {
    let current = store::credential::current(&mut acting.transaction, &acting.session.account, kind).await?;
    let key = open(&mut acting, kind, &current).await?;
    acting.record(Target::credential(kind, current.generation)).await?;
    Ok(Disclosure { keys: vec![key], session_token: acting.commit().await? })
}

/// Decrypts a stored key. If it does not match its digest, an attacker may have put it there, so it is not shown: the
/// member would use it.
async fn open<A: Action>(
    acting: &mut Acting<A>,
    kind: CredentialKind,
    current: &CurrentCredential,
) -> Result<CredentialKey, InternalError> {
    let account = &acting.session.account;
    let claviger = &acting.claviger;
    let data_key = claviger.keys.data_key(&mut acting.transaction, account).await?;
    let slot = Slot { account, kind, generation: current.generation };
    let value = encryption::decrypt(&data_key, &slot.context(&current.id), &current.sealed)?;
    let key = CredentialKey::parse_any_prefix(value.expose_secret()).map_err(|_| InternalError::Mismatch)?;
    if key.kind() == kind && KeyDigest::of(&claviger.keys.pepper, &key).to_hex() == current.digest {
        Ok(key)
    } else {
        Err(InternalError::Mismatch)
    }
}

/// Replaces the keys, if each of them still has the generation that the page showed. Replaces all of them or none.
pub(crate) async fn replace_shown<A: Action>(
    acting: &mut Acting<A>,
    shown: &[(CredentialKind, Generation)],
) -> Result<Vec<CredentialKey>, ActionError> {
    let mut replaced = Vec::new();
    for (kind, shown) in shown {
        let account = &acting.session.account;
        let current = store::credential::current(&mut acting.transaction, account, *kind).await?;
        if current.generation != *shown {
            return Err(ActionError::Stale { kind: *kind, at: current.created_at, by: current.created_by });
        }
        replaced.push((*kind, current));
    }
    let mut keys = Vec::new();
    for (kind, old) in replaced {
        keys.push(replace(acting, kind, &old).await?);
    }
    Ok(keys)
}

async fn replace<A: Action>(
    acting: &mut Acting<A>,
    kind: CredentialKind,
    old: &CurrentCredential,
) -> Result<CredentialKey, ActionError> {
    let claviger = acting.claviger.clone();
    let account = acting.session.account.clone();
    let data_key = claviger.keys.data_key(&mut acting.transaction, &account).await?;
    claviger
        .retire(&mut acting.transaction, &Slot { account: &account, kind, generation: old.generation }, old)
        .await?;
    acting.changed_keys = true;
    let slot = Slot { account: &account, kind, generation: old.generation.next() };
    let member = &acting.session.member;
    let key = claviger.make(&mut acting.transaction, &data_key, &slot, member).await?;
    acting.record_as(AuditAction::ResetCredential, Target::credential(kind, slot.generation)).await?;
    Ok(key)
}
