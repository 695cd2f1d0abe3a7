//! Errors for machines: problem details (RFC 9457). It must not know why a request is refused.

use super::reason::ProblemReason;
use crate::web_origin::WebOrigin;
use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use claviger_core::verification::Reason;
use serde::Serialize;
use utoipa::ToSchema;

/// Why a request was refused (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// The URL of the explanation in this installation's guide. It is absolute if the public URL is set.
    #[serde(rename = "type")]
    #[schema(example = "/guide#api_key_invalid")]
    kind: String,
    /// The reason in a few words.
    #[schema(example = "The API key is not good")]
    title: &'static str,
    /// The status of the answer.
    #[schema(example = 401)]
    status: u16,
    /// The problem with this request, if there is more to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The same reason as in the header `Claviger-Reason`.
    reason: ProblemReason,
    /// The number that APIs with bundle keys use for the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 4001)]
    code: Option<u16>,
    /// The request id in the log. Missing if the log left this line out, because too many requests were refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(skip)]
    headers: HeaderMap,
}

/// The problem with a malformed request. The text repeats no part of the request, because that may be part of a key.
#[derive(Debug)]
pub(super) struct Malformed {
    pub(super) status: StatusCode,
    pub(super) detail: String,
}

impl Problem {
    fn new(status: StatusCode, reason: ProblemReason, title: &'static str) -> Self {
        Self {
            kind: format!("/guide#{}", reason.as_str()),
            title,
            status: status.as_u16(),
            detail: None,
            reason,
            code: None,
            request_id: None,
            headers: HeaderMap::new(),
        }
    }

    /// The problem details of a refusal by the core.
    pub(super) fn refused(reason: Reason) -> Self {
        let (status, title) = match reason {
            Reason::ApiKeyInvalid => (StatusCode::UNAUTHORIZED, "The API key is not good"),
            Reason::BundleKeyInvalid => (StatusCode::UNAUTHORIZED, "The bundle key is not good"),
            Reason::BundleUsedUp => (StatusCode::FORBIDDEN, "The requests of the bundle are used up"),
            Reason::BundleTrialsExceeded => (StatusCode::FORBIDDEN, "The requests of the trial are used up"),
            Reason::ServiceNotInBundle => (StatusCode::FORBIDDEN, "The service is not in the bundle"),
            Reason::ServiceRequired => (StatusCode::FORBIDDEN, "The request names no service"),
            Reason::BundleDisabled => (StatusCode::FORBIDDEN, "The bundle is disabled"),
            Reason::NoBundle => (StatusCode::FORBIDDEN, "The account has no bundle"),
            Reason::BundleExpired => (StatusCode::FORBIDDEN, "The bundle has expired"),
            Reason::RateLimited => (StatusCode::TOO_MANY_REQUESTS, "Too many requests"),
            Reason::NotReady => (StatusCode::SERVICE_UNAVAILABLE, "The keys cannot be checked yet"),
        };
        let mut problem =
            Self { code: reason.code(), ..Self::new(status, ProblemReason::Refused(reason), title) };
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110, section 11.6.1: a 401 must name the accepted authentication scheme.
            problem.headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("ApiKey"));
        }
        problem
    }

    /// The problem details of a malformed request.
    pub(super) fn malformed(wrong: Malformed) -> Self {
        let problem = Self::new(wrong.status, ProblemReason::Malformed, "The request cannot be understood");
        Self { detail: Some(wrong.detail), ..problem }
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, ProblemReason::NotFound, "There is nothing here")
    }

    pub(super) fn method_not_allowed(allowed: &'static str) -> Self {
        let status = StatusCode::METHOD_NOT_ALLOWED;
        let mut problem =
            Self::new(status, ProblemReason::MethodNotAllowed, "This method is not served here");
        problem.headers.insert(header::ALLOW, HeaderValue::from_static(allowed));
        problem
    }

    pub(super) fn with_request_id(self, request_id: Option<String>) -> Self {
        Self { request_id, ..self }
    }

    /// Makes the URL of the guide absolute.
    pub(super) fn explained_at(self, origin: &WebOrigin) -> Self {
        Self { kind: format!("{origin}{}", self.kind), ..self }
    }

    /// Replaces the status, for callers that cannot handle the standard one.
    pub(super) fn with_status(self, status: StatusCode) -> Self {
        Self { status: status.as_u16(), ..self }
    }

    /// Additional headers of the answer.
    pub(super) fn headers(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    pub(super) fn into_answer(mut self) -> Response {
        let headers = std::mem::take(&mut self.headers);
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::FORBIDDEN);
        let request_id = self.request_id.as_deref().and_then(|id| HeaderValue::from_str(id).ok());
        let reason = HeaderValue::from_static(self.reason.as_str());
        let mut answer = (status, headers, Json(self)).into_response();
        let headers = answer.headers_mut();
        headers.insert("claviger-reason", reason);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(id) = request_id {
            headers.insert("x-request-id", id);
        }
        answer
    }
}
