//! Whether the server serves at all, and whether it can do what it is there for: for whatever watches over it.

use axum::{extract::State, http::StatusCode};
use claviger_core::claviger::Claviger;

type Health = (StatusCode, &'static str);

/// Answers as soon as requests are served. It looks at nothing else: a database that is away for a moment is no
/// reason to restart the server.
pub(super) async fn alive() -> &'static str {
    "ok"
}

/// Answers 200 once pages can be served: a change could be written to the database now, and the keys are in memory.
pub(super) async fn ready(State(claviger): State<Claviger>) -> Health {
    if let Err(problem) = claviger.check_writing().await {
        tracing::warn!(%problem, "not ready");
        return (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer");
    }
    ready_to_verify(State(claviger)).await
}

/// Answers 200 once keys can be checked: they are in memory. Verification goes on from there while the database is away,
/// so that must not take the server away from the gateways.
pub(super) async fn ready_to_verify(State(claviger): State<Claviger>) -> Health {
    if claviger.is_verifying() {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the keys are being loaded")
    }
}
