//! What the operator does with accounts and members.

use super::sign_up::{CreatedAccount, SignUpError, SignUpForm};
use crate::domain::field_errors::EmailProblem;
use crate::{
    audit::{Actor, AuditAction, Event, Outcome, RequestContext, Target},
    claviger::Claviger,
    crypto::token::Token,
    domain::{
        account::AccountId,
        field_errors::PasswordError,
        member::{Email, MemberId, PersonName},
        permission::Permission,
        text::TextError,
    },
    internal_error::InternalError,
    password::{HashError, NewPassword, PasswordOwner, Requester},
    store::{self, StoreError, login_failure, member::NewMember},
};

pub use crate::store::account::AccountLine;

/// Why a member was not changed.
#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    /// Nobody has this e-mail address.
    #[error("there is no member with this e-mail address")]
    NoSuchMember,
    /// The name of the new member is none.
    #[error("the name is {0}")]
    Name(#[from] TextError),
    /// The e-mail address of the new member is none, or taken.
    #[error("the e-mail address cannot be used: {0}")]
    Email(#[from] EmailProblem),
    /// The password of the new member is refused.
    #[error("the password cannot be used: {0}")]
    Password(#[from] PasswordError),
    /// Too many passwords are waiting to be hashed.
    #[error("too many passwords are waiting to be hashed")]
    Busy,
    /// Something failed that is not the caller's fault.
    #[error(transparent)]
    InternalError(#[from] InternalError),
}

impl From<StoreError> for MemberError {
    fn from(error: StoreError) -> Self {
        Self::InternalError(error.into())
    }
}

impl From<HashError> for MemberError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Busy,
            HashError::Refused(problem) => problem.into(),
            _ => InternalError::Hasher.into(),
        }
    }
}

impl From<sqlx::Error> for MemberError {
    fn from(error: sqlx::Error) -> Self {
        Self::InternalError(error.into())
    }
}

/// Why an account was not made as it should be.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// No account was made.
    #[error(transparent)]
    Refused(#[from] SignUpError),
    /// The account is there, and its admin has no way in yet.
    #[error(
        "the account was made, but no link to choose a password: {0}. `claviger member reset-password` makes one"
    )]
    NoLink(MemberError),
}

/// A member to be added to an account.
#[derive(Clone, Copy)]
pub struct AddMemberForm<'a> {
    /// The name of the person.
    pub name: &'a str,
    /// The person's e-mail address.
    pub email: &'a str,
    /// The person's password.
    pub password: &'a str,
    /// What the person may do.
    pub permissions: &'a [Permission],
}

/// Never what it holds: a password is among it.
impl std::fmt::Debug for AddMemberForm<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("AddMemberForm")
    }
}

impl Claviger {
    /// Every account, the oldest first.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub async fn list_accounts(&self) -> Result<Vec<AccountLine>, InternalError> {
        Ok(store::account::list(&mut self.database.reader().await?).await?)
    }

    /// Adds a member to the account of somebody who is in it already, in whose name permissions are granted.
    ///
    /// # Errors
    /// Why nobody was added.
    pub async fn add_member(
        &self,
        colleague: &str,
        form: AddMemberForm<'_>,
    ) -> Result<MemberId, MemberError> {
        let (account, colleague) = self.find_member(colleague).await?;
        let name = PersonName::parse(form.name)?;
        let email = self.free_email(form.email).await??;
        let password = NewPassword::parse(form.password)?;
        let now = self.now();
        let member = MemberId::new(now, &*self.random).map_err(InternalError::from)?;
        let owner = PasswordOwner { account: &account, member: &member };
        let place = self.hasher.enter(&Requester::Stranger(None)).await?;
        let password_hash =
            self.hasher.hash(place, password, owner, &[form.name, form.email], &*self.random).await?;
        let mut transaction = self.database.write().await?;
        store::account::lock(&mut transaction, &account).await?;
        let row = NewMember {
            id: &member,
            account: &account,
            email: &email,
            name: name.as_str(),
            password_hash: &password_hash,
            role: None,
            created_at: now,
        };
        store::member::insert(&mut transaction, &row).await.map_err(|error| {
            if error.is_duplicate() { EmailProblem::Taken.into() } else { MemberError::from(error) }
        })?;
        let mut done = vec![AuditAction::AddMember];
        for permission in form.permissions {
            store::permission_grant::insert(&mut transaction, &member, *permission, &colleague, now).await?;
            done.push(AuditAction::GrantPermission);
        }
        for action in done {
            let event = operators_event(action, &member);
            self.record(&mut transaction, Some(&account), &event).await?;
        }
        transaction.commit().await?;
        Ok(member)
    }

    /// Clears what is counted against a member, so that the next sign-in need not wait.
    ///
    /// # Errors
    /// [`MemberError::NoSuchMember`] where nobody has the e-mail address.
    pub async fn unlock_member(&self, email: &str) -> Result<MemberId, MemberError> {
        let (account, member) = self.find_member(email).await?;
        let mut transaction = self.database.write().await?;
        store::account::lock(&mut transaction, &account).await?;
        login_failure::clear_all(&mut transaction, member.as_str()).await?;
        let event = operators_event(AuditAction::UnlockMember, &member);
        self.record(&mut transaction, Some(&account), &event).await?;
        transaction.commit().await?;
        Ok(member)
    }

    /// Makes an account whose admin chooses a password by a link. Nobody ever knows the password that it is born with.
    ///
    /// # Errors
    /// Why no account was made, or that it has no link.
    pub async fn create_account_with_link(
        &self,
        organisation: &str,
        name: &str,
        email: &str,
    ) -> Result<(CreatedAccount, Token), CreateError> {
        let password =
            Token::generate(&*self.random).map_err(InternalError::from).map_err(SignUpError::from)?;
        let form = SignUpForm { organisation, name, email, password: password.expose() };
        let made = self.create_account(form).await?;
        let link = self.make_password_link(email).await.map_err(CreateError::NoLink)?;
        Ok((made, link))
    }

    /// Makes a link by which a member chooses a new password.
    ///
    /// # Errors
    /// [`MemberError::NoSuchMember`] where nobody has the e-mail address.
    pub async fn make_password_link(&self, email: &str) -> Result<Token, MemberError> {
        let (account, member) = self.find_member(email).await?;
        let mut transaction = self.database.write().await?;
        store::account::lock(&mut transaction, &account).await?;
        let token = self.set_password_link(&mut transaction, &account, &member, None).await?;
        let event = operators_event(AuditAction::MakePasswordLink, &member);
        self.record(&mut transaction, Some(&account), &event).await?;
        transaction.commit().await?;
        Ok(token)
    }

    async fn find_member(&self, email: &str) -> Result<(AccountId, MemberId), MemberError> {
        let email = Email::parse(email).map_err(|_| MemberError::NoSuchMember)?;
        let mut reader = self.database.reader().await?;
        let login = store::member::find_login(&mut reader, &email).await?;
        login.map(|login| (login.account, login.member)).ok_or(MemberError::NoSuchMember)
    }
}

fn operators_event(action: AuditAction, member: &MemberId) -> Event<'static> {
    static OPERATOR: std::sync::LazyLock<RequestContext> = std::sync::LazyLock::new(RequestContext::operator);
    Event {
        actor: Actor::Operator,
        action,
        target: Target::member(member),
        outcome: Outcome::Done,
        request_context: &OPERATOR,
    }
}
