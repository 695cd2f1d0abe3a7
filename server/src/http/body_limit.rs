//! How much a request may carry. The forms are small, and everything that is sent is held in memory.

use super::refusal::refuse;
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};
use claviger_app::api::error::ApiError;

/// A password of 1,024 code points, each of four bytes and each byte written in three characters, is 12 KiB.
pub(super) const LONGEST_BODY: usize = 16 * 1024;

/// Reads the whole body before anything is done with the request.
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
