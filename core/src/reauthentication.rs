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
    audit::{Actor, AuditAction, Circumstances, Event, Outcome, Target},
    claviger::Claviger,
    domain::session::is_running,
    failure::Failure,
    password::{HashError, PasswordAttempt},
    session::Session,
    store::{self, Transaction, login_failure::Counter},
    throttle::{self, Reservation},
};

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
        circumstances: Circumstances,
    ) -> Result<Confirmed<A>, ActionError> {
        let mut reader = self.database.reader().await?;
        let allowed = action.allowed(&mut reader, &session).await;
        let hash = store::member::password_hash(&mut reader, &session.member).await?;
        drop(reader);
        if let Err(error) = allowed {
            let transaction = self.locked(&session).await?;
            return Err(self.refuse(transaction, &session, &action, &circumstances, error).await?);
        }
        let reservation = self.reserve(&session).await?;
        match self.hasher.verify(password, hash).await {
            Ok(true) => Ok(Confirmed::new(session, action, circumstances, reservation)),
            Ok(false) => {
                let mut transaction = self.locked(&session).await?;
                let event = event(&session, &action, Outcome::WrongPassword, &circumstances);
                self.record(&mut transaction, Some(&session.account), &event).await?;
                transaction.commit().await?;
                Err(ActionError::WrongPassword { wait: reservation.wait_if_wrong() })
            }
            Err(error) => {
                let mut transaction = self.locked(&session).await?;
                throttle::release(&mut transaction, &reservation).await?;
                transaction.commit().await?;
                Err(match error {
                    HashError::Busy => ActionError::Busy,
                    _ => Failure::Hasher.into(),
                })
            }
        }
    }

    /// Counts the check in advance, together with the sign-ins from the same device.
    async fn reserve(&self, session: &Session) -> Result<Reservation, ActionError> {
        let mut transaction = self.locked(session).await?;
        let counter =
            Counter { subject: session.member.as_str().to_owned(), source: session.device_hash.clone() };
        let reserved = throttle::reserve(&mut transaction, counter, self.now()).await?;
        transaction.commit().await?;
        reserved.map_err(ActionError::Throttled)
    }

    /// A transaction in which nobody else changes anything of the session's account.
    pub(crate) async fn locked(&self, session: &Session) -> Result<Transaction, store::StoreError> {
        let mut transaction = self.database.write().await?;
        store::account::lock(&mut transaction, &session.account).await?;
        Ok(transaction)
    }

    /// The transaction of a change that asks for no password, in which the session is looked at once more.
    pub(crate) async fn begin_change(&self, session: &Session) -> Result<Transaction, ActionError> {
        let mut transaction = self.locked(session).await?;
        self.require_running(&mut transaction, session).await?;
        Ok(transaction)
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
        circumstances: &Circumstances,
    ) -> Result<(), ActionError> {
        let actor = Actor::Member(&session.member);
        let event = Event { actor, action, target, outcome: Outcome::Done, circumstances };
        Ok(self.record(transaction, Some(&session.account), &event).await?)
    }

    /// Records why the action was refused, where it was refused for what it is.
    async fn refuse<A: Action>(
        &self,
        mut transaction: Transaction,
        session: &Session,
        action: &A,
        circumstances: &Circumstances,
        error: ActionError,
    ) -> Result<ActionError, ActionError> {
        if let Some(outcome) = error.refusal() {
            let event = event(session, action, outcome, circumstances);
            self.record(&mut transaction, Some(&session.account), &event).await?;
            transaction.commit().await?;
        }
        Ok(error)
    }
}

/// The event of an action that did not happen.
fn event<'a, A: Action>(
    session: &'a Session,
    action: &A,
    outcome: Outcome,
    circumstances: &'a Circumstances,
) -> Event<'a> {
    Event {
        actor: Actor::Member(&session.member),
        action: action.audit_action(),
        target: action.target(),
        outcome,
        circumstances,
    }
}
