//! Passwords: a new password for the signed-in member, and for the person with a link.

use crate::wire::{error::ApiError, proof::Proof};
#[cfg(feature = "ssr")]
use crate::{done::ProfileDone, route::Route};
use claviger_types::PasswordLink;
use leptos::prelude::*;

/// Changes the password of the signed-in member. All other sessions of the member end.
#[server(endpoint = "change_password")]
pub async fn change_password(
    #[server(default)] csrf: String,
    #[server(flatten)] proof: Proof,
    #[server(default)] new_password: String,
) -> Result<(), ApiError> {
    use crate::server::caller::{Caller, keep_session};
    use claviger_core::reauthentication::ActionError;
    use claviger_types::Field;

    let caller = Caller::current()?;
    let session = caller.session_for_change(&csrf).await?;
    let prepared = caller.claviger.prepare_password(&session, &new_password).await;
    let of_new_password =
        |error: ActionError| caller.refuse(error).moved(Field::Password, Field::NewPassword);
    let action = prepared.map_err(of_new_password)?;
    let confirmed = caller.confirm(session, action, proof).await?;
    let token = caller.claviger.change_password(confirmed).await.map_err(of_new_password)?;
    keep_session(&token);
    caller.redirect_form_to(&ProfileDone::Password.address());
    Ok(())
}

/// Returns the member whose password a link can set.
#[server(name = ReadPasswordLink, endpoint = "password_link")]
pub async fn password_link(token: String) -> Result<PasswordLink, ApiError> {
    let caller = crate::server::caller::Caller::current()?;
    caller.claviger.password_link(&token).await.map_err(|error| caller.refuse(error))
}

/// Sets a new password with a link, and signs the member in. Redirects to `/credentials`.
#[server(endpoint = "choose_password")]
pub async fn choose_password(token: String, #[server(default)] password: String) -> Result<(), ApiError> {
    use crate::server::caller::{Caller, keep_signed_in};

    let caller = Caller::current()?;
    caller.require_secure_cookies()?;
    let tokens = caller.browser_tokens();
    let chosen = caller.claviger.choose_password(&token, &password, tokens, &caller.request_context()).await;
    keep_signed_in(&chosen.map_err(|error| caller.refuse(error))?);
    leptos_axum::redirect(Route::Credentials.path());
    Ok(())
}
