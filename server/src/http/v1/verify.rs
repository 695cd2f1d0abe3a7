//! `POST /v1/verify`: the same verification as JSON, for gateways that are programs, and for programs that are not
//! gateways.

use super::{
    Answered, V1State,
    problem::{Malformed, Problem},
    rate_limit,
    reason::ProblemReason,
};
use axum::{
    Json,
    body::Bytes,
    extract::{ConnectInfo, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use claviger_core::verification::{Presented, Reason};
use serde::{Deserialize, Serialize};
use std::{net::SocketAddr, sync::Arc};
use utoipa::ToSchema;

/// The keys and the service of a request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    /// The account's API key.
    api_key: String,
    /// The account's bundle key.
    bundle_key: String,
    /// The requested service. It must be in the bundle. It may be missing only if the bundle holds every service.
    #[serde(default)]
    service: Option<String>,
}

/// Whether the request may pass.
#[derive(Serialize, ToSchema)]
pub(super) struct Verdict {
    /// Whether the request may pass.
    valid: bool,
    /// The id of the account, if the request may pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    /// The name of its bundle, if the request may pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle: Option<String>,
    /// The reason why the request may not pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<ProblemReason>,
    /// The number that APIs with bundle keys use for the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 4007)]
    code: Option<u16>,
    /// How many seconds the client must wait before the next request.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    /// The request id in the log. Missing if the log left this line out, because too many requests were refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

/// Whether two keys are valid, as JSON
#[utoipa::path(
    post,
    path = "/v1/verify",
    request_body(content = Question, content_type = "application/json"),
    responses(
        (status = 200, description = "Whether the request may pass", body = Verdict),
        (status = 400, description = "The body does not have the required form", body = Problem,
            content_type = "application/problem+json"),
        (status = 405, description = "Another method than POST", body = Problem,
            content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem,
            content_type = "application/problem+json"),
        (status = 415, description = "The body is not application/json", body = Problem,
            content_type = "application/problem+json"),
        (status = 503, description = "The keys cannot be checked yet", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(super) async fn verify(
    State(state): State<Arc<V1State>>,
    peer: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let address = state.address(peer.map(|axum::Extension(ConnectInfo(peer))| peer), &headers);
    let question = match read(&headers, body) {
        Ok(question) => question,
        Err(wrong) => return state.malformed(address, wrong),
    };
    let presented = Presented {
        api_key: Some(&question.api_key),
        bundle_key: Some(&question.bundle_key),
        service: question.service.as_deref(),
        address,
    };
    let (verdict, rate_limits) = match state.verify(&presented) {
        Ok(passed) => (good(&passed), Some(*passed.rate_limits())),
        Err(answered) => {
            let Answered { refused, request_id } = *answered;
            if refused.reason == Reason::NotReady {
                return state.answer(Problem::refused(refused.reason).with_request_id(request_id));
            }
            let verdict = Verdict {
                reason: Some(ProblemReason::Refused(refused.reason)),
                code: refused.reason.code(),
                retry_after: refused.retry_after.map(|wait| rate_limit::whole_seconds(wait).max(1)),
                request_id,
                ..NOT_VALID
            };
            (verdict, refused.rate_limits)
        }
    };
    let mut answer = Json(verdict).into_response();
    let headers = answer.headers_mut();
    if let Some(rate_limits) = rate_limits {
        rate_limit::add(&rate_limits, headers);
    }
    answer
}

const NOT_VALID: Verdict = Verdict {
    valid: false,
    account: None,
    bundle: None,
    reason: None,
    code: None,
    retry_after: None,
    request_id: None,
};

fn good(passed: &claviger_core::verification::Passed) -> Verdict {
    Verdict {
        valid: true,
        account: Some(passed.account().as_str().to_owned()),
        bundle: Some(passed.bundle().as_str().to_owned()),
        ..NOT_VALID
    }
}

fn read(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Question, Malformed> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        let detail = "the body must be application/json".to_owned();
        return Err(Malformed { status: StatusCode::UNSUPPORTED_MEDIA_TYPE, detail });
    }
    let body = body.map_err(|rejected| {
        let status = rejected.into_response().status();
        Malformed { status, detail: "the body is too large, or did not arrive".to_owned() }
    })?;
    // Name the position of the error, but not the text there: it may be part of a key.
    serde_json::from_slice(&body).map_err(|wrong| {
        let what = match wrong.classify() {
            serde_json::error::Category::Data => "is not of the form that is asked for",
            _ => "is no JSON",
        };
        let detail = format!("the body {what}, at line {}, column {}", wrong.line(), wrong.column());
        Malformed { status: StatusCode::BAD_REQUEST, detail }
    })
}
