//! The operator's use cases for accounts and members.

use super::sign_up::{CreatedAccount, SignUpError, SignUpForm};
use crate::{
    audit::{Actor, AuditAction, Event, Outcome, RequestContext, Target},
    claviger::Claviger,
    crypto::token::Token,
    domain::{
        account::AccountId,
        member::{Email, MemberId},
    },
    internal_error::{InternalError, internal},
    store::{self, StoreError, login_failure},
};

pub use crate::store::account::AccountLine;

/// Why a command about a member failed.
#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    /// No member has this e-mail address.
    #[error("there is no member with this e-mail address")]
    NoSuchMember,
    /// An internal error.
    #[error(transparent)]
    InternalError(#[from] InternalError),
}

internal!(MemberError: StoreError);

/// Why an account was not created, or was created without a link.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// No account was created.
    #[error(transparent)]
    Refused(#[from] SignUpError),
    /// The account exists, but its admin has no link to choose a password yet.
    #[error(
        "the account was created, but no link to choose a password: {0}. `claviger member reset-password` creates one"
    )]
    NoLink(MemberError),
}

impl Claviger {
    /// Returns every account, the oldest first.
    ///
    /// # Errors
    /// The accounts cannot be read.
    pub async fn list_accounts(&self) -> Result<Vec<AccountLine>, InternalError> {
        Ok(store::account::list(&mut self.database.reader().await?).await?)
    }

    /// Clears the counted login failures of a member, so that the next sign-in need not wait.
    ///
    /// # Errors
    /// [`MemberError::NoSuchMember`] if no member has the e-mail address.
    pub async fn unlock_member(&self, email: &str) -> Result<MemberId, MemberError> {
        let (account, member) = self.find_member(email).await?;
        let mut transaction = self.database.write_for(&account).await?;
        login_failure::clear_all(&mut transaction, member.as_str()).await?;
        let event = operators_event(AuditAction::UnlockMember, &member);
        self.record(&mut transaction, Some(&account), &event).await?;
        transaction.commit().await?;
        Ok(member)
    }

    /// Creates an account whose admin chooses a password by a link. Until then, the account has a random password
    /// that is never disclosed.
    ///
    /// # Errors
    /// The reason why no account was created, or that the account has no link.
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

    /// Creates a link to choose a new password for a member.
    ///
    /// # Errors
    /// [`MemberError::NoSuchMember`] if no member has the e-mail address.
    pub async fn make_password_link(&self, email: &str) -> Result<Token, MemberError> {
        let (account, member) = self.find_member(email).await?;
        let mut transaction = self.database.write_for(&account).await?;
        let token = self.set_password_link(&mut transaction, &account, &member, None).await?;
        let event = operators_event(AuditAction::MakePasswordLink, &member);
        self.record(&mut transaction, Some(&account), &event).await?;
        transaction.commit().await?;
        Ok(token)
    }

    pub(super) async fn find_member(&self, email: &str) -> Result<(AccountId, MemberId), MemberError> {
        let email = Email::parse(email).map_err(|_| MemberError::NoSuchMember)?;
        let mut reader = self.database.reader().await?;
        let login = store::member::find_login(&mut reader, &email).await?;
        login.map(|login| (login.account, login.member)).ok_or(MemberError::NoSuchMember)
    }
}

pub(super) fn operators_event(action: AuditAction, member: &MemberId) -> Event<'static> {
    static OPERATOR: std::sync::LazyLock<RequestContext> = std::sync::LazyLock::new(RequestContext::operator);
    Event {
        actor: Actor::Operator,
        action,
        target: Target::member(member),
        outcome: Outcome::Done,
        request_context: &OPERATOR,
    }
}
