//! Signing up: creates an organisation, its first admin and both its keys in one transaction.

use crate::{
    audit::{self, Actor, AuditAction, Event, Outcome, RequestContext, Target},
    authentication::session::{BrowserTokens, SignedIn},
    claviger::Claviger,
    domain::{
        account::{AccountId, OrganisationName},
        bundle::BundleId,
        field_errors::{EmailProblem, FieldErrors},
        member::{Email, MemberId, PersonName},
        role::RoleId,
    },
    internal_error::{InternalError, internal},
    limits::throttle::Throttled,
    password::{HashError, NewPassword, PasswordHash, PasswordOwner, Requester},
    settings::Registration,
    store::{self, StoreError, Transaction, account::NewAccount, member::NewMember},
};
use std::net::IpAddr;

/// The sign-up form as the visitor filled it in.
#[derive(Clone, Copy)]
pub struct SignUpForm<'a> {
    /// The name of the organisation.
    pub organisation: &'a str,
    /// The name of the person, who becomes its first admin.
    pub name: &'a str,
    /// The person's e-mail address.
    pub email: &'a str,
    /// The person's password.
    pub password: &'a str,
}

// The form contains a password.
crate::opaque_debug!(SignUpForm<'_>);

/// Why no account was created.
#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    /// Registration is closed: only the operator creates accounts.
    #[error("registration is closed")]
    Closed,
    /// Some fields are wrong.
    #[error("some fields are wrong: {0:?}")]
    Invalid(FieldErrors),
    /// Too many attempts from one address.
    #[error("too many attempts")]
    Throttled(Throttled),
    /// Too many passwords are waiting to be hashed.
    #[error("too many passwords are waiting to be hashed")]
    Busy,
    /// An internal error.
    #[error(transparent)]
    InternalError(#[from] InternalError),
}

internal!(SignUpError: StoreError);

impl From<HashError> for SignUpError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Busy,
            HashError::Refused(problem) => Self::Invalid(problem.into()),
            _ => InternalError::Hasher.into(),
        }
    }
}

impl SignUpError {
    fn taken() -> Self {
        Self::Invalid(FieldErrors { email: Some(EmailProblem::Taken), ..FieldErrors::default() })
    }
}

/// A form whose fields are all valid, with the password hashed.
struct Applicant {
    account: AccountId,
    admin: MemberId,
    organisation: OrganisationName,
    name: PersonName,
    email: Email,
    password_hash: PasswordHash,
}

/// A new account with its first admin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedAccount {
    /// The account.
    pub account: AccountId,
    /// Its first admin.
    pub admin: MemberId,
}

impl Claviger {
    /// Creates an account for a visitor and signs them in.
    ///
    /// # Errors
    /// The reason why no account was created.
    pub async fn sign_up(
        &self,
        form: SignUpForm<'_>,
        tokens: BrowserTokens<'_>,
        request_context: &RequestContext,
    ) -> Result<SignedIn, SignUpError> {
        if self.settings.registration == Registration::Closed {
            return Err(SignUpError::Closed);
        }
        self.limit_address(request_context).map_err(SignUpError::Throttled)?;
        let applicant = self.validate(form, request_context.address).await?;
        let mut transaction = self.database.write_unlocked().await?;
        let made = self.make_account(&mut transaction, &applicant, None, request_context).await?;
        let signed_in =
            self.begin_session(&mut transaction, &made.account, &made.admin, tokens, request_context).await?;
        self.commit_keys(transaction, &made.account).await?;
        Ok(signed_in)
    }

    /// Creates an account on behalf of the operator, whether registration is open or not.
    ///
    /// # Errors
    /// The reason why no account was created.
    pub async fn create_account(&self, form: SignUpForm<'_>) -> Result<CreatedAccount, SignUpError> {
        let applicant = self.validate(form, None).await?;
        let mut transaction = self.database.write_unlocked().await?;
        let request_context = RequestContext::operator();
        let made =
            self.make_account(&mut transaction, &applicant, Some(Actor::Operator), &request_context).await?;
        self.commit_keys(transaction, &made.account).await?;
        Ok(made)
    }

