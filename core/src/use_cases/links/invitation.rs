//! Invitations: an inviter enters a name and an e-mail address, and gets a link that creates a member without
//! permissions.

use super::{LinkError, OpenInvitation};
use crate::{
    audit::{Actor, AuditAction, Event, Outcome, RequestContext, Target},
    authentication::session::{BrowserTokens, Session, SignedIn},
    claviger::Claviger,
    crypto::{row_mac::Row, token::Token},
    domain::{
        account::AccountId,
        field_errors::{EmailProblem, FieldErrors},
        invitation::{INVITATION, InvitationId},
        member::{Email, MemberId, PersonName},
        permission::Permission,
    },
    internal_error::InternalError,
    limits::rate_limit::{self, Limit},
    password::{HashError, NewPassword, PasswordOwner, Requester},
    reauthentication::{ActionError, require},
    store::{
        self, Connection, Transaction,
        invitation::{InvitationRow, NewInvitation},
        member::NewMember,
    },
};

/// The person to invite.
#[derive(Clone, Copy, Debug)]
pub struct InviteForm<'a> {
    /// The name of the person.
    pub name: &'a str,
    /// The person's e-mail address.
    pub email: &'a str,
}

/// The maximum number of open invitations of an organisation.
const MOST_OPEN: u64 = 100;

impl Claviger {
    /// Counts one e-mail from the organisation to a recipient. Returns whether it may be sent.
    ///
    /// # Errors
    /// The e-mail cannot be counted.
    pub async fn may_mail(&self, session: &Session, recipient: &str) -> Result<bool, InternalError> {
        let Ok(recipient) = Email::parse(recipient) else { return Ok(false) };
        let limits = [Limit::mail_of(&session.account), Limit::mail_to(&recipient, &self.keys.pepper)];
        let mut transaction = self.database.write_for(&session.account).await?;
        let counted = rate_limit::take(&mut transaction, &limits, self.now()).await?;
        transaction.commit().await?;
        Ok(counted.is_ok())
    }

    /// Invites a person. A person with an open invitation gets a new link, which replaces the old one. The token is
    /// not stored and cannot be retrieved again.
    ///
    /// The result does not disclose whether a member of another organisation has the address.
    ///
    /// # Errors
    /// The reason why the person was not invited.
    pub async fn invite(
        &self,
        session: &Session,
        form: InviteForm<'_>,
        request_context: &RequestContext,
    ) -> Result<Token, ActionError> {
        // An invitation can send an e-mail to any address, so the number of invitations must be limited.
        self.limit_address(request_context).map_err(ActionError::Throttled)?;
        let mut transaction = self.begin_change(session).await?;
        if let Err(error) = require(&mut transaction, session, Permission::MemberManagement).await {
            let refused = (AuditAction::Invite, Target::none());
            return Err(self.refuse(transaction, session, refused, request_context, error).await?);
        }
        let (name, email) = self.examine_invitation(&mut transaction, session, form).await?;
        let now = self.now();
        let token = Token::generate(&*self.random).map_err(InternalError::from)?;
        let id = InvitationId::new(now, &*self.random).map_err(InternalError::from)?;
        store::invitation::delete_for(&mut transaction, &session.account, &email).await?;
        if store::invitation::count_open(&mut transaction, &session.account, now).await? >= MOST_OPEN {
            return Err(ActionError::TooManyInvitations);
        }
        let (token_hash, expires_at) = (token.hash(&self.keys.row), now.plus(INVITATION));
        let mac = self.keys.row.mac(&Row::Invitation {
            id: &id,
            account: &session.account,
            email: email.as_str(),
            invited_by: &session.member,
            expires_at,
            token_hash: &token_hash,
        });
        let row = NewInvitation {
            id: &id,
            account: &session.account,
            email: &email,
            name: name.as_str(),
            token_hash: &token_hash,
            mac: &mac,
            created_at: now,
            expires_at,
            invited_by: &session.member,
        };
        store::invitation::insert(&mut transaction, &row).await?;
        let target = Target::of(id.as_str());
        self.record_change(&mut transaction, session, AuditAction::Invite, target, request_context).await?;
        transaction.commit().await?;
        Ok(token)
    }

    async fn examine_invitation(
        &self,
        transaction: &mut Transaction,
        session: &Session,
        form: InviteForm<'_>,
    ) -> Result<(PersonName, Email), ActionError> {
        let name = PersonName::parse(form.name);
        let email = Email::parse(form.email).map_err(EmailProblem::from);
        let email = match email {
            Ok(email) => match store::member::find_login(transaction, &email).await? {
                // The inviter can see the members of their own organisation anyway.
                Some(login) if login.account == session.account => Err(EmailProblem::Taken),
                _ => Ok(email),
            },
            Err(problem) => Err(problem),
        };
        match (name, email) {
            (Ok(name), Ok(email)) => Ok((name, email)),
            (name, email) => Err(ActionError::Invalid(FieldErrors {
                name: name.err(),
                email: email.err(),
                ..FieldErrors::default()
            })),
        }
    }

