//! Sets the HTTP response of a page while the server renders it. In the browser it only navigates.

use super::boxed::BoxedView;
#[cfg(feature = "ssr")]
use crate::server::caller;
use crate::wire::error::ApiError;
use leptos::prelude::*;
use leptos_router::components::Redirect;

/// Redirects to another page, with status 302 from the server.
pub(crate) fn redirect_to(path: impl Into<String>) -> AnyView {
    let path: String = path.into();
    let view = view! { <Redirect path/> }.boxed();
    // Leptos sets the status only if the request's Accept header names HTML.
    #[cfg(feature = "ssr")]
    set_status(axum::http::StatusCode::FOUND);
    view
}

/// Reports that the page does not exist.
pub(crate) fn not_found() {
    #[cfg(feature = "ssr")]
    set_status(axum::http::StatusCode::NOT_FOUND);
}

/// Reports why the server could not make the page, and when the browser may ask for it again.
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
