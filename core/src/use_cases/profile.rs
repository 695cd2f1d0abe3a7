//! The profile: a member changes their own name, e-mail address, password and sessions; an admin changes the name of
//! the organisation.

use crate::{
    audit::{AuditAction, Outcome, RequestContext, Target},
    authentication::session::Session,
    claviger::Claviger,
    clock::Timestamp,
    crypto::token::Token,
    domain::{
        account::OrganisationName,
        field_errors::{EmailProblem, FieldErrors},
        member::{Email, PersonName},
        role::RoleId,
        session::{SessionId, is_running},
    },
    internal_error::InternalError,
    limits::rate_limit::{self, Limit},
    password::{HashError, NewPassword, PasswordHash, PasswordOwner, Requester},
    reauthentication::{Acting, Action, ActionError, Confirmed, sealed::Sealed},
    store::{self, Connection, StoreError},
};
use std::time::Duration;

/// A member's own profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The e-mail address.
    pub email: String,
    /// Whether the member is an admin, who may rename the organisation.
    pub is_admin: bool,
    /// The running sessions, the most recently used first.
    pub sessions: Vec<SessionLine>,
}

/// One session of the viewing member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionLine {
    /// The id of the session.
    pub id: SessionId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, with a precision of a minute.
    pub last_seen_at: Timestamp,
    /// The client address at sign-in.
    pub address: String,
    /// The `User-Agent` of the browser.
    pub user_agent: String,
    /// Whether it is the session of this request.
    pub is_this: bool,
}

/// The action of changing one's own password. It ends all other sessions.
#[derive(Debug)]
pub struct ChangePassword {
    /// `None` after it was hashed.
    password: Option<NewPassword>,
    email: String,
}

/// The action of changing one's own e-mail address.
#[derive(Debug)]
pub struct ChangeEmail {
    email: Email,
}

impl ChangeEmail {
    /// Creates the action for the typed address. Whether another member has the address is checked only after the
    /// password.
    ///
    /// # Errors
    /// The reason why the text is not an e-mail address.
    pub fn parse(text: &str) -> Result<Self, ActionError> {
        let email = Email::parse(text).map_err(|problem| {
            let email = Some(EmailProblem::Form(problem));
            ActionError::Invalid(FieldErrors { email, ..FieldErrors::default() })
        })?;
        Ok(Self { email })
    }

    /// The new address.
    #[must_use]
    pub const fn email(&self) -> &Email {
        &self.email
    }
}

/// Implements [`Action`] for a type that every active member may perform on their own data.
macro_rules! own_action {
    ($type:ty, $audit_action:expr) => {
        impl Sealed for $type {}

        #[expect(private_interfaces, reason = "as at the trait")]
        impl Action for $type {
            fn audit_action(&self) -> AuditAction {
                $audit_action
            }

            fn target(&self) -> Target {
                Target::none()
            }

            async fn allowed(
                &self,
                connection: &mut Connection,
                session: &Session,
            ) -> Result<(), ActionError> {
                let member = store::member::find(connection, &session.account, &session.member).await?;
                member.filter(|member| member.is_active).map(|_| ()).ok_or(ActionError::SignedOut)
            }
        }
    };
}

own_action!(ChangePassword, AuditAction::ChangePassword);
own_action!(ChangeEmail, AuditAction::ChangeEmail);

fn taken() -> ActionError {
    ActionError::Invalid(FieldErrors { email: Some(EmailProblem::Taken), ..FieldErrors::default() })
}

impl Acting<ChangeEmail> {
    /// Whether another member has the new address.
    pub(crate) async fn email_is_taken(&mut self) -> Result<bool, StoreError> {
        let owner = store::member::find_login(&mut self.transaction, &self.action.email).await?;
        Ok(owner.is_some_and(|owner| owner.member != self.session.member))
    }
}