    /// Checks all fields, so that the error names every wrong field at once, then checks the strength of the password
    /// and hashes it.
    async fn validate(
        &self,
        form: SignUpForm<'_>,
        address: Option<IpAddr>,
    ) -> Result<Applicant, SignUpError> {
        let place = self.hasher.enter(&Requester::Stranger(address)).await?;
        let organisation = OrganisationName::parse(form.organisation);
        let name = PersonName::parse(form.name);
        let email = self.free_email(form.email).await?;
        let password = NewPassword::parse(form.password);
        match (organisation, name, email, password) {
            (Ok(organisation), Ok(name), Ok(email), Ok(password)) => {
                let now = self.now();
                let account = AccountId::new(now, &*self.random).map_err(InternalError::from)?;
                let admin = MemberId::new(now, &*self.random).map_err(InternalError::from)?;
                let owner = PasswordOwner { account: &account, member: &admin };
                let names = [organisation.as_str(), name.as_str(), email.as_str()];
                let password_hash = self.hasher.hash(place, password, owner, &names, &*self.random).await?;
                Ok(Applicant { account, admin, organisation, name, email, password_hash })
            }
            (organisation, name, email, password) => Err(SignUpError::Invalid(FieldErrors {
                organisation: organisation.err(),
                name: name.err(),
                email: email.err(),
                password: password.err(),
            })),
        }
    }

    /// Returns the e-mail address if it is valid and no member has it.
    pub(crate) async fn free_email(&self, text: &str) -> Result<Result<Email, EmailProblem>, StoreError> {
        let email = match Email::parse(text) {
            Ok(email) => email,
            Err(error) => return Ok(Err(error.into())),
        };
        let mut reader = self.database.reader().await?;
        let is_taken = store::member::email_is_taken(&mut reader, &email).await?;
        Ok(if is_taken { Err(EmailProblem::Taken) } else { Ok(email) })
    }

    /// Creates the account with everything that belongs to it. Without an actor, the audit events name the new admin.
    async fn make_account(
        &self,
        transaction: &mut Transaction,
        applicant: &Applicant,
        actor: Option<Actor<'_>>,
        request_context: &RequestContext,
    ) -> Result<CreatedAccount, SignUpError> {
        let now = self.now();
        let (account, admin) = (applicant.account.clone(), applicant.admin.clone());
        let actor = actor.unwrap_or(Actor::Member(&admin));
        let slug = applicant.organisation.slug();
        let other = format!("{slug}-{}", account.random_part());
        let row = |slug| NewAccount {
            id: &account,
            name: applicant.organisation.as_str(),
            slug,
            created_at: now,
            limit_per_second: self.settings.limits.per_second,
            limit_per_minute: self.settings.limits.per_minute,
        };
        if !store::account::insert(transaction, &row(&slug)).await?
            && !store::account::insert(transaction, &row(&other)).await?
        {
            return Err(SignUpError::Busy);
        }
        audit::begin_chain(transaction, &self.keys.audit, Some(&account)).await?;
        let member = NewMember {
            id: &admin,
            account: &account,
            email: &applicant.email,
            name: applicant.name.as_str(),
            password_hash: &applicant.password_hash,
            role: Some(&RoleId::admin()),
            created_at: now,
        };
        // Another request may have taken the address while the password was hashed.
        store::member::insert(transaction, &member)
            .await
            .map_err(|error| if error.is_duplicate() { SignUpError::taken() } else { error.into() })?;
        for (action, target) in [
            (AuditAction::CreateAccount, Target::account(&account)),
            (AuditAction::AddMember, Target::member(&admin)),
        ] {
            let event = Event { actor, action, target, outcome: Outcome::Done, request_context };
            self.record(transaction, Some(&account), &event).await?;
        }
        self.make_first_credentials(transaction, &account, &admin, actor, request_context).await?;
        let bundle = BundleId::new(now, &*self.random).map_err(InternalError::from)?;
        store::bundle::insert(transaction, &bundle, &account, &self.settings.bundle.terms(now)).await?;
        Ok(CreatedAccount { account, admin })
    }
}
