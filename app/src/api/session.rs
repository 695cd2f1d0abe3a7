//! Sessions: signing in and signing out.

#[cfg(feature = "ssr")]
use crate::route::Route;
use crate::wire::error::ApiError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The signed-in member who views a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    pub name: String,
    pub organisation: String,
    /// Whether `/members` shows anything to this member.
    pub manages_members: bool,
    /// The CSRF token. Every request of this session that changes something must carry it.
    pub csrf: String,
}

/// Signs in and redirects to `next` if `next` is a path of this installation, otherwise to `/credentials`.
#[server(endpoint = "sign_in")]
pub async fn sign_in(
    email: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), ApiError> {
    use crate::{
        server::{
            caller::{Caller, keep_signed_in},
            next::local_path,
        },
        wire::form_draft::FormDraft,
    };
    use claviger_core::password::PasswordAttempt;

    let caller = Caller::current()?;
    caller.require_secure_cookies()?;
    let attempt = PasswordAttempt::new(&password);
    match caller.claviger.sign_in(&email, attempt, caller.browser_tokens(), &caller.request_context()).await {
        Ok(signed_in) => {
            keep_signed_in(&signed_in);
            leptos_axum::redirect(local_path(&next).unwrap_or(Route::Credentials.path()));
            Ok(())
        }
        Err(error) => {
            caller.keep_draft(&FormDraft { email, ..FormDraft::default() });
            Err(caller.refuse(error))
        }
    }
}

/// Ends the session and redirects to `/login`.
#[server(endpoint = "sign_out")]
pub async fn sign_out(#[server(default)] csrf: String) -> Result<(), ApiError> {
    use crate::server::caller::{Caller, forget_session};

    let caller = Caller::current()?;
    let session = caller.session_for_change(&csrf).await?;
    let request_context = caller.request_context();
    caller.claviger.sign_out(session, &request_context).await.map_err(|error| caller.refuse(error))?;
    forget_session();
    leptos_axum::redirect(Route::LogIn.path());
    Ok(())
}

/// Returns the signed-in member.
#[server(name = ReadViewer, endpoint = "viewer")]
pub async fn viewer() -> Result<Viewer, ApiError> {
    Ok((&crate::server::caller::Caller::current()?.session().await?).into())
}

#[cfg(feature = "ssr")]
impl From<&claviger_core::authentication::session::Session> for Viewer {
    fn from(session: &claviger_core::authentication::session::Session) -> Self {
        Self {
            name: session.member_name().to_owned(),
            organisation: session.organisation().to_owned(),
            manages_members: session.manages_members(),
            csrf: session.csrf_secret().to_owned(),
        }
    }
}
