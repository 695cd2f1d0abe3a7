//! Signing in: an e-mail and a password against a session. It must not let anyone learn which e-mails there are.

use crate::{
    audit::{Actor, AuditAction, Circumstances, Event, INSTALLATION, Outcome, Target},
    claviger::Claviger,
    domain::{account::AccountId, member::Email},
    failure::Failure,
    password::{HashError, PasswordAttempt},
    session::{BrowserTokens, SignedIn},
    store::{
        self, StoreError, Transaction,
        login_failure::{self, Counter},
        member::Login,
    },
    throttle::{self, Reservation, Throttled},
    token::Token,
};
use std::time::Duration;

/// The source of all devices that have not signed the member in before.
const UNKNOWN_DEVICE: &str = "unknown";

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Something was left empty. Nothing was checked, and nothing is counted.
    #[error("a field is empty")]
    Missing {
        /// The e-mail is.
        email: bool,
        /// The password is.
        password: bool,
    },
    /// E-mail and password do not go together. Whether there is such an e-mail is not told, nor whether its member is
    /// disabled.
    #[error("e-mail and password do not go together")]
    Wrong {
        /// How long the next attempt must wait; zero where it may follow at once.
        wait: Duration,
    },
    /// Too many attempts: this one was not even checked.
    #[error("too many attempts")]
    Throttled(Throttled),
    /// Too many passwords are waiting to be checked.
    #[error("too many passwords are waiting to be checked")]
    Busy,
    /// Something failed that is not the caller's fault.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<StoreError> for SignInError {
    fn from(error: StoreError) -> Self {
        Self::Failure(error.into())
    }
}

impl From<sqlx::Error> for SignInError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failure(error.into())
    }
}

/// One attempt, with what it turned out to be about. A member who does not exist goes through the same steps as one
/// who does, and costs the same.
struct Attempt<'a> {
    login: Option<Login>,
    counter: Counter,
    circumstances: &'a Circumstances,
}

impl Attempt<'_> {
    fn account(&self) -> Option<&AccountId> {
        self.login.as_ref().map(|login| &login.account)
    }
}

impl Claviger {
    /// Signs a member in.
    ///
    /// # Errors
    /// Why nobody was signed in. A wrong password is counted and recorded.
    pub async fn sign_in(
        &self,
        email: &str,
        password: PasswordAttempt,
        tokens: BrowserTokens<'_>,
        circumstances: &Circumstances,
    ) -> Result<SignedIn, SignInError> {
        let (no_email, no_password) = (email.trim().is_empty(), password.is_empty());
        if no_email || no_password {
            return Err(SignInError::Missing { email: no_email, password: no_password });
        }
        let attempt = self.attempt(email, tokens, circumstances).await?;
        let reservation = self.reserve_attempt(&attempt).await?;
        let hash = attempt.login.as_ref().map(|login| login.password_hash.clone());
        match self.hasher.verify(password, hash).await {
            Ok(true) => self.admit(attempt, reservation, tokens).await,
            Ok(false) => Err(self.reject(&attempt, &reservation, Outcome::WrongPassword).await?),
            Err(error) => {
                let mut transaction = self.lock_attempt(&attempt).await?;
                throttle::release(&mut transaction, &reservation).await?;
                transaction.commit().await?;
                Err(match error {
                    HashError::Busy => SignInError::Busy,
                    _ => Failure::Hasher.into(),
                })
            }
        }
    }

    /// Finds out whom an attempt is about and where it is counted.
    async fn attempt<'a>(
        &self,
        email: &str,
        tokens: BrowserTokens<'_>,
        circumstances: &'a Circumstances,
    ) -> Result<Attempt<'a>, SignInError> {
        let mut reader = self.database.reader().await?;
        // What is no e-mail address belongs to nobody, like an address that nobody has.
        let email = Email::parse(email).ok();
        let login = match &email {
            Some(email) => store::member::find_login(&mut reader, email).await?,
            None => None,
        };
        let subject = match (&login, &email) {
            (Some(login), _) => login.member.as_str().to_owned(),
            (None, Some(email)) => self.keys.pepper.pseudonym(email.folded()),
            (None, None) => self.keys.pepper.pseudonym(""),
        };
        let source = match (&login, tokens.device.and_then(Token::parse)) {
            (Some(login), Some(device))
                if store::device::is_known_to(&mut reader, &device.hash(), &login.member).await? =>
            {
                device.hash()
            }
            _ => {
                self.limit_address(circumstances).map_err(SignInError::Throttled)?;
                UNKNOWN_DEVICE.to_owned()
            }
        };
        Ok(Attempt { login, counter: Counter { subject, source }, circumstances })
    }

    /// Counts one try of the address that a request came from.
    pub(crate) fn limit_address(&self, circumstances: &Circumstances) -> Result<(), Throttled> {
        circumstances
            .address
            .map_or(Ok(()), |address| self.address_limit.try_once(address, self.now()))
            .map_err(Throttled::Wait)
    }

    /// A transaction in which nobody else changes what the attempt is about.
    async fn lock_attempt(&self, attempt: &Attempt<'_>) -> Result<Transaction, StoreError> {
        let mut transaction = self.database.write().await?;
        match attempt.account() {
            Some(account) => store::account::lock(&mut transaction, account).await?,
            None => {
                store::audit::lock_head(&mut transaction, INSTALLATION).await?;
            }
        }
        Ok(transaction)
    }

    async fn reserve_attempt(&self, attempt: &Attempt<'_>) -> Result<Reservation, SignInError> {
        let mut transaction = self.lock_attempt(attempt).await?;
        let reserved = throttle::reserve(&mut transaction, attempt.counter.clone(), self.now()).await?;
        transaction.commit().await?;
        reserved.map_err(SignInError::Throttled)
    }

    /// Records an attempt that failed; its reservation stands as the count of it.
    async fn reject(
        &self,
        attempt: &Attempt<'_>,
        reservation: &Reservation,
        outcome: Outcome,
    ) -> Result<SignInError, SignInError> {
        let mut transaction = self.lock_attempt(attempt).await?;
        let event = Event {
            actor: Actor::Unknown,
            action: AuditAction::SignIn,
            target: attempt.login.as_ref().map_or_else(Target::none, |login| Target::member(&login.member)),
            outcome,
            circumstances: attempt.circumstances,
        };
        self.record(&mut transaction, attempt.account(), &event).await?;
        transaction.commit().await?;
        Ok(SignInError::Wrong { wait: reservation.wait_if_wrong() })
    }

    /// Begins the session of a member whose password was right.
    async fn admit(
        &self,
        attempt: Attempt<'_>,
        reservation: Reservation,
        tokens: BrowserTokens<'_>,
    ) -> Result<SignedIn, SignInError> {
        let Some(login) = &attempt.login else {
            return Err(self.reject(&attempt, &reservation, Outcome::WrongPassword).await?);
        };
        let mut transaction = self.lock_attempt(&attempt).await?;
        // The member may have been disabled, or the password changed, while it was being checked.
        if !store::member::may_sign_in(&mut transaction, &login.member, &login.password_hash).await? {
            drop(transaction);
            return Err(self.reject(&attempt, &reservation, Outcome::Disabled).await?);
        }
        login_failure::clear(&mut transaction, &attempt.counter).await?;
        let signed_in = self
            .begin_session(&mut transaction, &login.account, &login.member, tokens, attempt.circumstances)
            .await?;
        transaction.commit().await?;
        Ok(signed_in)
    }
}
