//! Invitations: a member with the permission to manage members creates and withdraws them, and the person with the link accepts
//! them.

use crate::wire::{error::ApiError, mailed::MadeLink};
#[cfg(feature = "ssr")]
use crate::{done::MembersDone, route::Route};
use claviger_types::OpenInvitation;
use leptos::prelude::*;

/// Invites a person and returns the link. If this installation sends e-mail, it also sends the link by e-mail. After a plain
/// form, the page that follows shows the link.
#[server(endpoint = "invite_member")]
pub async fn invite_member(
    #[server(default)] csrf: String,
    #[server(default)] name: String,
    #[server(default)] email: String,
) -> Result<MadeLink, ApiError> {
    use crate::{
        server::{
            caller::Caller,
            link::{self, Destination},
            mail::MailMessage,
        },
        wire::{form_draft::FormDraft, mailed::Mailed},
    };
    use claviger_core::use_cases::links::InviteForm;

    let caller = Caller::current()?;
    let session = caller.session_for_change(&csrf).await?;
    let form = InviteForm { name: &name, email: &email };
    match caller.claviger.invite(&session, form, &caller.request_context()).await {
        Ok(token) => {
            let link = link::give(&caller, Destination::Join, &token);
            let (inviter, organisation) = (session.member_name(), session.organisation());
            let message = MailMessage::invitation(email.trim(), name.trim(), organisation, inviter, &link);
            let mailed = caller.mail_of(&session, message).await?;
            let done = match mailed {
                Mailed::Off => MembersDone::Invited,
                Mailed::Sent => MembersDone::InvitedByMail,
                Mailed::Limited => MembersDone::InvitedBeyondLimit,
                Mailed::Failed => MembersDone::InvitedWithoutMail,
            };
            caller.redirect_form_to(&done.address());
            Ok(MadeLink { link, mailed })
        }
        Err(error) => {
            caller.keep_draft(&FormDraft { name, email, ..FormDraft::default() });
            Err(caller.refuse(error))
        }
    }
}

/// Withdraws an invitation that was not used yet.
#[server(endpoint = "withdraw_invitation")]
pub async fn withdraw_invitation(
    #[server(default)] csrf: String,
    invitation: String,
) -> Result<(), ApiError> {
    use crate::server::caller::{Caller, answer};
    use claviger_core::domain::invitation::InvitationId;

    let caller = Caller::current()?;
    let session = caller.session_for_change(&csrf).await?;
    let id = InvitationId::parse(&invitation).ok_or(ApiError::Malformed).map_err(answer)?;
    let withdrawn = caller.claviger.withdraw_invitation(&session, &id, &caller.request_context()).await;
    withdrawn.map_err(|error| caller.refuse(error))?;
    caller.redirect_form_to(&MembersDone::Withdrawn.address());
    Ok(())
}

/// Returns the invitation that belongs to a link.
#[server(name = ReadInvitation, endpoint = "invitation")]
pub async fn open_invitation(token: String) -> Result<OpenInvitation, ApiError> {
    let caller = crate::server::caller::Caller::current()?;
    caller.claviger.invitation(&token).await.map_err(|error| caller.refuse(error))
}

/// Accepts an invitation with a password that the invited person chooses, and signs the person in. Redirects to `/credentials`.
#[server(name = Join, endpoint = "join")]
pub async fn join_organisation(token: String, #[server(default)] password: String) -> Result<(), ApiError> {
    use crate::server::caller::{Caller, keep_signed_in};

    let caller = Caller::current()?;
    caller.require_secure_cookies()?;
    let tokens = caller.browser_tokens();
    let joined = caller.claviger.join(&token, &password, tokens, &caller.request_context()).await;
    keep_signed_in(&joined.map_err(|error| caller.refuse(error))?);
    leptos_axum::redirect(Route::Credentials.path());
    Ok(())
}
