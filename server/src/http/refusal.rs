//! Answers of the layers, in the form that the pages read the server functions' errors in.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use claviger_app::api::error::ApiError;
use leptos::server_fn::error::FromServerFnError;

/// A refusal with this status that the browser's half understands.
pub(super) fn refuse(status: StatusCode, error: &ApiError) -> Response {
    let content_type = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    (status, [content_type], Body::from(error.ser())).into_response()
}
