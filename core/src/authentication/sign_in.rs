//! Signing in: begins a session for an e-mail address and a password. It must not disclose which e-mail addresses
//! have an account.

use super::session::{BrowserTokens, SignedIn};
use crate::{
    audit::{Actor, AuditAction, Event, INSTALLATION, Outcome, RequestContext, Target},
    claviger::Claviger,
    crypto::token::Token,
    domain::{
        account::AccountId,
        member::{Email, EmailError},
        session::KNOWN_DEVICE,
    },
    internal_error::{InternalError, internal},
    limits::throttle::{self, Reservation, Source, Throttled},
    password::{HashError, PasswordAttempt, PasswordHash, PasswordOwner, Requester, Verification},
    store::{self, StoreError, Transaction, member::Login},
};
use std::time::Duration;
use tracing::Instrument;

/// Why a sign-in failed.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// A field is empty. Nothing was checked, and no failure is counted.
    #[error("a field is empty")]
    Missing {
        /// Whether the e-mail address is empty.
        email: bool,
        /// Whether the password is empty.
        password: bool,
    },
    /// The e-mail field does not contain an e-mail address. Nothing was checked, and no failure is counted.
    #[error("not an e-mail address: {0}")]
    NotAnEmail(EmailError),
    /// E-mail address and password do not match. The error does not disclose whether the address exists or whether
    /// its member is disabled.
    #[error("e-mail and password do not go together")]
    Wrong {
        /// How long the next attempt must wait; zero if it may follow at once.
        wait: Duration,
    },
    /// Too many attempts: this password was not checked.
    #[error("too many attempts")]
    Throttled(Throttled),
    /// Too many passwords are waiting to be checked.
    #[error("too many passwords are waiting to be checked")]
    Busy,
    /// An internal error.
    #[error(transparent)]
    InternalError(#[from] InternalError),
}

internal!(SignInError: StoreError);

impl From<HashError> for SignInError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Busy,
            _ => InternalError::Hasher.into(),
        }
    }
}

/// One sign-in attempt. An unknown address goes through the same steps as a known one, and costs the same.
struct Attempt {
    login: Option<Login>,
    /// The id of the member, or the keyed hash of an unknown address.
    subject: String,
    source: Source,
    request_context: RequestContext,
}

impl Attempt {
    fn account(&self) -> Option<&AccountId> {
        self.login.as_ref().map(|login| &login.account)
    }

    fn requester(&self) -> Requester<'_> {
        match &self.login {
            Some(login) if matches!(self.source, Source::KnownDevice(_)) => {
                Requester::KnownDevice(&login.account, &login.member)
            }
            _ => Requester::Stranger(self.request_context.address),
        }
    }

    fn stored(&self) -> Option<(PasswordOwner<'_>, &PasswordHash)> {
        let login = self.login.as_ref()?;
        Some((PasswordOwner { account: &login.account, member: &login.member }, &login.password_hash))
    }
}

impl Claviger {
    /// Checks e-mail address and password, and begins a session.
    ///
    /// # Errors
    /// The reason why the sign-in failed. A wrong password is counted and recorded.
    pub async fn sign_in(
        &self,
        email: &str,
        password: PasswordAttempt,
        tokens: BrowserTokens<'_>,
        request_context: &RequestContext,
    ) -> Result<SignedIn, SignInError> {
        let (no_email, no_password) = (email.trim().is_empty(), password.is_empty());
        if no_email || no_password {
            return Err(SignInError::Missing { email: no_email, password: no_password });
        }
        let email = Email::parse(email).map_err(SignInError::NotAnEmail)?;
        let attempt = self.attempt(&email, tokens, request_context).await?;
        // The check runs in its own task: if the browser disconnects, a correct password must not stay counted as
        // wrong.
        let checking = self.clone().check_attempt(attempt, password);
        let login = tokio::spawn(checking.in_current_span()).await.map_err(|_| InternalError::Stopped)??;
        self.admit(&login, tokens, request_context).await
    }

    /// Finds the member of an attempt, and the device or network for which it is counted.
    async fn attempt(
        &self,
        email: &Email,
        tokens: BrowserTokens<'_>,
        request_context: &RequestContext,
    ) -> Result<Attempt, SignInError> {
        let mut reader = self.database.reader().await?;
        let login = store::member::find_login(&mut reader, email).await?;
        let subject = match &login {
            Some(login) => login.member.as_str().to_owned(),
            None => self.keys.pepper.pseudonym(email.folded()),
        };
        let known_since = self.now().before(KNOWN_DEVICE);
        let device = tokens.device.and_then(Token::parse).map(|device| device.hash(&self.keys.row));
        let source = match (&login, device) {
            (Some(login), Some(device))
                if store::device::is_known_to(&mut reader, &device, &login.member, known_since).await? =>
            {
                Source::KnownDevice(device)
            }
            _ => {
                self.limit_address(request_context).map_err(SignInError::Throttled)?;
                Source::UnknownDevice(request_context.address)
            }
        };
        Ok(Attempt { login, subject, source, request_context: request_context.clone() })
    }

    /// Takes one attempt from the rate limit of the client address.
    pub(crate) fn limit_address(&self, request_context: &RequestContext) -> Result<(), Throttled> {
        request_context
            .address
            .map_or(Ok(()), |address| self.address_limit.try_once(address, self.now()))
            .map_err(Throttled::Wait)
    }

