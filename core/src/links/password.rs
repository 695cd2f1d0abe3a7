//! Links to choose a new password, for whoever has forgotten theirs. An admin or the operator makes one; neither can
//! choose the password.

use super::LinkError;
use crate::{
    audit::{Actor, AuditAction, Circumstances, Event, Outcome, Target},
    claviger::Claviger,
    domain::role::RoleId,
    password::NewPassword,
    session::{BrowserTokens, SignedIn},
    sign_up::FieldErrors,
    store::{self, password_link::LinkRow},
    token::Token,
};
use sqlx::AnyConnection;

/// A link that works, as whoever has it sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordLink {
    /// The name of the organisation.
    pub organisation: String,
    /// The name of the member.
    pub name: String,
    /// The e-mail address of the member.
    pub email: String,
}

impl Claviger {
    /// Whose password a link lets its owner choose.
    ///
    /// # Errors
    /// [`LinkError::Unusable`] where it lets nobody.
    pub async fn password_link(&self, token: &str) -> Result<PasswordLink, LinkError> {
        let row = self.usable_password_link(&mut *self.database.reader().await?, token).await?;
        Ok(PasswordLink { organisation: row.organisation, name: row.name, email: row.email })
    }

    /// Gives the member a new password, ends all their sessions, and signs them in. The link works no more.
    ///
    /// # Errors
    /// Why the password stays as it was; the link then still works.
    pub async fn choose_password(
        &self,
        token: &str,
        password: &str,
        tokens: BrowserTokens<'_>,
        circumstances: &Circumstances,
    ) -> Result<SignedIn, LinkError> {
        self.limit_address(circumstances).map_err(LinkError::Throttled)?;
        let row = self.usable_password_link(&mut *self.database.reader().await?, token).await?;
        let names = [row.organisation.as_str(), &row.name, &row.email];
        let password = NewPassword::parse(password, &names).map_err(|problem| {
            LinkError::Invalid(FieldErrors { password: Some(problem), ..FieldErrors::default() })
        })?;
        let password_hash = self.hasher.hash(password, &*self.random).await?;

        let mut transaction = self.database.write().await?;
        store::account::lock(&mut transaction, &row.account).await?;
        let row = self.usable_password_link(&mut transaction, token).await?;
        store::member::set_password(&mut transaction, &row.member, &password_hash).await?;
        store::password_link::delete(&mut transaction, &row.member).await?;
        store::email_change::delete(&mut transaction, &row.member).await?;
        store::session::delete_all_of(&mut transaction, &row.member, None).await?;
        store::login_failure::clear_all(&mut transaction, row.member.as_str()).await?;
        let event = Event {
            actor: Actor::Member(&row.member),
            action: AuditAction::ChangePassword,
            target: Target::member(&row.member),
            outcome: Outcome::Done,
            circumstances,
        };
        self.record(&mut transaction, Some(&row.account), &event).await?;
        let signed_in =
            self.begin_session(&mut transaction, &row.account, &row.member, tokens, circumstances).await?;
        transaction.commit().await?;
        Ok(signed_in)
    }

    /// A link is as good as its maker: an admin who was dismissed must not come back as somebody else.
    async fn usable_password_link(
        &self,
        connection: &mut AnyConnection,
        token: &str,
    ) -> Result<LinkRow, LinkError> {
        let token = Token::parse(token).ok_or(LinkError::Unusable)?;
        let row = store::password_link::find(connection, &token.hash()).await?.ok_or(LinkError::Unusable)?;
        let maker_may = match &row.made_by {
            None => true,
            Some(maker) => store::member::find(connection, &row.account, maker)
                .await?
                .is_some_and(|maker| maker.is_active && maker.role.as_ref().is_some_and(RoleId::is_admin)),
        };
        if maker_may && self.now() < row.expires_at { Ok(row) } else { Err(LinkError::Unusable) }
    }
}
