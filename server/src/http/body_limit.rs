//! The limit of request bodies. The forms are small, and each body is held in memory. It must not know what a body
//! contains.

use super::refusal::refuse;
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};
use claviger_app::wire::error::ApiError;

/// A password of 1,024 code points is 12 KiB, if each code point has four bytes and each byte is percent-encoded as
/// three characters.
pub(super) const LONGEST_BODY: usize = 16 * 1024;

/// Reads the whole body before the request is processed.
pub(super) async fn limit(request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match to_bytes(body, LONGEST_BODY).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(_) => refuse(StatusCode::PAYLOAD_TOO_LARGE, &ApiError::Malformed),
    }
}
