//! Refusals by the layers, in the format in which pages read the errors of server functions.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use claviger_app::wire::error::ApiError;
use leptos::server_fn::error::FromServerFnError;

/// Creates a refusal with this status, which the script in the browser can parse.
pub(super) fn refuse(status: StatusCode, error: &ApiError) -> Response {
    let content_type = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    (status, [content_type], Body::from(error.ser())).into_response()
}
