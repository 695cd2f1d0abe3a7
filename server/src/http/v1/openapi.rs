//! `/v1/openapi.json`: the OpenAPI document of `/v1`, for generators of clients.

use super::{authorize, problem::Problem, reason::ProblemReason, verify};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use utoipa::OpenApi;

/// The OpenAPI document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Claviger",
        description = "Verifies the API key and the bundle key of a request. Gateways call it for every request."
    ),
    paths(authorize::authorize, verify::verify, document),
    components(schemas(Problem, ProblemReason, verify::Question, verify::Verdict))
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

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;
    use serde_json::Value;

    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

    /// `make openapi` sets this variable. The test then writes the file instead of comparing it.
    const WRITE: &str = "CLAVIGER_TEST_WRITE_OPENAPI";

    #[tokio::test]
    async fn the_document_that_is_served_is_the_file_in_the_repository() {
        let body = document().await.into_body().collect().await.unwrap().to_bytes();
        let served: Value = serde_json::from_slice(&body).unwrap();
        if std::env::var_os(WRITE).is_some() {
            return std::fs::write(FILE, format!("{served:#}\n")).unwrap();
        }
        let kept: Value = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
        let difference = first_difference(&format!("{kept:#}"), &format!("{served:#}"));
        assert!(
            kept == served,
            "server/openapi.json is not what /v1/openapi.json serves: {difference}\n\
             Clients are generated from it. If the change is meant, run `make openapi` and commit the file."
        );
    }

    fn first_difference(kept: &str, served: &str) -> String {
        let differing = kept.lines().zip(served.lines()).find(|(kept, served)| kept != served);
        differing.map_or_else(
            || "one of the two goes on where the other ends".to_owned(),
            |(kept, served)| format!("the file says `{}`, the server `{}`", kept.trim(), served.trim()),
        )
    }
}
