//! Accounts: the sign-up of an organisation.

#[cfg(feature = "ssr")]
use crate::route::Route;
use crate::wire::{error::ApiError, form_draft::FormDraft};
use leptos::prelude::*;

/// Creates an account, its first admin and its two keys, and signs the admin in. Redirects to `/credentials`.
#[server(endpoint = "sign_up")]
pub async fn sign_up(
    organisation: String,
    name: String,
    email: String,
    password: String,
) -> Result<(), ApiError> {
    use crate::server::caller::{Caller, keep_signed_in};
    use claviger_core::use_cases::sign_up::SignUpForm;

    let caller = Caller::current()?;
    caller.require_secure_cookies()?;
    let form = SignUpForm { organisation: &organisation, name: &name, email: &email, password: &password };
    let tokens = caller.browser_tokens();
    match caller.claviger.sign_up(form, tokens, &caller.request_context()).await {
        Ok(signed_in) => {
            keep_signed_in(&signed_in);
            leptos_axum::redirect(Route::Credentials.path());
            Ok(())
        }
        Err(error) => {
            caller.keep_draft(&FormDraft { organisation, name, email });
            Err(caller.refuse(error))
        }
    }
}

/// Whether `/signup` is open on this installation.
#[server(endpoint = "registration")]
pub async fn registration_open() -> Result<bool, ApiError> {
    use crate::server::caller::Caller;
    use claviger_core::settings::Registration;

    Ok(Caller::current()?.claviger.registration() == Registration::Open)
}

/// Returns the values of a form that the server refused without JavaScript, so that the visitor does not have to type them again.
/// The function reads them from a cookie that the browser keeps for a minute. The cookie never holds a password.
#[server(name = ReadFormDraft, endpoint = "form_draft")]
pub async fn form_draft() -> Result<FormDraft, ApiError> {
    Ok(use_context::<axum::http::request::Parts>()
        .map(|parts| crate::server::draft::read(&parts))
        .unwrap_or_default())
}
