//! The health checks for service managers and load balancers: whether the server is alive, and whether it is ready.
//! It must not know any page.

use axum::{extract::State, http::StatusCode};
use claviger_core::claviger::Claviger;

type Health = (StatusCode, &'static str);

/// Answers as soon as requests are served. It checks nothing else: a short outage of the database is no reason to
/// restart the server.
pub(super) async fn alive() -> &'static str {
    "ok"
}

/// Answers 200 if pages can be served: the database can be written now, and the keys are in memory.
pub(super) async fn ready(State(claviger): State<Claviger>) -> Health {
    if let Err(problem) = claviger.check_writing().await {
        tracing::warn!(%problem, "not ready");
        return (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer");
    }
    ready_to_verify(State(claviger)).await
}

/// Answers 200 if keys can be verified, because they are in memory. Verification continues during an outage of the
/// database, so an outage must not remove the server from the gateways.
pub(super) async fn ready_to_verify(State(claviger): State<Claviger>) -> Health {
    if claviger.is_verifying() {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the keys are being loaded")
    }
}
