//! The routes of the pages, the server functions and the static files, as leptos serves them with access to the core.

use super::{Site, refusal::refuse, security_headers::page_policy};
use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
    response::Response,
    routing::any,
};
use claviger_app::{App, shell, wire::error::ApiError};
use leptos::{config::LeptosOptions, context::provide_context, context::use_context, nonce::use_nonce};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, ResponseOptions, file_and_error_handler_with_context, generate_route_list,
};
use std::sync::OnceLock;

/// The list of routes. While leptos creates it, a flag of the whole process is set, with which no page renders
/// correctly. So it is created once, before the first page can be requested.
static ROUTES: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();

/// Returns the routes of the pages, of the server functions (which leptos adds by itself), and of the files.
pub(super) fn routes(site: &Site) -> Router<LeptosOptions> {
    let routes = listed().to_vec();
    let (claviger, mail, live_reload) = (site.claviger.clone(), site.mail.clone(), site.rules.live_reload);
    let context = move || {
        provide_context(claviger.clone());
        provide_context(mail.clone());
        secure_page(live_reload);
    };
    let options = site.leptos.clone();
    Router::new()
        .leptos_routes_with_context(&site.leptos, routes, context.clone(), move || shell(options.clone()))
        .route("/api/{*name}", any(no_such_function))
        .fallback(file_and_error_handler_with_context(context, shell))
}

fn listed() -> &'static [AxumRouteListing] {
    ROUTES.get_or_init(|| generate_route_list(App))
}

/// The paths of all pages, with `{name}` for parameters. Tests use it to cover every page.
#[must_use]
pub fn page_paths() -> Vec<String> {
    listed().iter().map(|route| route.path().to_owned()).collect()
}

/// Sets the content security policy of a page. Server functions and files have no nonce.
fn secure_page(live_reload: bool) {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
    if let Ok(policy) = HeaderValue::from_str(&page_policy(&nonce, live_reload)) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Answers a call of an unknown server function: a page of an older version may call one that does not exist any
/// more.
async fn no_such_function() -> Response {
    refuse(StatusCode::NOT_FOUND, &ApiError::Malformed)
}
