//! The proof that the password was entered for one action, and the transaction in which this proof is spent.

use super::{Action, ActionError, event};
use crate::{
    audit::{Actor, AuditAction, Event, Outcome, RequestContext, Target},
    authentication::session::Session,
    claviger::Claviger,
    crypto::{row_mac::Row, token::Token},
    domain::session::REPLACED_TOKEN,
    store::{self, Transaction},
};

/// An action for which a member has just entered the password. It is bound to that member, account and action, and to
/// the key that the action names.
///
/// Only [`Claviger::confirm`] creates it. No other code can create it:
///
/// ```compile_fail,E0451
/// use claviger_core::{reauthentication::Confirmed, use_cases::credentials::View};
/// fn forge(session: claviger_core::authentication::session::Session, action: View) -> Confirmed<View> {
///     Confirmed { session, action, request_context: todo!() }
/// }
/// ```
///
/// It cannot be copied:
///
/// ```compile_fail,E0599
/// use claviger_core::{reauthentication::Confirmed, use_cases::credentials::View};
/// fn twice(confirmed: Confirmed<View>) -> (Confirmed<View>, Confirmed<View>) {
///     (confirmed.clone(), confirmed)
/// }
/// ```
///
/// It cannot be used twice:
///
/// ```compile_fail,E0382
/// use claviger_core::{claviger::Claviger, reauthentication::Confirmed, use_cases::credentials::View};
/// async fn twice(claviger: Claviger, confirmed: Confirmed<View>) {
///     let _ = claviger.view(confirmed).await;
///     let _ = claviger.view(confirmed).await;
/// }
/// ```
///
/// A confirmation for viewing cannot reset a key:
///
/// ```compile_fail,E0308
/// use claviger_core::{claviger::Claviger, reauthentication::Confirmed, use_cases::credentials::View};
/// async fn exceed(claviger: Claviger, confirmed: Confirmed<View>) {
///     let _ = claviger.reset(confirmed).await;
/// }
/// ```
///
/// Code that forgets to ask for the password does not compile:
///
/// ```compile_fail,E0308
/// use claviger_core::{claviger::Claviger, domain::credential::CredentialKind, use_cases::credentials::View};
/// async fn forget(claviger: Claviger) {
///     let _ = claviger.view(View::new(CredentialKind::ApiKey)).await;
/// }
/// ```
///
/// The correct use:
///
/// ```
/// use claviger_core::{
///     audit::RequestContext, authentication::session::Session, claviger::Claviger,
///     domain::credential::CredentialKind, password::PasswordAttempt, reauthentication::Proof,
///     use_cases::credentials::View,
/// };
/// async fn view(claviger: Claviger, session: Session, password: &str) {
///     let proof = Proof::Password(PasswordAttempt::new(password));
///     let action = View::new(CredentialKind::ApiKey);
///     if let Ok(confirmed) = claviger.confirm(session, action, proof, RequestContext::operator()).await {
///         let _ = claviger.view(confirmed).await;
///     }
/// }
/// ```
#[derive(Debug)]
#[must_use = "a confirmed action has not happened yet"]
pub struct Confirmed<A: Action> {
    session: Session,
    action: A,
    request_context: RequestContext,
}

impl<A: Action> Confirmed<A> {
    /// The session and the action, for work that must be done before the transaction.
    pub(crate) const fn parts(&mut self) -> (&Session, &mut A) {
        (&self.session, &mut self.action)
    }

    pub(super) const fn new(session: Session, action: A, request_context: RequestContext) -> Self {
        Self { session, action, request_context }
    }

    /// Spends the confirmation: begins the transaction in which the action happens. It checks session and permission
    /// again inside the transaction, so that a sign-out or revocation since the confirmation takes effect, and so
    /// that of two admins who demote each other only the first succeeds.
    pub(crate) async fn begin(self, claviger: &Claviger) -> Result<Acting<A>, ActionError> {
        let Self { session, action, request_context } = self;
        let mut transaction = claviger.database.write_for(&session.account).await?;
        claviger.require_running(&mut transaction, &session).await?;
        if let Err(error) = action.allowed(&mut transaction, &session).await {
            let refused = (action.audit_action(), action.target());
            return Err(claviger.refuse(transaction, &session, refused, &request_context, error).await?);
        }
        let claviger = claviger.clone();
        Ok(Acting { claviger, transaction, session, action, request_context, changed_keys: false })
    }
}

/// An action in its transaction. Nothing of it is stored before [`Acting::commit`].
#[must_use = "nothing lasts without commit"]
pub(crate) struct Acting<A: Action> {
    pub(crate) claviger: Claviger,
    pub(crate) transaction: Transaction,
    pub(crate) session: Session,
    pub(crate) action: A,
    pub(crate) request_context: RequestContext,
    /// Whether a key was replaced. The old one must then be refused before the request is answered.
    pub(crate) changed_keys: bool,
}

impl<A: Action> Acting<A> {
    /// Records the action on one target.
    pub(crate) async fn record(&mut self, target: Target) -> Result<(), ActionError> {
        self.record_as(self.action.audit_action(), target).await
    }

    /// Records another action that happened in the same transaction.
    pub(crate) async fn record_as(&mut self, action: AuditAction, target: Target) -> Result<(), ActionError> {
        let event = Event {
            actor: Actor::Member(&self.session.member),
            action,
            target,
            outcome: Outcome::Done,
            request_context: &self.request_context,
        };
        self.claviger.record(&mut self.transaction, Some(&self.session.account), &event).await?;
        Ok(())
    }

    /// Commits the action, its audit record and a new session token.
    pub(crate) async fn commit(mut self) -> Result<Token, ActionError> {
        let token =
            Token::generate(&*self.claviger.random).map_err(crate::internal_error::InternalError::from)?;
        let previous_until = self.claviger.now().plus(REPLACED_TOKEN);
        let Session { id, account, member, .. } = &self.session;
        let token_hash = token.hash(&self.claviger.keys.row);
        let row = Row::Session { id, account, member, token_hash: &token_hash };
        let mac = self.claviger.keys.row.mac(&row);
        store::session::replace_token(&mut self.transaction, id, &token_hash, &mac, previous_until).await?;
        if self.changed_keys {
            self.claviger.commit_keys(self.transaction, &self.session.account).await?;
        } else {
            self.transaction.commit().await?;
        }
        Ok(token)
    }

    /// Another request changed the key first. Commits only the audit event `Stale` and the counted rate limits.
    pub(crate) async fn commit_as_stale(self) -> Result<(), ActionError> {
        self.commit_as(Outcome::Stale).await
    }

    /// Ends an action that did not happen. Commits only the audit event with this outcome and the counted rate
    /// limits.
    pub(crate) async fn commit_as(mut self, outcome: Outcome) -> Result<(), ActionError> {
        let event = event(&self.session, &self.action, outcome, &self.request_context);
        self.claviger.record(&mut self.transaction, Some(&self.session.account), &event).await?;
        Ok(self.transaction.commit().await?)
    }
}
