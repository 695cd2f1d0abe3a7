//! Links that confirm a new e-mail address: it replaces the old address when the member opens the link that was sent
//! to it.

use super::LinkError;
use crate::{
    audit::{Actor, AuditAction, Event, Outcome, RequestContext, Target},
    authentication::session::Session,
    claviger::Claviger,
    crypto::{row_mac::Row, token::Token},
    domain::{invitation::PASSWORD_LINK, member::Email},
    internal_error::InternalError,
    limits::rate_limit::Limit,
    reauthentication::{ActionError, Confirmed},
    store::{
        self, Connection,
        email_change::{ChangeRow, NewChange},
    },
    use_cases::profile::ChangeEmail,
};

/// A new address that is not confirmed yet.
#[derive(Debug)]
pub struct PendingEmailChange {
    /// The new session token, which replaces the old one.
    pub session_token: Token,
    /// The token of the link to send to the new address; `None` if another member has the address. The caller must
    /// then notify that owner of the attempt, and must disclose it to nobody else.
    pub link: Option<Token>,
}

impl Claviger {
    /// Stores the new address until its link is opened. The old address stays in use until then. Counts the e-mail
    /// that is to be sent.
    ///
    /// Neither the answer nor the audit trail, which the member's own organisation can read, discloses whether
    /// another member has the address.
    ///
    /// # Errors
    /// The reason why nothing was stored.
    pub async fn request_email_change(
        &self,
        confirmed: Confirmed<ChangeEmail>,
    ) -> Result<PendingEmailChange, ActionError> {
        let mut acting = confirmed.begin(self).await?;
        let limits = [
            Limit::change_email(&acting.session.member),
            Limit::mail_of(&acting.session.account),
            Limit::mail_to(acting.action.email(), &self.keys.pepper),
        ];
        if let Err(wait) = self.take_email_change(&mut acting, &limits).await? {
            acting.transaction.commit().await?;
            return Err(ActionError::TooOften(wait));
        }
        let is_taken = acting.email_is_taken().await?;
        let link = Token::generate(&*self.random).map_err(InternalError::from)?;
        let Session { account, member, .. } = &acting.session;
        let email = acting.action.email().as_str();
        let (token_hash, expires_at) = (link.hash(&self.keys.row), self.now().plus(PASSWORD_LINK));
        let row = Row::EmailChange { account, member, email, expires_at, token_hash: &token_hash };
        let mac = self.keys.row.mac(&row);
        let change = NewChange { member, email, token_hash: &token_hash, mac: &mac, expires_at };
        store::email_change::set(&mut acting.transaction, &change).await?;
        if is_taken {
            store::email_change::delete(&mut acting.transaction, member).await?;
        }
        acting.record_as(AuditAction::AnnounceEmail, Target::none()).await?;
        let session_token = acting.commit().await?;
        Ok(PendingEmailChange { session_token, link: (!is_taken).then_some(link) })
    }

    /// Returns the new address that a link confirms.
    ///
    /// # Errors
    /// [`LinkError::Unusable`] if the link confirms no address.
    pub async fn pending_email_change(&self, token: &str) -> Result<String, LinkError> {
        Ok(self.usable_email_link(&mut self.database.reader().await?, token).await?.email)
    }

    /// Replaces the old address by the new one. The link is then used up.
    ///
    /// # Errors
    /// The reason why the old address stays.
    pub async fn confirm_email(
        &self,
        token: &str,
        request_context: &RequestContext,
    ) -> Result<(), LinkError> {
        self.limit_address(request_context).map_err(LinkError::Throttled)?;
        let row = self.usable_email_link(&mut self.database.reader().await?, token).await?;
        let mut transaction = self.database.write_for(&row.account).await?;
        let row = self.usable_email_link(&mut transaction, token).await?;
        let email = Email::parse(&row.email).map_err(|_| LinkError::Unusable)?;
        let set = store::member::set_email(&mut transaction, &row.member, &email).await;
        // Another member may have taken the address since the request.
        set.map_err(|error| if error.is_duplicate() { LinkError::EmailTaken } else { error.into() })?;
        store::email_change::delete(&mut transaction, &row.member).await?;
        let event = Event {
            actor: Actor::Member(&row.member),
            action: AuditAction::ChangeEmail,
            target: Target::none(),
            outcome: Outcome::Done,
            request_context,
        };
        self.record(&mut transaction, Some(&row.account), &event).await?;
        Ok(transaction.commit().await?)
    }

    async fn usable_email_link(
        &self,
        connection: &mut Connection,
        token: &str,
    ) -> Result<ChangeRow, LinkError> {
        let token = Token::parse(token).ok_or(LinkError::Unusable)?;
        let token_hash = token.hash(&self.keys.row);
        let row = store::email_change::find(connection, &token_hash).await?.ok_or(LinkError::Unusable)?;
        let is_ours = self.keys.row.holds(
            &Row::EmailChange {
                account: &row.account,
                member: &row.member,
                email: &row.email,
                expires_at: row.expires_at,
                token_hash: &token_hash,
            },
            &row.mac,
        );
        if is_ours && self.now() < row.expires_at { Ok(row) } else { Err(LinkError::Unusable) }
    }
}
