//! The caller of a server function, as the core needs to know them: the facts of the request, the tokens that the
//! browser keeps, and how an error is answered. It must not decide anything about what the caller may do.

use super::{
    cookies, draft,
    mail::{MailMessage, NotSent, OutgoingMail},
};
use crate::wire::{error::ApiError, form_draft::FormDraft, mailed::Mailed, proof::Proof};
use axum::http::{
    HeaderName, HeaderValue, StatusCode,
    header::{ACCEPT, RETRY_AFTER},
    request::Parts,
};
use claviger_core::{
    audit::RequestContext,
    authentication::session::{BrowserTokens, Session, SignedIn},
    claviger::Claviger,
    crypto::token::Token,
    internal_error::{InternalError, StoreError},
    reauthentication::{Action, Confirmed},
};
use leptos::{prelude::use_context, server_fn::error::ServerFnErrorErr};
use leptos_axum::ResponseOptions;
use std::net::IpAddr;

/// The cookie that holds the token of the session. `__Host-` makes browsers refuse it from anywhere but this very
/// host, over a secure connection (RFC 6265bis, section 4.1.3.2).
const SESSION_COOKIE: &str = "__Host-claviger-session";
/// The cookie by which a browser is known that has signed in before.
const DEVICE_COOKIE: &str = "__Host-claviger-device";
/// The longest that browsers keep a cookie: 400 days (RFC 6265bis, section 5.5), in seconds.
const DEVICE_COOKIE_AGE: u32 = 400 * 24 * 60 * 60;

/// What the HTTP side knows about a request. It puts this into the extensions of every request.
#[derive(Clone, Debug)]
pub struct RequestFacts {
    /// Where the request came from.
    pub address: IpAddr,
    /// How the browser names itself.
    pub user_agent: String,
    /// The id that the log has it under.
    pub request_id: String,
    /// Whether the browser will keep a cookie that is marked as secure: not over plain HTTP from another machine.
    pub secure_cookies_work: bool,
    /// What links to this installation begin with: `https://keys.example.org`.
    pub base_url: String,
    /// Where gateways ask, if that is not where the pages are.
    pub verify_url: Option<String>,
}

/// Whoever calls a server function, from a script, a plain form, or a page that is being rendered.
pub(crate) struct Caller {
    pub(crate) claviger: Claviger,
    pub(crate) facts: RequestFacts,
    session_token: Option<String>,
    device_token: Option<String>,
    is_plain_form: bool,
    mail: OutgoingMail,
}

impl Caller {
    /// The caller of the request that is being handled.
    pub(crate) fn current() -> Result<Self, ApiError> {
        let (Some(claviger), Some(parts)) = (use_context::<Claviger>(), use_context::<Parts>()) else {
            tracing::error!("a server function was called outside of a request");
            return Err(answer(ApiError::Internal { request_id: String::new() }));
        };
        let Some(facts) = parts.extensions.get::<RequestFacts>().cloned() else {
            tracing::error!("a request was not given its facts");
            return Err(answer(ApiError::Internal { request_id: String::new() }));
        };
        Ok(Self {
            claviger,
            facts,
            session_token: cookies::read(&parts, SESSION_COOKIE),
            device_token: cookies::read(&parts, DEVICE_COOKIE),
            is_plain_form: is_plain_form(&parts),
            mail: use_context::<OutgoingMail>().unwrap_or_default(),
        })
    }

    /// Whether the request is a form that the browser sent without a script. It is answered by a redirect.
    pub(crate) const fn is_plain_form(&self) -> bool {
        self.is_plain_form
    }

    /// Refuses to disclose a key to a plain form: no script would hide it again.
    pub(crate) fn require_script(&self) -> Result<(), ApiError> {
        if self.is_plain_form { Err(answer(ApiError::ScriptNeeded)) } else { Ok(()) }
    }

