//! What a page says to HTTP while the server renders it. In the browser this only navigates.

use super::erase::Erase;
#[cfg(feature = "ssr")]
use crate::api::caller;
use crate::api::error::ApiError;
use leptos::prelude::*;
use leptos_router::components::Redirect;

/// The places that a page may lead on to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The keys.
    Credentials,
    /// Who may do what.
    Members,
    /// What the organisation's roles permit.
    Roles,
    /// How to use the keys.
    Guide,
    /// What is one's own.
    Profile,
}

impl Place {
    /// Where it is.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Credentials => "/credentials",
            Self::Members => "/members",
            Self::Roles => "/members/roles",
            Self::Guide => "/guide",
            Self::Profile => "/profile",
        }
    }

    /// Where to log in and then come back to it.
    pub(crate) const fn log_in(self) -> &'static str {
        match self {
            Self::Credentials => "/login?next=/credentials",
            Self::Members => "/login?next=/members",
            Self::Roles => "/login?next=/members/roles",
            Self::Guide => "/login?next=/guide",
            Self::Profile => "/login?next=/profile",
        }
    }
}

/// Leads on to another page, with status 302 from the server.
pub(crate) fn lead_to(path: &'static str) -> AnyView {
    let view = view! { <Redirect path/> }.erase();
    // Leptos sets the status only where the request's Accept names HTML.
    #[cfg(feature = "ssr")]
    set_status(axum::http::StatusCode::FOUND);
    view
}

/// Says that there is no such page.
pub(crate) fn not_found() {
    #[cfg(feature = "ssr")]
    set_status(axum::http::StatusCode::NOT_FOUND);
}

/// Says why the page could not be made, and when to ask for it again.
pub(crate) fn failed(error: &ApiError) {
    #[cfg(feature = "ssr")]
    {
        set_status(caller::status_of(error));
        if let (Some(seconds), Some(response)) =
            (caller::retry_after(error), use_context::<leptos_axum::ResponseOptions>())
        {
            response.insert_header(axum::http::header::RETRY_AFTER, seconds.into());
        }
    }
    #[cfg(not(feature = "ssr"))]
    let _ = error;
}

#[cfg(feature = "ssr")]
fn set_status(status: axum::http::StatusCode) {
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(status);
    }
}
