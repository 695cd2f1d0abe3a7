//! `/v1/authorize`: forward authentication. The gateway forwards the headers of the request and reads the status of
//! the answer.

use super::{
    Answered, V1State, peer, presented,
    problem::{Malformed, Problem},
    rate_limit,
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode},
    response::Response,
};
use claviger_core::verification::{Passed, Reason};
use std::sync::Arc;

/// Whether a request may pass
///
/// Any method and any path below it: gateways call it with the method and path of the request. The body is not read.
#[utoipa::path(
    method(get, head, post, put, patch, delete, options, trace),
    path = "/v1/authorize",
    params(
        ("ApiKey" = Option<String>, Header, pattern = "^[\\x21-\\x7e]{0,256}$", description = "The account's API key"),
        ("BundleKey" = Option<String>, Header, pattern = "^[\\x21-\\x7e]{0,256}$", description = "The account's bundle key"),
        ("Service" = Option<String>, Header, pattern = "^[\\x21-\\x7e]{0,256}$", description = "The requested service. It must be in the bundle. It may be missing only if the bundle holds every service"),
        ("limited" = Option<String>, Query, description = "403: a request over the limit gets 403 instead of \
            429, for gateways that treat any other status as an error"),
    ),
    responses(
        (status = 204, description = "The request may pass", headers(
            ("Claviger-Account" = String, description = "The id of the account"),
            ("Claviger-Bundle" = String, description = "The name of its bundle"),
            ("RateLimit" = String, description = "The remaining requests of both rate limits"),
            ("RateLimit-Policy" = String, description = "Both rate limits"),
        )),
        (status = 400, description = "A header occurs twice, or contains characters other than visible ASCII", body = Problem,
            content_type = "application/problem+json"),
        (status = 401, description = "A key is missing or invalid", body = Problem,
            content_type = "application/problem+json"),
        (status = 403, description = "The bundle does not allow the request, or the request must name a service", body = Problem,
            content_type = "application/problem+json"),
        (status = 429, description = "Too many requests", body = Problem,
            content_type = "application/problem+json"),
        (status = 431, description = "A header is too long", body = Problem,
            content_type = "application/problem+json"),
        (status = 503, description = "The keys cannot be checked yet", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(super) async fn authorize(State(state): State<Arc<V1State>>, request: Request) -> Response {
    let headers = request.headers();
    let address = state.address(peer(&request), headers);
    let presented = match presented::read(headers, address) {
        Ok(presented) => presented,
        Err(wrong) => {
            let wrong = Malformed { status: wrong.status(), detail: wrong.to_string() };
            return state.malformed(address, wrong);
        }
    };
    match state.verify(&presented) {
        Ok(passed) => pass(&passed),
        Err(answered) => refuse(&state, *answered, limited_as_forbidden(request.uri().query())),
    }
}

fn limited_as_forbidden(query: Option<&str>) -> bool {
    query.is_some_and(|query| query.split('&').any(|pair| pair == "limited=403"))
}

const ACCOUNT: HeaderName = HeaderName::from_static("claviger-account");
const BUNDLE: HeaderName = HeaderName::from_static("claviger-bundle");

fn pass(passed: &Passed) -> Response {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    let headers = answer.headers_mut();
    headers.reserve(6);
    for (name, value) in [(ACCOUNT, passed.account().as_str()), (BUNDLE, passed.bundle().as_str())] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    rate_limit::add(passed.rate_limits(), headers);
    answer
}

fn refuse(state: &V1State, answered: Answered, limited_as_forbidden: bool) -> Response {
    let Answered { refused, request_id } = answered;
    let mut problem = Problem::refused(refused.reason).with_request_id(request_id);
    if let Some(rate_limits) = &refused.rate_limits {
        rate_limit::add(rate_limits, problem.headers());
    }
    match (refused.retry_after, refused.reason) {
        (Some(wait), _) => rate_limit::add_retry_after(wait, problem.headers()),
        (None, Reason::NotReady) => rate_limit::add_retry_after(std::time::Duration::ZERO, problem.headers()),
        (None, _) => {}
    }
    if limited_as_forbidden && refused.reason == Reason::RateLimited {
        problem = problem.with_status(StatusCode::FORBIDDEN);
    }
    state.answer(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_status_has_to_be_asked_for_exactly() {
        for (query, wanted) in [
            ("limited=403", true),
            ("a=b&limited=403", true),
            ("limited=429", false),
            ("unlimited=403", false),
            ("", false),
        ] {
            assert_eq!(limited_as_forbidden(Some(query)), wanted, "{query}");
        }
        assert!(!limited_as_forbidden(None));
    }
}
