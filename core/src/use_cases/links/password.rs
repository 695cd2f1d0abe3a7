//! Links to choose a new password, for members who forgot theirs. An admin or the operator creates the link; the
//! member chooses the password.

use super::{LinkError, PasswordLink};
use crate::{
    audit::{Actor, AuditAction, Event, Outcome, RequestContext, Target},
    authentication::session::{BrowserTokens, SignedIn},
    claviger::Claviger,
    crypto::{row_mac::Row, token::Token},
    domain::{account::AccountId, invitation::PASSWORD_LINK, member::MemberId, role::RoleId},
    internal_error::InternalError,
    password::{HashError, NewPassword, PasswordOwner, Requester},
    store::{
        self, Connection, Transaction,
        password_link::{LinkRow, NewLink},
    },
};

impl Claviger {
    /// Creates a link to choose a new password. It replaces an existing link of the member.
    pub(crate) async fn set_password_link(
        &self,
        transaction: &mut Transaction,
        account: &AccountId,
        member: &MemberId,
        made_by: Option<&MemberId>,
    ) -> Result<Token, InternalError> {
        let now = self.now();
        let token = Token::generate(&*self.random)?;
        let (token_hash, expires_at) = (token.hash(&self.keys.row), now.plus(PASSWORD_LINK));
        let row = Row::PasswordLink { account, member, made_by, expires_at, token_hash: &token_hash };
        let link = NewLink {
            member,
            token_hash: &token_hash,
            mac: &self.keys.row.mac(&row),
            made_by,
            created_at: now,
            expires_at,
        };
        store::password_link::set(transaction, &link).await?;
        Ok(token)
    }

    /// Returns the member whose password a link can change.
    ///
    /// # Errors
    /// [`LinkError::Unusable`] if the link cannot be used.
    pub async fn password_link(&self, token: &str) -> Result<PasswordLink, LinkError> {
        let row = self.usable_password_link(&mut self.database.reader().await?, token).await?;
        Ok(PasswordLink { organisation: row.organisation, name: row.name, email: row.email })
    }

    /// Sets the new password of the member, ends all their sessions, and signs them in. The link is then used up.
    ///
    /// # Errors
    /// The reason why the password stays as it was. The link then still works.
    pub async fn choose_password(
        &self,
        token: &str,
        password: &str,
        tokens: BrowserTokens<'_>,
        request_context: &RequestContext,
    ) -> Result<SignedIn, LinkError> {
        self.limit_address(request_context).map_err(LinkError::Throttled)?;
        let place = self.hasher.enter(&Requester::Stranger(request_context.address)).await?;
        let row = self.usable_password_link(&mut self.database.reader().await?, token).await?;
        let password = NewPassword::parse(password).map_err(HashError::Refused)?;
        let owner = PasswordOwner { account: &row.account, member: &row.member };
        let names = [row.organisation.as_str(), &row.name, &row.email];
        let password_hash = self.hasher.hash(place, password, owner, &names, &*self.random).await?;

        let mut transaction = self.database.write_for(&row.account).await?;
        let row = self.usable_password_link(&mut transaction, token).await?;
        store::member::set_password(&mut transaction, &row.member, &password_hash).await?;
        store::password_link::delete(&mut transaction, &row.member).await?;
        store::email_change::delete(&mut transaction, &row.member).await?;
        store::session::delete_all_of(&mut transaction, &row.member, None).await?;
        store::device::forget_all(&mut transaction, &row.member).await?;
        store::login_failure::clear_all(&mut transaction, row.member.as_str()).await?;
        let event = Event {
            actor: Actor::Member(&row.member),
            action: AuditAction::ChangePassword,
            target: Target::member(&row.member),
            outcome: Outcome::Done,
            request_context,
        };
        self.record(&mut transaction, Some(&row.account), &event).await?;
        let signed_in =
            self.begin_session(&mut transaction, &row.account, &row.member, tokens, request_context).await?;
        transaction.commit().await?;
        Ok(signed_in)
    }

    /// Finds a usable link. If its creator is not an active admin any more, the link is refused: a dismissed admin
    /// must not get into the account of another member.
    async fn usable_password_link(
        &self,
        connection: &mut Connection,
        token: &str,
    ) -> Result<LinkRow, LinkError> {
        let token = Token::parse(token).ok_or(LinkError::Unusable)?;
        let token_hash = token.hash(&self.keys.row);
        let row = store::password_link::find(connection, &token_hash).await?.ok_or(LinkError::Unusable)?;
        let is_ours = self.keys.row.holds(
            &Row::PasswordLink {
                account: &row.account,
                member: &row.member,
                made_by: row.made_by.as_ref(),
                expires_at: row.expires_at,
                token_hash: &token_hash,
            },
            &row.mac,
        );
        let maker_may = match &row.made_by {
            None => true,
            Some(maker) => store::member::find(connection, &row.account, maker)
                .await?
                .is_some_and(|maker| maker.is_active && maker.role.as_ref().is_some_and(RoleId::is_admin)),
        };
        if is_ours && maker_may && self.now() < row.expires_at { Ok(row) } else { Err(LinkError::Unusable) }
    }
}