impl Claviger {
    /// Counts a change of the address against these limits and against the rate limit of the client address.
    pub(crate) async fn take_email_change(
        &self,
        acting: &mut Acting<ChangeEmail>,
        limits: &[Limit],
    ) -> Result<Result<(), Duration>, ActionError> {
        self.limit_address(&acting.request_context).map_err(ActionError::Throttled)?;
        Ok(rate_limit::take(&mut acting.transaction, limits, self.now()).await?)
    }

    /// Returns the member's own profile.
    ///
    /// # Errors
    /// The profile cannot be read.
    pub async fn profile(&self, session: &Session) -> Result<Profile, InternalError> {
        let mut reader = self.database.reader().await?;
        let member = store::member::find(&mut reader, &session.account, &session.member).await?;
        let member = member.ok_or(StoreError::Damaged("member"))?;
        let now = self.now();
        let sessions = store::session::list(&mut reader, &session.member).await?;
        let running =
            sessions.into_iter().filter(|line| is_running(line.last_seen_at, line.absolute_end, now));
        let lines = running.map(|line| SessionLine {
            is_this: line.id == session.id,
            id: line.id,
            created_at: line.created_at,
            last_seen_at: line.last_seen_at,
            address: line.address,
            user_agent: line.user_agent,
        });
        Ok(Profile {
            email: member.email,
            is_admin: member.role.as_ref().is_some_and(RoleId::is_admin),
            sessions: lines.collect(),
        })
    }

    /// Changes the member's own name.
    ///
    /// # Errors
    /// The problem with the name.
    pub async fn change_name(
        &self,
        session: &Session,
        name: &str,
        request_context: &RequestContext,
    ) -> Result<(), ActionError> {
        let name = PersonName::parse(name).map_err(|problem| {
            ActionError::Invalid(FieldErrors { name: Some(problem), ..FieldErrors::default() })
        })?;
        let mut transaction = self.begin_change(session).await?;
        store::member::rename(&mut transaction, &session.member, name.as_str()).await?;
        let action = AuditAction::ChangeName;
        self.record_change(&mut transaction, session, action, Target::none(), request_context).await?;
        Ok(transaction.commit().await?)
    }

    /// Changes the name of the organisation. Only admins may do this.
    ///
    /// # Errors
    /// The problem with the name, or [`ActionError::AdminsOnly`].
    pub async fn rename_organisation(
        &self,
        session: &Session,
        name: &str,
        request_context: &RequestContext,
    ) -> Result<(), ActionError> {
        let name = OrganisationName::parse(name).map_err(|problem| {
            ActionError::Invalid(FieldErrors { organisation: Some(problem), ..FieldErrors::default() })
        })?;
        let mut transaction = self.begin_change(session).await?;
        let member = store::member::find(&mut transaction, &session.account, &session.member).await?;
        let (action, target) = (AuditAction::RenameAccount, Target::account(&session.account));
        if !member.is_some_and(|member| member.role.as_ref().is_some_and(RoleId::is_admin)) {
            let (refused, error) = ((action, target), ActionError::AdminsOnly);
            return Err(self.refuse(transaction, session, refused, request_context, error).await?);
        }
        store::account::rename(&mut transaction, &session.account, name.as_str()).await?;
        self.record_change(&mut transaction, session, action, target, request_context).await?;
        Ok(transaction.commit().await?)
    }

    /// Checks the length of a new password before the current one is verified, so that a wrong length costs no
    /// attempt. Its strength is checked, and it is hashed, only after the current password was correct, because both
    /// take processor time.
    ///
    /// # Errors
    /// The problem with the new password.
    pub async fn prepare_password(
        &self,
        session: &Session,
        password: &str,
    ) -> Result<ChangePassword, ActionError> {
        let password = Some(NewPassword::parse(password).map_err(HashError::Refused)?);
        let mut reader = self.database.reader().await?;
        let member = store::member::find(&mut reader, &session.account, &session.member).await?;
        Ok(ChangePassword { password, email: member.ok_or(ActionError::SignedOut)?.email })
    }

