//! Sessions: finding the signed-in member of a request, and beginning and ending a session. It must not know how a
//! password is checked.

use crate::{
    audit::{Actor, AuditAction, Event, Outcome, RequestContext, Target},
    claviger::Claviger,
    crypto::{row_mac::Row, token::Token},
    domain::{
        account::AccountId,
        member::MemberId,
        session::{
            ABSOLUTE, IDLE, KNOWN_DEVICE, MOST_KNOWN_DEVICES, MOST_SESSIONS, SEEN_PRECISION, SessionId,
            is_running,
        },
    },
    internal_error::InternalError,
    store::{self, Transaction},
};
use subtle::ConstantTimeEq;

/// A signed-in member, as found for the current request.
///
/// It is not `Clone`, so that one request performs one action.
#[derive(Debug)]
pub struct Session {
    pub(crate) id: SessionId,
    pub(crate) member: MemberId,
    pub(crate) account: AccountId,
    pub(crate) device_hash: String,
    member_name: String,
    organisation: String,
    manages_members: bool,
    csrf_secret: CsrfSecret,
}

/// The secret that every form of this session must contain.
struct CsrfSecret(String);

crate::opaque_debug!(CsrfSecret);

impl Session {
    /// The name of the member.
    #[must_use]
    pub fn member_name(&self) -> &str {
        &self.member_name
    }

    /// The name of the organisation.
    #[must_use]
    pub fn organisation(&self) -> &str {
        &self.organisation
    }

    /// Whether the member has Member management, so that pages can link to it. The permission itself is checked again
    /// when the member acts.
    #[must_use]
    pub fn manages_members(&self) -> bool {
        self.manages_members
    }

    /// The CSRF secret that every changing request of this session must contain.
    #[must_use]
    pub fn csrf_secret(&self) -> &str {
        &self.csrf_secret.0
    }
}

/// Why a request has no session.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The session does not exist or has ended.
    #[error("there is no session, or it has ended")]
    Ended,
    /// The request does not contain the CSRF secret of this session.
    #[error("the request did not come from a page of its session")]
    ForeignForm,
    /// An internal error.
    #[error(transparent)]
    InternalError(#[from] InternalError),
}

/// The tokens that a browser keeps after signing in.
#[derive(Debug)]
pub struct SignedIn {
    /// The session token.
    pub session_token: Token,
    /// The device token. It identifies the browser, and outlives the session.
    pub device_token: Token,
}

/// The tokens that a browser sent.
#[derive(Clone, Copy, Default)]
pub struct BrowserTokens<'a> {
    /// The session token.
    pub session: Option<&'a str>,
    /// The device token.
    pub device: Option<&'a str>,
}

