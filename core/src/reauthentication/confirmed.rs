//! The proof that the password was entered for one action, and the transaction that it is spent in.

use super::{Action, ActionError, event};
use crate::{
    audit::{Actor, AuditAction, Event, Outcome, RequestContext, Target},
    authentication::session::Session,
    claviger::Claviger,
    crypto::{row_mac::Row, token::Token},
    domain::session::REPLACED_TOKEN,
    store::{self, Transaction},
};

/// An action for which a member entered the password a moment ago. It is bound to that member, account and action,
/// and to the key that the action names.
///
/// Only [`Claviger::confirm`] makes one. It cannot be made otherwise:
///
/// ```compile_fail,E0451
/// use claviger_core::{credentials::View, reauthentication::Confirmed};
/// fn forge(session: claviger_core::authentication::session::Session, action: View) -> Confirmed<View> {
///     Confirmed { session, action, request_context: todo!() }
/// }
/// ```
///
/// It cannot be copied:
///
/// ```compile_fail,E0599
/// use claviger_core::{credentials::View, reauthentication::Confirmed};
/// fn twice(confirmed: Confirmed<View>) -> (Confirmed<View>, Confirmed<View>) {
///     (confirmed.clone(), confirmed)
/// }
/// ```
///
/// It cannot be used twice:
///
/// ```compile_fail,E0382
/// use claviger_core::{claviger::Claviger, credentials::View, reauthentication::Confirmed};
/// async fn twice(claviger: Claviger, confirmed: Confirmed<View>) {
///     let _ = claviger.view(confirmed).await;
///     let _ = claviger.view(confirmed).await;
/// }
/// ```
///
/// What was confirmed for viewing resets nothing:
///
/// ```compile_fail,E0308
/// use claviger_core::{claviger::Claviger, credentials::View, reauthentication::Confirmed};
/// async fn exceed(claviger: Claviger, confirmed: Confirmed<View>) {
///     let _ = claviger.reset(confirmed).await;
/// }
/// ```
///
/// And code that forgets to ask does not compile:
///
/// ```compile_fail,E0308
/// use claviger_core::{claviger::Claviger, credentials::View, domain::credential::CredentialKind};
/// async fn forget(claviger: Claviger) {
///     let _ = claviger.view(View::new(CredentialKind::ApiKey)).await;
/// }
/// ```
///
/// This is how it goes:
///
/// ```
/// use claviger_core::{
///     audit::RequestContext, claviger::Claviger, credentials::View, domain::credential::CredentialKind,
///     password::PasswordAttempt, session::Session,
/// };
/// async fn view(claviger: Claviger, session: Session, password: &str) {
///     let password = PasswordAttempt::new(password);
///     let action = View::new(CredentialKind::ApiKey);
///     if let Ok(confirmed) = claviger.confirm(session, action, password, RequestContext::operator()).await {
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
    /// What was confirmed, and by whom, for work that has to be done before the transaction.
    pub(crate) const fn parts(&mut self) -> (&Session, &mut A) {
        (&self.session, &mut self.action)
    }

    pub(super) const fn new(session: Session, action: A, request_context: RequestContext) -> Self {
        Self { session, action, request_context }
    }

    /// Spends the confirmation: begins the transaction in which the action happens. Session and permission are looked
    /// at once more in it, so that neither a sign-out nor a revocation that came meanwhile can be overtaken, and so
    /// that of two admins who demote each other one comes too late.
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

/// An action that is happening: nothing of it lasts before [`Acting::commit`].
#[must_use = "nothing lasts without commit"]
pub(crate) struct Acting<A: Action> {
    pub(crate) claviger: Claviger,
    pub(crate) transaction: Transaction,
    pub(crate) session: Session,
    pub(crate) action: A,
    pub(crate) request_context: RequestContext,
    /// Whether a key was replaced, so that the old one has to be refused when this is answered.
    pub(crate) changed_keys: bool,
}

impl<A: Action> Acting<A> {
    /// Records what was done to one thing.
    pub(crate) async fn record(&mut self, target: Target) -> Result<(), ActionError> {
        self.record_as(self.action.audit_action(), target).await
    }

    /// Records what was done besides.
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

    /// Makes it last, together with its record and with a new token for the session.
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

    /// Ends it as come too late: what lasts is the record of that alone.
    pub(crate) async fn commit_as_stale(self) -> Result<(), ActionError> {
        self.commit_as(Outcome::Stale).await
    }

    /// Ends it without its having happened: what lasts is the record of that, and what was counted.
    pub(crate) async fn commit_as(mut self, outcome: Outcome) -> Result<(), ActionError> {
        let event = event(&self.session, &self.action, outcome, &self.request_context);
        self.claviger.record(&mut self.transaction, Some(&self.session.account), &event).await?;
        Ok(self.transaction.commit().await?)
    }
}
