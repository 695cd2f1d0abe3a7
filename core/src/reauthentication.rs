//! Re-authentication: nothing happens to a credential, to what a member may do or to how they sign in unless the
//! password was entered for it. The rule is a type: what acts takes a [`Confirmed`] action, and only this module makes
//! one.

mod action;
mod confirmed;
mod error;

pub use action::Action;
pub(crate) use action::{require, sealed};
pub(crate) use confirmed::Acting;
pub use confirmed::Confirmed;
pub use error::ActionError;

use crate::{
    audit::{Actor, AuditAction, Event, Outcome, RequestContext, Target},
    authentication::session::Session,
    claviger::Claviger,
    domain::session::is_running,
    internal_error::InternalError,
    limits::{
        rate_limit::{self, Limit},
        throttle::{self, Reservation, Source},
    },
    password::{PasswordAttempt, PasswordOwner, Requester},
    store::{self, Transaction},
};
use tracing::Instrument;

impl Claviger {
    /// Checks that the member may do this, and that the password is theirs. Permission comes before the wait, and the
    /// wait before the password.
    ///
    /// # Errors
    /// Why the action must not happen. A wrong password is counted and recorded.
    pub async fn confirm<A: Action>(
        &self,
        session: Session,
        action: A,
        password: PasswordAttempt,
        request_context: RequestContext,
    ) -> Result<Confirmed<A>, ActionError> {
        // In a task of its own: a browser that goes away must not leave a right password counted as a wrong one.
        let checking = self.clone().check(session, action, password, request_context);
        tokio::spawn(checking.in_current_span()).await.map_err(|_| InternalError::Stopped)?
    }

    async fn check<A: Action>(
        self,
        session: Session,
        action: A,
        password: PasswordAttempt,
        request_context: RequestContext,
    ) -> Result<Confirmed<A>, ActionError> {
        let place = self.hasher.enter(&Requester::Session(&session.account, &session.member)).await?;
        let mut reader = self.database.reader().await?;
        let allowed = action.allowed(&mut reader, &session).await;
        let hash = store::member::password_hash(&mut reader, &session.member).await?;
        drop(reader);
        if let Err(error) = allowed {
            let mut transaction = self.database.write_for(&session.account).await?;
            // Once more under the lock: of what was read without it, one half may be older than a change and the other newer.
            let error = action.allowed(&mut transaction, &session).await.err().unwrap_or(error);
            let refused = (action.audit_action(), action.target());
            return Err(self.refuse(transaction, &session, refused, &request_context, error).await?);
        }
        let reservation = self.reserve(&session, &action, &request_context).await?;
        let owner = PasswordOwner { account: &session.account, member: &session.member };
        let stored = hash.as_ref().map(|hash| (owner, hash));
        let checked = self.hasher.verify(place, password, stored, &*self.random).await;
        let mut transaction = self.database.write_for(&session.account).await?;
        let confirmed = match checked.map(|checked| checked.matches) {
            Ok(true) => {
                // Now, and not with the action: the password was right, whatever becomes of that.
                throttle::clear(&mut transaction, &reservation).await?;
                Ok(Confirmed::new(session, action, request_context))
            }
            Ok(false) => {
                let event = event(&session, &action, Outcome::WrongPassword, &request_context);
                self.record(&mut transaction, Some(&session.account), &event).await?;
                Err(ActionError::WrongPassword { wait: reservation.wait_if_wrong() })
            }
            Err(error) => {
                throttle::release(&mut transaction, &reservation).await?;
                Err(error.into())
            }
        };
        transaction.commit().await?;
        confirmed
    }

    /// Counts the check in advance, together with the sign-ins from the same device.
    async fn reserve<A: Action>(
        &self,
        session: &Session,
        action: &A,
        request_context: &RequestContext,
    ) -> Result<Reservation, ActionError> {
        let mut transaction = self.database.write_for(&session.account).await?;
        let (subject, source) = (session.member.as_str(), Source::KnownDevice(session.device_hash.clone()));
        let reserved = throttle::reserve(&mut transaction, subject, source, self.now()).await?;
        if let Err(turned_away) = &reserved {
            tracing::warn!(subject, why = ?turned_away.why, "a confirmation was turned away");
            if turned_away.is_first {
                let event = event(session, action, Outcome::Throttled, request_context);
                self.record(&mut transaction, Some(&session.account), &event).await?;
            }
        }
        transaction.commit().await?;
        reserved.map_err(|turned_away| ActionError::Throttled(turned_away.why))
    }

    /// The transaction of a change that asks for no password, in which the session is looked at once more.
    pub(crate) async fn begin_change(&self, session: &Session) -> Result<Transaction, ActionError> {
        let mut transaction = self.database.write_for(&session.account).await?;
        self.require_running(&mut transaction, session).await?;
        // Each leaves an audit record, which is never deleted.
        let limit = Limit::changes(&session.member);
        match rate_limit::take(&mut transaction, &[limit], self.now()).await? {
            Ok(()) => Ok(transaction),
            Err(wait) => Err(ActionError::TooOften(wait)),
        }
    }

    /// Refuses a session that has ended since the request came.
    async fn require_running(
        &self,
        transaction: &mut Transaction,
        session: &Session,
    ) -> Result<(), ActionError> {
        let times = store::session::times(transaction, &session.id).await?;
        let runs = times.is_some_and(|(last_seen, end)| is_running(last_seen, end, self.now()));
        if runs { Ok(()) } else { Err(ActionError::SignedOut) }
    }

    /// Records such a change.
    pub(crate) async fn record_change(
        &self,
        transaction: &mut Transaction,
        session: &Session,
        action: AuditAction,
        target: Target,
        request_context: &RequestContext,
    ) -> Result<(), ActionError> {
        let actor = Actor::Member(&session.member);
        let event = Event { actor, action, target, outcome: Outcome::Done, request_context };
        Ok(self.record(transaction, Some(&session.account), &event).await?)
    }

    /// Records why something was refused, where it was refused for what it is. Whoever is refused again and again must
    /// wait, and then nothing is written: else a member without any permission could make the audit trail grow for ever.
    pub(crate) async fn refuse(
        &self,
        mut transaction: Transaction,
        session: &Session,
        (action, target): (AuditAction, Target),
        request_context: &RequestContext,
        error: ActionError,
    ) -> Result<ActionError, ActionError> {
        let Some(outcome) = error.refusal() else { return Ok(error) };
        let limit = Limit::refusals(&session.member);
        if let Err(wait) = rate_limit::take(&mut transaction, &[limit], self.now()).await? {
            transaction.commit().await?;
            return Ok(ActionError::TooOften(wait));
        }
        let event = Event { actor: Actor::Member(&session.member), action, target, outcome, request_context };
        self.record(&mut transaction, Some(&session.account), &event).await?;
        transaction.commit().await?;
        Ok(error)
    }
}

/// The event of an action that did not happen.
fn event<'a, A: Action>(
    session: &'a Session,
    action: &A,
    outcome: Outcome,
    request_context: &'a RequestContext,
) -> Event<'a> {
    Event {
        actor: Actor::Member(&session.member),
        action: action.audit_action(),
        target: action.target(),
        outcome,
        request_context,
    }
}