    /// Checks the password of an attempt, and then clears its reservation or keeps it as a failure.
    async fn check_attempt(self, attempt: Attempt, password: PasswordAttempt) -> Result<Login, SignInError> {
        let place = self.hasher.enter(&attempt.requester()).await?;
        let reservation = self.reserve_attempt(&attempt).await?;
        match self.hasher.verify(place, password, attempt.stored(), &*self.random).await {
            Ok(Verification { matches: true, replacement }) => {
                self.settle(attempt, reservation, replacement).await
            }
            Ok(_) => Err(self.reject(&attempt, &reservation).await?),
            Err(error) => {
                let mut transaction = self.lock_attempt(&attempt).await?;
                throttle::release(&mut transaction, &reservation).await?;
                transaction.commit().await?;
                Err(error.into())
            }
        }
    }

    /// Begins a transaction that locks the account of the attempt, or the chain of the installation for an unknown
    /// address.
    async fn lock_attempt(&self, attempt: &Attempt) -> Result<Transaction, StoreError> {
        if let Some(account) = attempt.account() {
            return self.database.write_for(account).await;
        }
        let mut transaction = self.database.write_unlocked().await?;
        store::audit::lock_head(&mut transaction, INSTALLATION).await?;
        Ok(transaction)
    }

    async fn reserve_attempt(&self, attempt: &Attempt) -> Result<Reservation, SignInError> {
        let mut transaction = self.lock_attempt(attempt).await?;
        let source = attempt.source.clone();
        let reserved = throttle::reserve(&mut transaction, &attempt.subject, source, self.now()).await?;
        if let Err(turned_away) = &reserved {
            let subject = attempt.subject.as_str();
            tracing::warn!(subject, why = ?turned_away.why, "a sign-in was turned away");
            if turned_away.is_first {
                self.record_attempt(&mut transaction, attempt, Outcome::Throttled).await?;
            }
        }
        transaction.commit().await?;
        reserved.map_err(|turned_away| SignInError::Throttled(turned_away.why))
    }

    /// Records a wrong password. The reservation stays as its count.
    async fn reject(&self, attempt: &Attempt, reservation: &Reservation) -> Result<SignInError, SignInError> {
        let mut transaction = self.lock_attempt(attempt).await?;
        self.record_attempt(&mut transaction, attempt, Outcome::WrongPassword).await?;
        transaction.commit().await?;
        Ok(SignInError::Wrong { wait: reservation.wait_if_wrong() })
    }

    async fn record_attempt(
        &self,
        transaction: &mut Transaction,
        attempt: &Attempt,
        outcome: Outcome,
    ) -> Result<(), StoreError> {
        let address = attempt.request_context.address;
        if attempt.login.is_none() && !self.stranger_records.may_record(address, self.now()) {
            return Ok(());
        }
        let event = Event {
            actor: Actor::Unknown,
            action: AuditAction::SignIn,
            target: attempt.login.as_ref().map_or_else(Target::none, |login| Target::member(&login.member)),
            outcome,
            request_context: &attempt.request_context,
        };
        self.record(transaction, attempt.account(), &event).await
    }

    /// Clears the count after a correct password, even if the session cannot begin.
    async fn settle(
        &self,
        attempt: Attempt,
        reservation: Reservation,
        replacement: Option<PasswordHash>,
    ) -> Result<Login, SignInError> {
        let Some(mut login) = attempt.login.clone() else {
            return Err(self.reject(&attempt, &reservation).await?);
        };
        let mut transaction = self.lock_attempt(&attempt).await?;
        // The member may have been disabled, or the password changed, during the check. The attempt then stays
        // counted: a cleared count would disclose that the password is correct.
        if !store::member::may_sign_in(&mut transaction, &login.member, &login.password_hash).await? {
            self.record_attempt(&mut transaction, &attempt, Outcome::Disabled).await?;
            transaction.commit().await?;
            return Err(SignInError::Wrong { wait: reservation.wait_if_wrong() });
        }
        throttle::clear(&mut transaction, &reservation).await?;
        if let Some(hash) = replacement {
            store::member::set_password(&mut transaction, &login.member, &hash).await?;
            login.password_hash = hash;
        }
        transaction.commit().await?;
        Ok(login)
    }

    /// Begins the session of a member whose password was correct.
    async fn admit(
        &self,
        login: &Login,
        tokens: BrowserTokens<'_>,
        request_context: &RequestContext,
    ) -> Result<SignedIn, SignInError> {
        let mut transaction = self.database.write_for(&login.account).await?;
        if !store::member::may_sign_in(&mut transaction, &login.member, &login.password_hash).await? {
            let event = Event {
                actor: Actor::Unknown,
                action: AuditAction::SignIn,
                target: Target::member(&login.member),
                outcome: Outcome::Disabled,
                request_context,
            };
            self.record(&mut transaction, Some(&login.account), &event).await?;
            transaction.commit().await?;
            return Err(SignInError::Wrong { wait: Duration::ZERO });
        }
        let signed_in = self
            .begin_session(&mut transaction, &login.account, &login.member, tokens, request_context)
            .await?;
        transaction.commit().await?;
        Ok(signed_in)
    }
}