    /// Changes the member's own password. All other sessions end; a password link and an unconfirmed new address
    /// become invalid. Returns the new session token.
    ///
    /// # Errors
    /// The reason why the password stays as it was.
    pub async fn change_password(
        &self,
        mut confirmed: Confirmed<ChangePassword>,
    ) -> Result<Token, ActionError> {
        let password_hash = self.hash_new_password(&mut confirmed).await?;
        let mut acting = confirmed.begin(self).await?;
        let member = &acting.session.member;
        let transaction = &mut acting.transaction;
        store::member::set_password(transaction, member, &password_hash).await?;
        store::session::delete_all_of(transaction, member, Some(&acting.session.id)).await?;
        store::password_link::delete(transaction, member).await?;
        store::email_change::delete(transaction, member).await?;
        // An attacker with the old password may have signed in: their browser must not stay a known device with its
        // own count.
        store::device::forget_others(transaction, member, &acting.session.device_hash).await?;
        acting.record(Target::none()).await?;
        acting.commit().await
    }

    async fn hash_new_password(
        &self,
        confirmed: &mut Confirmed<ChangePassword>,
    ) -> Result<PasswordHash, ActionError> {
        let (session, action) = confirmed.parts();
        let password = action.password.take().ok_or(InternalError::Hasher)?;
        let place = self.hasher.enter(&Requester::Session(&session.account, &session.member)).await?;
        let owner = PasswordOwner { account: &session.account, member: &session.member };
        let names = [session.organisation(), session.member_name(), &action.email];
        Ok(self.hasher.hash(place, password, owner, &names, &*self.random).await?)
    }

    /// Changes the member's own e-mail address. Returns the new session token.
    ///
    /// Without a mail server, the result discloses whether another member has the address: only after the password,
    /// and a few times a day.
    ///
    /// # Errors
    /// The reason why the address stays as it was.
    pub async fn change_email(&self, confirmed: Confirmed<ChangeEmail>) -> Result<Token, ActionError> {
        let mut acting = confirmed.begin(self).await?;
        let limit = Limit::change_email(&acting.session.member);
        if let Err(wait) = self.take_email_change(&mut acting, &[limit]).await? {
            acting.transaction.commit().await?;
            return Err(ActionError::TooOften(wait));
        }
        if acting.email_is_taken().await? {
            acting.commit_as(Outcome::Impossible).await?;
            return Err(taken());
        }
        let (member, email) = (&acting.session.member, &acting.action.email);
        let set = store::member::set_email(&mut acting.transaction, member, email).await;
        // Another request may take the address at the same moment.
        set.map_err(|error| if error.is_duplicate() { taken() } else { error.into() })?;
        store::email_change::delete(&mut acting.transaction, member).await?;
        acting.record(Target::none()).await?;
        acting.commit().await
    }

    /// Ends one of the member's own sessions.
    ///
    /// # Errors
    /// [`ActionError::Gone`] if the session belongs to another member, or has ended.
    pub async fn end_session(
        &self,
        session: &Session,
        id: &SessionId,
        request_context: &RequestContext,
    ) -> Result<(), ActionError> {
        let mut transaction = self.begin_change(session).await?;
        if !store::session::delete_of(&mut transaction, &session.member, id).await? {
            return Err(ActionError::Gone);
        }
        let (action, target) = (AuditAction::EndSession, Target::of(id.as_str()));
        self.record_change(&mut transaction, session, action, target, request_context).await?;
        Ok(transaction.commit().await?)
    }

    /// Ends all of the member's own sessions except this one.
    ///
    /// # Errors
    /// The sessions cannot be ended.
    pub async fn end_other_sessions(
        &self,
        session: &Session,
        request_context: &RequestContext,
    ) -> Result<(), ActionError> {
        let mut transaction = self.begin_change(session).await?;
        store::session::delete_all_of(&mut transaction, &session.member, Some(&session.id)).await?;
        let action = AuditAction::EndSessions;
        let target = Target::member(&session.member);
        self.record_change(&mut transaction, session, action, target, request_context).await?;
        Ok(transaction.commit().await?)
    }
}