    /// What the audit trail keeps of the request.
    pub(crate) fn request_context(&self) -> RequestContext {
        RequestContext {
            address: Some(self.facts.address),
            user_agent: self.facts.user_agent.clone(),
            request_id: self.facts.request_id.clone(),
        }
    }

    pub(crate) fn browser_tokens(&self) -> BrowserTokens<'_> {
        BrowserTokens { session: self.session_token.as_deref(), device: self.device_token.as_deref() }
    }

    /// The session of whoever looks at something.
    pub(crate) async fn session(&self) -> Result<Session, ApiError> {
        let session = self.claviger.session(self.session_token.as_deref()).await;
        session.map_err(|error| self.refuse(error))
    }

    /// The session of whoever asks for a change, with a form of that session.
    pub(crate) async fn session_for_change(&self, csrf: &str) -> Result<Session, ApiError> {
        let session = self.claviger.session_for_change(self.session_token.as_deref(), csrf).await;
        session.map_err(|error| self.refuse(error))
    }

    /// The session of whoever asks for a change, with the proof that they entered for it checked.
    pub(crate) async fn confirm<A: Action>(
        &self,
        session: Session,
        action: A,
        proof: Proof,
    ) -> Result<Confirmed<A>, ApiError> {
        let confirmed = self.claviger.confirm(session, action, proof.into(), self.request_context()).await;
        confirmed.map_err(|error| self.refuse(error))
    }

    /// Redirects a plain form to a page that says what was done. A script stays on its page.
    pub(crate) fn redirect_form_to(&self, path: &str) {
        if self.is_plain_form {
            leptos_axum::redirect(path);
        }
    }

    /// Whether this installation sends e-mail.
    pub(crate) const fn sends_mail(&self) -> bool {
        self.mail.0.is_some()
    }

    /// Sends a message, if this installation sends any. Why one was not sent goes to the log.
    pub(crate) async fn mail(&self, message: MailMessage) -> Mailed {
        let Some(mailer) = &self.mail.0 else { return Mailed::Off };
        match mailer.send(message).await {
            Ok(()) => Mailed::Sent,
            Err(NotSent(cause)) => {
                tracing::error!(request_id = %self.facts.request_id, %cause, "a message was not sent");
                Mailed::Failed
            }
        }
    }

    /// Sends a message of the session's organisation, if it has not sent too many today.
    pub(crate) async fn mail_of(&self, session: &Session, message: MailMessage) -> Result<Mailed, ApiError> {
        if !self.sends_mail() {
            return Ok(Mailed::Off);
        }
        let may = self.claviger.may_mail(session, &message.to).await.map_err(|error| self.refuse(error))?;
        Ok(if may { self.mail(message).await } else { Mailed::Limited })
    }

    /// Keeps what was typed into a plain form, in case it is refused.
    pub(crate) fn keep_draft(&self, draft: &FormDraft) {
        if self.is_plain_form {
            draft::keep(draft);
        }
    }

    /// Refuses to sign anyone in whose browser would drop the cookie: they would be sent back to log in for ever.
    pub(crate) fn require_secure_cookies(&self) -> Result<(), ApiError> {
        if self.facts.secure_cookies_work { Ok(()) } else { Err(answer(ApiError::InsecureConnection)) }
    }

    /// Turns an error of the core into its answer. The cause of a failure goes to the log, and no further.
    pub(crate) fn refuse(&self, error: impl Into<Refusal>) -> ApiError {
        answer(match error.into() {
            Refusal::Told(error) => error,
            Refusal::Failed(failure) => {
                let request_id = self.facts.request_id.clone();
                tracing::error!(%request_id, cause = %failure, "a request failed");
                match failure {
                    InternalError::Store(StoreError::Unavailable(_)) => ApiError::Unavailable,
                    InternalError::Store(StoreError::Unconfirmed(_)) => ApiError::Unconfirmed,
                    _ => ApiError::Internal { request_id },
                }
            }
        })
    }
}