crate::opaque_debug!(BrowserTokens<'_>);

impl Claviger {
    /// Returns the session of this session token.
    ///
    /// # Errors
    /// [`SessionError::Ended`] if no running session has the token.
    pub async fn session(&self, token: Option<&str>) -> Result<Session, SessionError> {
        let token = token.and_then(Token::parse).ok_or(SessionError::Ended)?;
        let mut reader = self.database.reader().await.map_err(InternalError::from)?;
        let token_hash = token.hash(&self.keys.row);
        let row = store::session::find(&mut reader, &token_hash).await.map_err(InternalError::from)?;
        drop(reader);
        let row = row.ok_or(SessionError::Ended)?;
        let (id, account, member) = (&row.id, &row.account, &row.member);
        if !self.keys.row.holds(&Row::Session { id, account, member, token_hash: &token_hash }, &row.mac) {
            tracing::error!(session = id.as_str(), "a session was changed in the database; it is refused");
            return Err(SessionError::Ended);
        }
        let now = self.now();
        let was_replaced = row.replaced_until.is_some_and(|until| now >= until);
        if was_replaced || !is_running(row.last_seen_at, row.absolute_end, now) {
            return Err(SessionError::Ended);
        }
        if now.since(row.last_seen_at) >= SEEN_PRECISION {
            self.touch(&row.account, &row.id).await?;
        }
        Ok(Session {
            id: row.id,
            member: row.member,
            account: row.account,
            device_hash: row.device_hash,
            member_name: row.member_name,
            organisation: row.organisation,
            manages_members: row.manages_members,
            csrf_secret: CsrfSecret(row.csrf_secret),
        })
    }

    /// Returns the session of this session token, for a request that changes something and contains the CSRF secret
    /// of the session.
    ///
    /// # Errors
    /// [`SessionError::Ended`] if no running session has the token, [`SessionError::ForeignForm`] if the CSRF secret
    /// is not that of the session.
    pub async fn session_for_change(&self, token: Option<&str>, csrf: &str) -> Result<Session, SessionError> {
        let session = self.session(token).await?;
        let is_own = session.csrf_secret().as_bytes().ct_eq(csrf.as_bytes());
        if bool::from(is_own) { Ok(session) } else { Err(SessionError::ForeignForm) }
    }

    async fn touch(&self, account: &AccountId, session: &SessionId) -> Result<(), InternalError> {
        let mut transaction = self.database.write_for(account).await?;
        store::session::touch(&mut transaction, session, self.now()).await?;
        Ok(transaction.commit().await?)
    }

    /// Ends the session. All its tokens are refused from now on.
    ///
    /// # Errors
    /// The database cannot be written. The session then goes on.
    pub async fn sign_out(
        &self,
        session: Session,
        request_context: &RequestContext,
    ) -> Result<(), InternalError> {
        let mut transaction = self.database.write_for(&session.account).await?;
        if store::session::delete(&mut transaction, &session.id).await? {
            let event = Event {
                actor: Actor::Member(&session.member),
                action: AuditAction::SignOut,
                target: Target::none(),
                outcome: Outcome::Done,
                request_context,
            };
            self.record(&mut transaction, Some(&session.account), &event).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Begins a session for a member whose password was checked, and records the sign-in.
    pub(crate) async fn begin_session(
        &self,
        transaction: &mut Transaction,
        account: &AccountId,
        member: &MemberId,
        tokens: BrowserTokens<'_>,
        request_context: &RequestContext,
    ) -> Result<SignedIn, InternalError> {
        let now = self.now();
        let idle_since = now.before(IDLE);
        store::session::delete_ended(transaction, member, idle_since, now).await?;
        if let Some(token) = tokens.session.and_then(Token::parse) {
            store::session::delete_of_token(transaction, &token.hash(&self.keys.row)).await?;
        }
        store::session::delete_oldest(transaction, member, MOST_SESSIONS - 1).await?;
        let device_token = self.device_token(transaction, tokens.device).await?;
        let device_hash = device_token.hash(&self.keys.row);
        store::device::remember(transaction, &device_hash, member, now).await?;
        store::device::keep_most_used(transaction, &device_hash, member, MOST_KNOWN_DEVICES - 1).await?;
        let session_token = Token::generate(&*self.random)?;
        let (id, token_hash) = (SessionId::new(now, &*self.random)?, session_token.hash(&self.keys.row));
        let mac = self.keys.row.mac(&Row::Session { id: &id, account, member, token_hash: &token_hash });
        store::session::insert(
            transaction,
            &store::session::NewSession {
                id: &id,
                member,
                token_hash: &token_hash,
                mac: &mac,
                csrf_secret: Token::generate(&*self.random)?.expose(),
                device_hash: &device_hash,
                created_at: now,
                absolute_end: now.plus(ABSOLUTE),
                address: &request_context.address_text(),
                user_agent: &request_context.user_agent_text(),
            },
        )
        .await?;
        let event = Event {
            actor: Actor::Member(member),
            action: AuditAction::SignIn,
            target: Target::none(),
            outcome: Outcome::Done,
            request_context,
        };
        self.record(transaction, Some(account), &event).await?;
        Ok(SignedIn { session_token, device_token })
    }

    /// Returns the device token that the browser sent, if this installation issued it; else a new one. An attacker
    /// could know a token that the visitor chose.
    async fn device_token(
        &self,
        transaction: &mut Transaction,
        sent: Option<&str>,
    ) -> Result<Token, InternalError> {
        if let Some(token) = sent.and_then(Token::parse)
            && store::device::exists(
                transaction,
                &token.hash(&self.keys.row),
                self.now().before(KNOWN_DEVICE),
            )
            .await?
        {
            return Ok(token);
        }
        Ok(Token::generate(&*self.random)?)
    }
}
