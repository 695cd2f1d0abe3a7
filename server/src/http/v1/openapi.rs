//! `/v1/openapi.json`: what is served below `/v1`, for programs that make clients.

use super::{authorize, problem::Problem, verify};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use utoipa::OpenApi;

/// Asks whether the two keys of a request are good.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Claviger",
        description = "Whether the API key and the bundle key of a request are good: asked by gateways, for every request."
    ),
    paths(authorize::authorize, verify::verify, document),
    components(schemas(Problem, verify::Question, verify::Verdict))
)]
struct Document;

/// This document
#[utoipa::path(
    method(get, head),
    path = "/v1/openapi.json",
    responses(
        (status = 200, description = "OpenAPI 3.1", body = Object, content_type = "application/json"),
        (status = 405, description = "Another method than GET", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(super) async fn document() -> Response {
    Json(Document::openapi()).into_response()
}
