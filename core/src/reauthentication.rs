//! Re-authentication: no action on a credential happens unless the password was entered for it. The rule is a type:
//! what acts takes a [`Confirmed`] action, and only this module makes one.

mod action;
mod confirmed;

pub use action::{Action, Copy, Reset, View};
pub(crate) use confirmed::Acting;
pub use confirmed::Confirmed;

use crate::{
    audit::{Actor, Circumstances, Event, Outcome, Target},
    claviger::Claviger,
    clock::Timestamp,
    domain::credential::CredentialKind,
    failure::Failure,
    password::{HashError, PasswordAttempt},
    session::Session,
    store::{self, Transaction, login_failure::Counter},
    throttle::{self, Reservation, Throttled},
};
use std::time::Duration;

/// Why an action on a credential did not happen. Nothing was disclosed or replaced.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// The session has ended.
    #[error("the session has ended")]
    SignedOut,
    /// The member lacks the permission.
    #[error("the permission is missing")]
    NotPermitted {
        /// The names of the admins who can grant it.
        admins: Vec<String>,
    },
    /// The password is wrong.
    #[error("wrong password")]
    WrongPassword {
        /// How long the next attempt must wait; zero where it may follow at once.
        wait: Duration,
    },
    /// Too many wrong passwords: this one was not even checked.
    #[error("too many wrong passwords")]
    Throttled(Throttled),
    /// Too many passwords are waiting to be checked.
    #[error("too many passwords are waiting to be checked")]
    Busy,
    /// The key was reset since the page was shown.
    #[error("the key was reset since the page was shown")]
    Stale {
        /// Which key.
        kind: CredentialKind,
        /// When.
        at: Timestamp,
        /// By whom: a member's name.
        by: String,
    },
    /// Something failed that is not the caller's fault.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<store::StoreError> for ActionError {
    fn from(error: store::StoreError) -> Self {
        Self::Failure(error.into())
    }
}

impl From<sqlx::Error> for ActionError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failure(error.into())
    }
}

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
        let permitted = store::member::is_permitted(&mut reader, &session.member, A::PERMISSION).await?;
        let hash = store::member::password_hash(&mut reader, &session.member).await?;
        drop(reader);
        if !permitted {
            let transaction = self.locked(&session).await?;
            return Err(self.refuse(transaction, &session, &action, &circumstances).await?);
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
    async fn locked(&self, session: &Session) -> Result<Transaction, store::StoreError> {
        let mut transaction = self.database.write().await?;
        store::account::lock(&mut transaction, &session.account).await?;
        Ok(transaction)
    }

    /// Records that the permission is missing, and says whom to ask.
    async fn refuse<A: Action>(
        &self,
        mut transaction: Transaction,
        session: &Session,
        action: &A,
        circumstances: &Circumstances,
    ) -> Result<ActionError, ActionError> {
        let event = event(session, action, Outcome::NotPermitted, circumstances);
        self.record(&mut transaction, Some(&session.account), &event).await?;
        let admins = store::member::admin_names(&mut transaction, &session.account).await?;
        transaction.commit().await?;
        Ok(ActionError::NotPermitted { admins })
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
        target: Target::kinds(&action.kinds()),
        outcome,
        circumstances,
    }
}
