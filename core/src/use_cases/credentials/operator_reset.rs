//! Resets by the operator: of one account whose members cannot reset their keys, or of all accounts of an
//! installation that was restored or has leaked. The operator does not see the new keys; members view them.

use super::Slot;
use crate::{
    audit::{Actor, AuditAction, Event, Outcome, RequestContext, Target},
    claviger::Claviger,
    domain::{account::AccountId, credential::CredentialKind},
    store::{self, StoreError, Transaction},
    use_cases::bundles::AccountChangeError,
};

/// What a reset ended besides the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccessEnded {
    /// The number of sessions.
    pub sessions: u64,
    /// The number of links: invitations, password links, and links that confirm an address.
    pub links: u64,
}

impl Claviger {
    /// Replaces keys of an account on behalf of the operator. When this returns, the old keys are refused.
    ///
    /// # Errors
    /// The reason why nothing was changed.
    pub async fn reset_keys(
        &self,
        slug: &str,
        kinds: &[CredentialKind],
    ) -> Result<AccountId, AccountChangeError> {
        let account = self.find_account(slug).await?;
        let mut transaction = self.database.write_for(&account).await?;
        self.replace_keys(&mut transaction, &account, kinds).await?;
        self.commit_keys(transaction, &account).await?;
        Ok(account)
    }

    /// Replaces both keys of an account, and ends all its sessions and links. Keys, sessions and links from an old
    /// backup or a stolen database are then refused.
    ///
    /// # Errors
    /// The reason why nothing was changed.
    pub async fn reset_access(&self, slug: &str) -> Result<(AccountId, AccessEnded), AccountChangeError> {
        let account = self.find_account(slug).await?;
        let mut transaction = self.database.write_for(&account).await?;
        self.replace_keys(&mut transaction, &account, &CredentialKind::ALL).await?;
        let sessions = store::access::end_sessions(&mut transaction, &account).await?;
        let links = store::access::end_links(&mut transaction, &account).await?;
        for action in [AuditAction::EndSessions, AuditAction::WithdrawInvitation] {
            self.record_reset(&mut transaction, &account, action, Target::account(&account)).await?;
        }
        self.commit_keys(transaction, &account).await?;
        Ok((account, AccessEnded { sessions, links }))
    }

    async fn replace_keys(
        &self,
        transaction: &mut Transaction,
        account: &AccountId,
        kinds: &[CredentialKind],
    ) -> Result<(), AccountChangeError> {
        let data_key = self.keys.data_key(transaction, account).await?;
        for kind in kinds {
            let old = store::credential::current(transaction, account, *kind).await?;
            // The row must name a member. The operator is not a member, so the row names the creator of the old key.
            let maker = store::credential::maker(transaction, &old.id).await?;
            self.retire(transaction, &Slot { account, kind: *kind, generation: old.generation }, &old)
                .await?;
            let slot = Slot { account, kind: *kind, generation: old.generation.next() };
            self.make(transaction, &data_key, &slot, &maker).await?;
            store::credential::set_made_by_operator(transaction, account, *kind).await?;
            let target = Target::credential(*kind, slot.generation);
            self.record_reset(transaction, account, AuditAction::ResetCredential, target).await?;
        }
        Ok(())
    }

    async fn record_reset(
        &self,
        transaction: &mut Transaction,
        account: &AccountId,
        action: AuditAction,
        target: Target,
    ) -> Result<(), StoreError> {
        let request_context = RequestContext::operator();
        let event = Event {
            actor: Actor::Operator,
            action,
            target,
            outcome: Outcome::Done,
            request_context: &request_context,
        };
        self.record(transaction, Some(account), &event).await
    }
}
