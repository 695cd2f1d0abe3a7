//! The caller of a server function, in the form that the core needs: the facts of the request, the tokens from the browser, and
//! the answer to an error. It must not decide what the caller may do.

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

/// The cookie that holds the session token. The prefix `__Host-` makes browsers refuse the cookie unless this exact host sets it
/// over a secure connection (RFC 6265bis, section 4.1.3.2).
const SESSION_COOKIE: &str = "__Host-claviger-session";
/// The cookie that identifies a browser that has signed in before.
const DEVICE_COOKIE: &str = "__Host-claviger-device";
/// The maximum age at which browsers keep a cookie: 400 days (RFC 6265bis, section 5.5), in seconds.
const DEVICE_COOKIE_AGE: u32 = 400 * 24 * 60 * 60;

/// The facts that the HTTP layer knows about a request. That layer puts them into the extensions of every request.
#[derive(Clone, Debug)]
pub struct RequestFacts {
    /// The address from which the request came.
    pub address: IpAddr,
    /// The user agent that the browser sent.
    pub user_agent: String,
    /// The id of the request in the log.
    pub request_id: String,
    /// Whether the browser keeps a cookie that is marked as secure. It does not over plain HTTP from another machine.
    pub secure_cookies_work: bool,
    /// The start of each link to this installation: `https://keys.example.org`.
    pub base_url: String,
    /// The address that gateways ask, if it differs from the address of the pages.
    pub verify_url: Option<String>,
}

/// The caller of a server function: a script, a plain form, or a page that the server renders.
pub(crate) struct Caller {
    pub(crate) claviger: Claviger,
    pub(crate) facts: RequestFacts,
    session_token: Option<String>,
    device_token: Option<String>,
    is_plain_form: bool,
    mail: OutgoingMail,
}

impl Caller {
    /// Returns the caller of the current request.
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

    /// Whether the request is a form that the browser sent without a script. The server answers such a form with a redirect.
    pub(crate) const fn is_plain_form(&self) -> bool {
        self.is_plain_form
    }

    /// Refuses to disclose a key to a plain form, because no script would hide the key again.
    pub(crate) fn require_script(&self) -> Result<(), ApiError> {
        if self.is_plain_form { Err(answer(ApiError::ScriptNeeded)) } else { Ok(()) }
    }

    /// The request context, which the audit trail keeps.
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

    /// Returns the session of the caller for a request that changes nothing.
    pub(crate) async fn session(&self) -> Result<Session, ApiError> {
        let session = self.claviger.session(self.session_token.as_deref()).await;
        session.map_err(|error| self.refuse(error))
    }

    /// Returns the session of the caller for a change, after a check of the CSRF token from the form.
    pub(crate) async fn session_for_change(&self, csrf: &str) -> Result<Session, ApiError> {
        let session = self.claviger.session_for_change(self.session_token.as_deref(), csrf).await;
        session.map_err(|error| self.refuse(error))
    }

    /// Checks the proof that the member entered for an action, and returns the confirmed action.
    pub(crate) async fn confirm<A: Action>(
        &self,
        session: Session,
        action: A,
        proof: Proof,
    ) -> Result<Confirmed<A>, ApiError> {
        let confirmed = self.claviger.confirm(session, action, proof.into(), self.request_context()).await;
        confirmed.map_err(|error| self.refuse(error))
    }

    /// Redirects a plain form to a page that reports the action. A script stays on its page.
    pub(crate) fn redirect_form_to(&self, path: &str) {
        if self.is_plain_form {
            leptos_axum::redirect(path);
        }
    }

    /// Whether this installation sends e-mail.
    pub(crate) const fn sends_mail(&self) -> bool {
        self.mail.0.is_some()
    }

    /// Sends a message, if this installation sends e-mail. If the message could not be sent, the cause goes to the log.
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

    /// Sends a message for the organisation of the session, unless the limit of messages for today is reached.
    pub(crate) async fn mail_of(&self, session: &Session, message: MailMessage) -> Result<Mailed, ApiError> {
        if !self.sends_mail() {
            return Ok(Mailed::Off);
        }
        let may = self.claviger.may_mail(session, &message.to).await.map_err(|error| self.refuse(error))?;
        Ok(if may { self.mail(message).await } else { Mailed::Limited })
    }

    /// Keeps the values of a plain form, in case the form is refused.
    pub(crate) fn keep_draft(&self, draft: &FormDraft) {
        if self.is_plain_form {
            draft::keep(draft);
        }
    }

    /// Refuses a sign-in if the browser would drop the session cookie. Without this check, the browser would be redirected to the
    /// log-in page forever.
    pub(crate) fn require_secure_cookies(&self) -> Result<(), ApiError> {
        if self.facts.secure_cookies_work { Ok(()) } else { Err(answer(ApiError::InsecureConnection)) }
    }

    /// Turns an error of the core into its answer. The cause of a failure goes only to the log.
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

/// An error of the core: an error that the caller may know in full, or a failure whose cause the caller must not learn.
pub(crate) enum Refusal {
    Told(ApiError),
    Failed(InternalError),
}

/// Gives the browser the tokens of a sign-in.
pub(crate) fn keep_signed_in(signed_in: &SignedIn) {
    keep_session(&signed_in.session_token);
    cookies::set(DEVICE_COOKIE, signed_in.device_token.expose(), Some(DEVICE_COOKIE_AGE));
}

/// Gives the browser its session token.
pub(crate) fn keep_session(token: &Token) {
    cookies::set(SESSION_COOKIE, token.expose(), None);
}

/// Removes the session token from the browser.
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

/// Sets the status that belongs to an error. A plain form gets a redirect instead.
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

/// Answers a request that could not be read as a call of the named function.
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

/// The value of `Retry-After`, in seconds. For a locked counter no wait makes a new attempt useful; the value of one day keeps
/// scripts away.
pub(crate) const fn retry_after(error: &ApiError) -> Option<u64> {
    match error {
        ApiError::Waiting { seconds } | ApiError::TooOften { seconds } => Some(*seconds),
        ApiError::Locked => Some(24 * 60 * 60),
        ApiError::Busy => Some(1),
        ApiError::Unavailable => Some(5),
        _ => None,
    }
}
