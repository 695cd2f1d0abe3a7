//! The CSRF guard: only pages of this installation may request a change. It does not apply to `/v1`, which is for
//! machines and accepts no cookie. It must not know sessions.

use super::{
    Site,
    client_address::{Client, only},
    refusal::refuse,
};
use crate::web_origin::{HostAndPort, WebOrigin};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use claviger_app::wire::error::ApiError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OriginError {
    /// A method other than GET, HEAD or POST.
    Method,
    /// The request does not come from a page of this installation, or its origin cannot be proved.
    CrossSite,
}

/// CSRF guard: passes safe methods, and POSTs whose Origin is this site.
pub(super) async fn guard(State(site): State<Site>, request: Request, next: Next) -> Response {
    let host = request.extensions().get::<Client>().and_then(|client| client.host.as_ref());
    let public_url = site.rules.public_url.as_ref();
    match check_origin(request.method(), request.uri().path(), request.headers(), host, public_url) {
        Ok(()) => next.run(request).await,
        Err(OriginError::Method) => {
            (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD, POST")]).into_response()
        }
        Err(OriginError::CrossSite) => {
            let origin = only(request.headers(), header::ORIGIN.as_str());
            tracing::info!(?origin, "not from a page of this installation; is CLAVIGER_PUBLIC_URL right?");
            refuse(StatusCode::FORBIDDEN, &ApiError::CrossSite)
        }
    }
}

fn check_origin(
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    host: Option<&HostAndPort>,
    public_url: Option<&WebOrigin>,
) -> Result<(), OriginError> {
    let for_machines = path == "/v1" || path.starts_with("/v1/");
    if for_machines || matches!(*method, Method::GET | Method::HEAD) {
        return Ok(());
    }
    if method != Method::POST {
        return Err(OriginError::Method);
    }
    if is_same_origin(headers, host, public_url) { Ok(()) } else { Err(OriginError::CrossSite) }
}

fn is_same_origin(headers: &HeaderMap, host: Option<&HostAndPort>, public_url: Option<&WebOrigin>) -> bool {
    let fetched_here =
        !headers.contains_key("sec-fetch-site") || only(headers, "sec-fetch-site") == Some("same-origin");
    let Some(origin) = only(headers, header::ORIGIN.as_str()).and_then(WebOrigin::parse) else {
        return false;
    };
    let ours = match (public_url, host) {
        (Some(public_url), _) => origin == *public_url,
        (None, Some(host)) => origin.is_at(host),
        (None, None) => false,
    };
    ours && fetched_here
}

#[cfg(test)]
mod tests;
