//! Whether the server serves at all, and whether it can do what it is there for: for whatever watches over it.

use axum::{extract::State, http::StatusCode};
use claviger_core::claviger::Claviger;

/// Answers as soon as requests are served. It looks at nothing else: a database that is away for a moment is no
/// reason to restart the server.
pub(super) async fn alive() -> &'static str {
    "ok"
}

/// Answers 200 once keys can be checked and pages can be served: the database answers, and the keys are in memory.
pub(super) async fn ready(State(claviger): State<Claviger>) -> (StatusCode, &'static str) {
    match claviger.is_ready().await {
        Ok(true) => (StatusCode::OK, "ready"),
        Ok(false) => (StatusCode::SERVICE_UNAVAILABLE, "the keys are being loaded"),
        Err(problem) => {
            tracing::warn!(%problem, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
        }
    }
}