/// An error of the core: one that the caller is told, or a failure that they are only told of.
pub(crate) enum Refusal {
    Told(ApiError),
    Failed(InternalError),
}

/// Hands the browser the tokens of a sign-in.
pub(crate) fn keep_signed_in(signed_in: &SignedIn) {
    keep_session(&signed_in.session_token);
    cookies::set(DEVICE_COOKIE, signed_in.device_token.expose(), Some(DEVICE_COOKIE_AGE));
}

/// Hands the browser the token of its session.
pub(crate) fn keep_session(token: &Token) {
    cookies::set(SESSION_COOKIE, token.expose(), None);
}

/// Takes the token of its session from the browser.
pub(crate) fn forget_session() {
    cookies::set(SESSION_COOKIE, "", Some(0));
}

fn is_plain_form(parts: &Parts) -> bool {
    parts
        .headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// Sets the status that belongs to an error. A plain form gets its redirect instead.
pub(crate) fn answer(error: ApiError) -> ApiError {
    let sent_by_script = use_context::<Parts>().is_none_or(|parts| !is_plain_form(&parts));
    if let (true, Some(options)) = (sent_by_script, use_context::<ResponseOptions>()) {
        options.set_status(status_of(&error));
        if let Some(seconds) = retry_after(&error) {
            let name: HeaderName = RETRY_AFTER;
            options.insert_header(name, HeaderValue::from(seconds));
        }
    }
    error
}

/// The answer to a request that could not be read as a call of the function that it names.
pub(crate) fn answer_unreadable_request(error: &ServerFnErrorErr) -> ApiError {
    match error {
        ServerFnErrorErr::Args(_)
        | ServerFnErrorErr::MissingArg(_)
        | ServerFnErrorErr::Deserialization(_)
        | ServerFnErrorErr::Request(_) => answer(ApiError::Malformed),
        _ => {
            tracing::error!(cause = %error, "a server function could not be run");
            let facts =
                use_context::<Parts>().and_then(|parts| parts.extensions.get::<RequestFacts>().cloned());
            let request_id = facts.map(|facts| facts.request_id).unwrap_or_default();
            answer(ApiError::Internal { request_id })
        }
    }
}

pub(crate) const fn status_of(error: &ApiError) -> StatusCode {
    match error {
        ApiError::Malformed
        | ApiError::Invalid(_)
        | ApiError::InsecureConnection
        | ApiError::ScriptNeeded => StatusCode::BAD_REQUEST,
        ApiError::SignedOut | ApiError::WrongCredentials { .. } | ApiError::ProofRefused { .. } => {
            StatusCode::UNAUTHORIZED
        }
        ApiError::NotPermitted { .. }
        | ApiError::AdminsOnly
        | ApiError::BeyondOwnPermissions
        | ApiError::CrossSite
        | ApiError::RegistrationClosed => StatusCode::FORBIDDEN,
        ApiError::Stale { .. }
        | ApiError::Gone
        | ApiError::LastAdmin
        | ApiError::RoleInUse
        | ApiError::TooManyInvitations
        | ApiError::EmailTaken
        | ApiError::UnusableLink => StatusCode::CONFLICT,
        ApiError::Waiting { .. } | ApiError::TooOften { .. } | ApiError::Locked => {
            StatusCode::TOO_MANY_REQUESTS
        }
        ApiError::Busy | ApiError::Unavailable | ApiError::Unconfirmed => StatusCode::SERVICE_UNAVAILABLE,
        ApiError::Unreachable | ApiError::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// In seconds. A locked counter has no time after which trying again would help; a day keeps scripts away.
pub(crate) const fn retry_after(error: &ApiError) -> Option<u64> {
    match error {
        ApiError::Waiting { seconds } | ApiError::TooOften { seconds } => Some(*seconds),
        ApiError::Locked => Some(24 * 60 * 60),
        ApiError::Busy => Some(1),
        ApiError::Unavailable => Some(5),
        _ => None,
    }
}
