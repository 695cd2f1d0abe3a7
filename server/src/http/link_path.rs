//! Repairs links that mail programs or people changed: `/join/TOKEN/` redirects to `/join/TOKEN`. It must not know
//! what a token is.

use super::loggable_path::LINK_PAGES;
use axum::{
    extract::Request,
    http::Method,
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

/// Redirects a link with extra slashes to the form without them.
pub(super) async fn straighten(request: Request, next: Next) -> Response {
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    match straight(request.uri().path()).filter(|_| looks) {
        Some(path) => Redirect::permanent(&path).into_response(),
        None => next.run(request).await,
    }
}

/// Returns the correct path of a link, if the request has another path.
fn straight(path: &str) -> Option<String> {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let (page, token, rest) = (segments.next()?, segments.next()?, segments.next());
    let straight = format!("/{page}/{token}");
    (LINK_PAGES.contains(&page) && rest.is_none() && straight != path).then_some(straight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_with_slashes_too_many_lead_elsewhere() {
        for path in ["/join/T/", "//join/T", "/join//T", "///join///T///"] {
            assert_eq!(straight(path).as_deref(), Some("/join/T"), "{path}");
        }
        for path in ["/join/T", "/join/", "/join/T/x", "/login/", "//evil.example/", "//evil.example/join/T"]
        {
            assert_eq!(straight(path), None, "{path}");
        }
    }
}
