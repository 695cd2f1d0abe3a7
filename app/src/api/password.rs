//! Passwords: a new one for whoever is signed in, and for whoever has a link.

#![allow(
    missing_docs,
    unreachable_pub,
    reason = "the macro makes a type of each function, with a field for each argument"
)]

use super::error::ApiError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Whose password a link lets its owner choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordLink {
    /// The name of the organisation.
    pub organisation: String,
    /// The name of the member.
    pub name: String,
    /// The e-mail address of the member.
    pub email: String,
}

/// Changes one's own password; all other sessions end.
#[server(endpoint = "change_password")]
pub async fn change_password(
    #[server(default)] csrf: String,
    #[server(default)] password: String,
    #[server(default)] new_password: String,
) -> Result<(), ApiError> {
    use super::{
        caller::{Caller, keep_session},
        error::Field,
    };
    use claviger_core::reauthentication::ActionError;

    let caller = Caller::current()?;
    let session = caller.session_for_change(&csrf).await?;
    let prepared = caller.claviger.prepare_password(&session, &new_password).await;
    let of_new_password =
        |error: ActionError| caller.refuse(error).moved(Field::Password, Field::NewPassword);
    let action = prepared.map_err(of_new_password)?;
    let confirmed = caller.confirm(session, action, &password).await?;
    let token = caller.claviger.change_password(confirmed).await.map_err(of_new_password)?;
    keep_session(&token);
    caller.lead_form_to("/profile?done=password");
    Ok(())
}

/// Whose password a link lets its owner choose.
#[server(name = ReadPasswordLink, endpoint = "password_link")]
pub async fn password_link(token: String) -> Result<PasswordLink, ApiError> {
    let caller = super::caller::Caller::current()?;
    let link = caller.claviger.password_link(&token).await.map_err(|error| caller.refuse(error))?;
    Ok(PasswordLink { organisation: link.organisation, name: link.name, email: link.email })
}

/// Chooses a new password by a link, and signs in. Redirects to `/credentials`.
#[server(endpoint = "choose_password")]
pub async fn choose_password(token: String, #[server(default)] password: String) -> Result<(), ApiError> {
    use super::caller::{Caller, keep_signed_in};

    let caller = Caller::current()?;
    caller.require_secure_cookies()?;
    let tokens = caller.browser_tokens();
    let chosen = caller.claviger.choose_password(&token, &password, tokens, &caller.request_context()).await;
    keep_signed_in(&chosen.map_err(|error| caller.refuse(error))?);
    leptos_axum::redirect("/credentials");
    Ok(())
}
