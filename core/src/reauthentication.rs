//! Re-authentication: credentials, permissions and sign-in data change only after the member entered a proof,
//! such as the password, for that action. A type enforces the rule: each such function takes a [`Confirmed`] action, and only this module
//! creates one.

mod action;
mod confirmed;
mod error;
mod proof;

pub use action::Action;
pub(crate) use action::{require, sealed};
pub(crate) use confirmed::Acting;
pub use confirmed::Confirmed;
pub use error::ActionError;
pub use proof::Proof;

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
    store::{self, Transaction},
};
use proof::PendingProof;
use tracing::Instrument;

impl Claviger {
    /// Checks that the member may perform the action, and that the proof is theirs. The order is: permission, wait,
    /// proof.
    ///
    /// # Errors
    /// The reason why the action must not happen. A proof that does not hold is counted and recorded.
    pub async fn confirm<A: Action>(
        &self,
        session: Session,
        action: A,
        proof: Proof,
        request_context: RequestContext,
    ) -> Result<Confirmed<A>, ActionError> {
        // The check runs in its own task: if the browser disconnects, a correct password must not stay counted as
        // wrong.
        let checking = self.clone().check(session, action, proof, request_context);
        tokio::spawn(checking.in_current_span()).await.map_err(|_| InternalError::Stopped)?
    }

    async fn check<A: Action>(
        self,
        session: Session,
        action: A,
        proof: Proof,
        request_context: RequestContext,
    ) -> Result<Confirmed<A>, ActionError> {
        let mut proof = PendingProof::enqueue(&self, proof, &session).await?;
        let mut reader = self.database.reader().await?;
        let allowed = action.allowed(&mut reader, &session).await;
        proof.load(&mut reader, &session).await?;
        drop(reader);
        if let Err(error) = allowed {
            let mut transaction = self.database.write_for(&session.account).await?;
            // Check again under the lock: without it, a change between two reads can give an inconsistent result.
            let error = action.allowed(&mut transaction, &session).await.err().unwrap_or(error);
            let refused = (action.audit_action(), action.target());
            return Err(self.refuse(transaction, &session, refused, &request_context, error).await?);
        }
        let reservation = self.reserve(&session, &action, &request_context).await?;
        let refusal = proof.refusal();
        let holds = proof.holds(&self, &session).await;
        let mut transaction = self.database.write_for(&session.account).await?;
        let confirmed = match holds {
            Ok(true) => {
                // Clear now, not when the action commits: the password was correct even if the action fails.
                throttle::clear(&mut transaction, &reservation).await?;
                Ok(Confirmed::new(session, action, request_context))
            }
            Ok(false) => {
                let event = event(&session, &action, refusal, &request_context);
                self.record(&mut transaction, Some(&session.account), &event).await?;
                Err(ActionError::ProofRefused { wait: reservation.wait_if_wrong() })
            }
            Err(error) => {
                throttle::release(&mut transaction, &reservation).await?;
                Err(error.into())
            }
        };
        transaction.commit().await?;
        confirmed
    }

    /// Counts the check as failed in advance, together with the sign-ins from the same device.
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

    /// Begins the transaction of a change that needs no password, and checks the session again in it.
    pub(crate) async fn begin_change(&self, session: &Session) -> Result<Transaction, ActionError> {
        let mut transaction = self.database.write_for(&session.account).await?;
        self.require_running(&mut transaction, session).await?;
        // Each change leaves an audit record, which is never deleted.
        let limit = Limit::changes(&session.member);
        match rate_limit::take(&mut transaction, &[limit], self.now()).await? {
            Ok(()) => Ok(transaction),
            Err(wait) => Err(ActionError::TooOften(wait)),
        }
    }

    /// Refuses a session that has ended since the request arrived.
    async fn require_running(
        &self,
        transaction: &mut Transaction,
        session: &Session,
    ) -> Result<(), ActionError> {
        let times = store::session::times(transaction, &session.id).await?;
        let runs = times.is_some_and(|(last_seen, end)| is_running(last_seen, end, self.now()));
        if runs { Ok(()) } else { Err(ActionError::SignedOut) }
    }

    /// Records a change that needs no password.
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

    /// Records a refusal, if the audit trail has an outcome for its error. After too many refusals the member must
    /// wait, and further ones are not recorded: otherwise a member without any permission could make the audit trail
    /// grow without limit.
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

/// The audit event of an action that did not happen.
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
