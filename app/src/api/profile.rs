//! The profile: the member's own data, and the name of the organisation.

use super::session::Viewer;
#[cfg(feature = "ssr")]
use crate::done::ProfileDone;
#[cfg(feature = "ssr")]
use crate::wire::form_draft::FormDraft;
use crate::wire::{error::ApiError, formatted_time::FormattedTime, proof::Proof};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The data of `/profile`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The signed-in member.
    pub viewer: Viewer,
    /// The member's e-mail address.
    pub email: String,
    /// Whether the member may rename the organisation.
    pub is_admin: bool,
    /// The member's sessions. The session that was used last comes first.
    pub sessions: Vec<SessionLine>,
}

/// One session of the signed-in member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLine {
    /// The id that names the session in requests. It is not secret.
    pub id: String,
    /// The time when the session began.
    pub created_at: FormattedTime,
    /// The time when the session was last used.
    pub last_seen_at: FormattedTime,
    /// The address from which the session began.
    pub address: String,
    /// The browser and the system, as far as the user agent names them: `Firefox on Linux`.
    pub browser: String,
    /// Whether the current request belongs to this session.
    pub is_this: bool,
}

/// Returns the data of `/profile` for the signed-in member.
#[server(name = ReadProfile, endpoint = "profile")]
pub async fn profile() -> Result<Profile, ApiError> {
    use crate::server::{browser_name::browser_name, caller::Caller};

    let caller = Caller::current()?;
    let session = caller.session().await?;
    let profile = caller.claviger.profile(&session).await.map_err(|error| caller.refuse(error))?;
    let sessions = profile.sessions.into_iter().map(|line| SessionLine {
        id: line.id.as_str().to_owned(),
        created_at: line.created_at.into(),
        last_seen_at: line.last_seen_at.into(),
        address: line.address,
        browser: browser_name(&line.user_agent),
        is_this: line.is_this,
    });
    Ok(Profile {
        viewer: (&session).into(),
        email: profile.email,
        is_admin: profile.is_admin,
        sessions: sessions.collect(),
    })
}

/// Changes the name of the signed-in member.
#[server(endpoint = "change_name")]
pub async fn change_name(
    #[server(default)] csrf: String,
    #[server(default)] name: String,
) -> Result<(), ApiError> {
    let caller = crate::server::caller::Caller::current()?;
    let session = caller.session_for_change(&csrf).await?;
    let changed = caller.claviger.change_name(&session, &name, &caller.request_context()).await;
    caller.keep_draft(&FormDraft { name, ..FormDraft::default() });
    changed.map_err(|error| caller.refuse(error))?;
    caller.redirect_form_to(&ProfileDone::Name.address());
    Ok(())
}

/// Changes the e-mail address of the signed-in member, after the password was entered. If this installation sends e-mail, it
/// sends a link to the new address. The new address is valid only after the member has confirmed it with that link.
#[server(endpoint = "change_email")]
pub async fn change_email(
    #[server(default)] csrf: String,
    #[server(default)] email: String,
    #[server(flatten)] proof: Proof,
) -> Result<(), ApiError> {
    use crate::{
        server::{
            caller::{Caller, keep_session},
            link::{Destination, link_to},
            mail::MailMessage,
        },
        wire::mailed::Mailed,
    };
    use claviger_core::use_cases::profile::ChangeEmail;

    let caller = Caller::current()?;
    let session = caller.session_for_change(&csrf).await?;
    let name = session.member_name().to_owned();
    let prepared = ChangeEmail::parse(&email);
    caller.keep_draft(&FormDraft { email: email.clone(), ..FormDraft::default() });
    let action = prepared.map_err(|error| caller.refuse(error))?;
    let confirmed = caller.confirm(session, action, proof).await?;
    if !caller.sends_mail() {
        let token = caller.claviger.change_email(confirmed).await.map_err(|error| caller.refuse(error))?;
        keep_session(&token);
        caller.redirect_form_to(&ProfileDone::Email.address());
        return Ok(());
    }
    let announced = caller.claviger.request_email_change(confirmed).await;
    let announced = announced.map_err(|error| caller.refuse(error))?;
    keep_session(&announced.session_token);
    let message = match &announced.link {
        Some(link) => {
            MailMessage::confirmation(email.trim(), &name, &link_to(&caller, Destination::Email, link))
        }
        None => MailMessage::address_in_use(email.trim()),
    };
    let done = match caller.mail(message).await {
        Mailed::Sent => ProfileDone::EmailAnnounced,
        _ => ProfileDone::EmailNotSent,
    };
    caller.redirect_form_to(&done.address());
    Ok(())
}

/// Returns the e-mail address that a link confirms.
#[server(name = ReadAnnouncedEmail, endpoint = "announced_email")]
pub async fn pending_email_change(token: String) -> Result<String, ApiError> {
    let caller = crate::server::caller::Caller::current()?;
    caller.claviger.pending_email_change(&token).await.map_err(|error| caller.refuse(error))
}

/// Confirms a new e-mail address with the link that was sent to it.
#[server(endpoint = "confirm_email")]
pub async fn confirm_email(token: String) -> Result<(), ApiError> {
    let caller = crate::server::caller::Caller::current()?;
    let confirmed = caller.claviger.confirm_email(&token, &caller.request_context()).await;
    confirmed.map_err(|error| caller.refuse(error))?;
    caller.redirect_form_to(&ProfileDone::Email.address());
    Ok(())
}

/// Changes the name of the organisation. Only admins may do this.
#[server(endpoint = "rename_organisation")]
pub async fn rename_organisation(
    #[server(default)] csrf: String,
    #[server(default)] organisation: String,
) -> Result<(), ApiError> {
    let caller = crate::server::caller::Caller::current()?;
    let session = caller.session_for_change(&csrf).await?;
    let renamed =
        caller.claviger.rename_organisation(&session, &organisation, &caller.request_context()).await;
    caller.keep_draft(&FormDraft { organisation, ..FormDraft::default() });
    renamed.map_err(|error| caller.refuse(error))?;
    caller.redirect_form_to(&ProfileDone::Organisation.address());
    Ok(())
}

/// Ends one session of the signed-in member.
#[server(endpoint = "end_session")]
pub async fn end_session(#[server(default)] csrf: String, session: String) -> Result<(), ApiError> {
    use crate::server::caller::{Caller, answer};
    use claviger_core::domain::session::SessionId;

    let caller = Caller::current()?;
    let own = caller.session_for_change(&csrf).await?;
    let id = SessionId::parse(&session).ok_or(ApiError::Malformed).map_err(answer)?;
    let ended = caller.claviger.end_session(&own, &id, &caller.request_context()).await;
    ended.map_err(|error| caller.refuse(error))?;
    caller.redirect_form_to(&ProfileDone::Session.address());
    Ok(())
}

/// Ends all sessions of the signed-in member except the current session.
#[server(endpoint = "end_other_sessions")]
pub async fn end_other_sessions(#[server(default)] csrf: String) -> Result<(), ApiError> {
    let caller = crate::server::caller::Caller::current()?;
    let session = caller.session_for_change(&csrf).await?;
    let ended = caller.claviger.end_other_sessions(&session, &caller.request_context()).await;
    ended.map_err(|error| caller.refuse(error))?;
    caller.redirect_form_to(&ProfileDone::Sessions.address());
    Ok(())
}
