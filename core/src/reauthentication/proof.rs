//! What a member enters to prove that it is they who confirm an action: one variant for each kind. Whatever acts takes
//! a [`Confirmed`](super::Confirmed) action, and must not know which kind it was.

use crate::{
    audit::Outcome,
    authentication::session::Session,
    claviger::Claviger,
    password::{HashError, PasswordAttempt, PasswordHash, PasswordOwner, Place, Requester},
    store::{self, Connection, StoreError},
};

/// What a member enters to confirm an action.
#[derive(Debug)]
pub enum Proof {
    /// The member's password.
    Password(PasswordAttempt),
}

/// A proof together with what checking it needs.
pub(super) enum PendingProof {
    Password { attempt: PasswordAttempt, place: Place, hash: Option<PasswordHash> },
}

impl PendingProof {
    /// Takes the place in the queue that the check needs, before the database is asked for anything.
    pub(super) async fn enqueue(
        claviger: &Claviger,
        proof: Proof,
        session: &Session,
    ) -> Result<Self, HashError> {
        match proof {
            Proof::Password(attempt) => {
                let place =
                    claviger.hasher.enter(&Requester::Session(&session.account, &session.member)).await?;
                Ok(Self::Password { attempt, place, hash: None })
            }
        }
    }

    /// Reads what the proof is compared with.
    pub(super) async fn load(
        &mut self,
        connection: &mut Connection,
        session: &Session,
    ) -> Result<(), StoreError> {
        match self {
            Self::Password { hash, .. } => {
                *hash = store::member::password_hash(connection, &session.member).await?;
            }
        }
        Ok(())
    }

    /// What the audit trail records if the proof does not hold.
    pub(super) const fn refusal(&self) -> Outcome {
        match self {
            Self::Password { .. } => Outcome::WrongPassword,
        }
    }

    /// Whether the proof is the member's.
    pub(super) async fn holds(self, claviger: &Claviger, session: &Session) -> Result<bool, HashError> {
        match self {
            Self::Password { attempt, place, hash } => {
                let owner = PasswordOwner { account: &session.account, member: &session.member };
                let stored = hash.as_ref().map(|hash| (owner, hash));
                let checked = claviger.hasher.verify(place, attempt, stored, &*claviger.random).await?;
                Ok(checked.matches)
            }
        }
    }
}