    /// Withdraws an invitation. Its link stops working.
    ///
    /// # Errors
    /// [`ActionError::Gone`] if the invitation does not exist or was used.
    pub async fn withdraw_invitation(
        &self,
        session: &Session,
        id: &InvitationId,
        request_context: &RequestContext,
    ) -> Result<(), ActionError> {
        let mut transaction = self.begin_change(session).await?;
        let (action, target) = (AuditAction::WithdrawInvitation, Target::of(id.as_str()));
        let withdrawn = match require(&mut transaction, session, Permission::MemberManagement).await {
            Ok(()) if store::invitation::delete(&mut transaction, &session.account, id).await? => Ok(()),
            Ok(()) => Err(ActionError::Gone),
            Err(error) => Err(error),
        };
        if let Err(error) = withdrawn {
            return Err(self.refuse(transaction, session, (action, target), request_context, error).await?);
        }
        self.record_change(&mut transaction, session, action, target, request_context).await?;
        Ok(transaction.commit().await?)
    }

    /// Returns the invitation of a link. It does not disclose whether the address has an account, because the inviter
    /// has the link too. [`Claviger::join`] discloses it.
    ///
    /// # Errors
    /// [`LinkError::Unusable`] if the link has no invitation that can be accepted.
    pub async fn invitation(&self, token: &str) -> Result<OpenInvitation, LinkError> {
        let row = self.usable_invitation(&mut self.database.reader().await?, token).await?;
        Ok(OpenInvitation { organisation: row.organisation, name: row.name, email: row.email })
    }

    /// Creates a member from an invitation, with the password that they chose, and signs them in. The link is then
    /// used up.
    ///
    /// # Errors
    /// The reason why no member was created. The link then still works.
    pub async fn join(
        &self,
        token: &str,
        password: &str,
        tokens: BrowserTokens<'_>,
        request_context: &RequestContext,
    ) -> Result<SignedIn, LinkError> {
        self.limit_address(request_context).map_err(LinkError::Throttled)?;
        let place = self.hasher.enter(&Requester::Stranger(request_context.address)).await?;
        let row = self.usable_invitation(&mut self.database.reader().await?, token).await?;
        let password = NewPassword::parse(password).map_err(HashError::Refused)?;
        let member = MemberId::new(self.now(), &*self.random).map_err(InternalError::from)?;
        let owner = PasswordOwner { account: &row.account, member: &member };
        let names = [row.organisation.as_str(), &row.name, &row.email];
        let password_hash = self.hasher.hash(place, password, owner, &names, &*self.random).await?;

        let mut transaction = self.database.write_for(&row.account).await?;
        // The invitation may have been used or withdrawn while the password was hashed.
        let row = self.usable_invitation(&mut transaction, token).await?;
        let now = self.now();
        let email = Email::parse(&row.email).map_err(|_| LinkError::Unusable)?;
        if let Err(refused) = self.require_free(&mut transaction, &row.account, &email).await? {
            transaction.commit().await?;
            return Err(refused);
        }
        let new = NewMember {
            id: &member,
            account: &row.account,
            email: &email,
            name: &row.name,
            password_hash: &password_hash,
            role: None,
            created_at: now,
        };
        // Another request may take the address at the same moment.
        store::member::insert(&mut transaction, &new)
            .await
            .map_err(|error| if error.is_duplicate() { LinkError::EmailTaken } else { error.into() })?;
        store::invitation::mark_used(&mut transaction, &row.id, now).await?;
        let event = Event {
            actor: Actor::Member(&member),
            action: AuditAction::AddMember,
            target: Target::member_and(&member, row.id.as_str()),
            outcome: Outcome::Done,
            request_context,
        };
        self.record(&mut transaction, Some(&row.account), &event).await?;
        let signed_in =
            self.begin_session(&mut transaction, &row.account, &member, tokens, request_context).await?;
        transaction.commit().await?;
        Ok(signed_in)
    }

    /// Refuses an address that already has an account. After many such addresses, all invitations of the organisation
    /// must wait, including those for free addresses: a wait only for taken addresses would disclose which addresses
    /// are taken.
    async fn require_free(
        &self,
        transaction: &mut Transaction,
        account: &AccountId,
        email: &Email,
    ) -> Result<Result<(), LinkError>, LinkError> {
        let limit = Limit::taken_invitations(account);
        let wait = rate_limit::wait(transaction, &limit, self.now()).await?;
        if !wait.is_zero() {
            return Ok(Err(LinkError::TooOften(wait)));
        }
        if !store::member::email_is_taken(transaction, email).await? {
            return Ok(Ok(()));
        }
        let counted = rate_limit::take(transaction, &[limit], self.now()).await?;
        Ok(Err(counted.map_or_else(LinkError::TooOften, |()| LinkError::EmailTaken)))
    }

    /// Finds an invitation that can be accepted. If its inviter may not invite any more, the invitation is refused.
    async fn usable_invitation(
        &self,
        connection: &mut Connection,
        token: &str,
    ) -> Result<InvitationRow, LinkError> {
        let token = Token::parse(token).ok_or(LinkError::Unusable)?;
        let token_hash = token.hash(&self.keys.row);
        let row = store::invitation::find(connection, &token_hash).await?.ok_or(LinkError::Unusable)?;
        let is_ours = self.keys.row.holds(
            &Row::Invitation {
                id: &row.id,
                account: &row.account,
                email: &row.email,
                invited_by: &row.invited_by,
                expires_at: row.expires_at,
                token_hash: &token_hash,
            },
            &row.mac,
        );
        let inviter_may =
            store::member::is_permitted(connection, &row.invited_by, Permission::MemberManagement).await?;
        let usable = is_ours && !row.is_used && self.now() < row.expires_at && inviter_may;
        if usable { Ok(row) } else { Err(LinkError::Unusable) }
    }
}
