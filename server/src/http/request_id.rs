//! The request id: it connects the answer, the log lines and the audit record of a request.

use super::{Site, loggable_path::loggable_path};
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use claviger_core::{
    clock::Timestamp,
    domain::identifier::new_identifier,
    random::{NoRandomness, Random},
};
use std::time::Duration;
use tracing::Instrument;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request: a UUID of version 7.
#[derive(Clone, Debug)]
pub(super) struct RequestId(pub(super) String);

impl RequestId {
    pub(super) fn new(now: Timestamp, random: &dyn Random) -> Result<Self, NoRandomness> {
        new_identifier(now, random).map(Self)
    }
}

/// Gives the request an id, logs its outcome, and returns the id in a header.
pub(super) async fn identify(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let started = site.clock.now();
    let Ok(id) = RequestId::new(started, &*site.random) else {
        tracing::error!("{NoRandomness}");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let span =
        tracing::info_span!("request", id = id.0, method = %request.method(), path = loggable_path(&request));
    let changes = request.method() == Method::POST;
    let header = HeaderValue::from_str(&id.0);
    request.extensions_mut().insert(id);

    async move {
        let mut response = next.run(request).await;
        report(changes, response.status(), site.clock.now().since(started));
        if let Ok(value) = header {
            response.headers_mut().insert(HEADER, value);
        }
        response
    }
    .instrument(span)
    .await
}

/// Logs the outcome. A successful read is logged only at level `debug`.
fn report(changes: bool, status: StatusCode, took: Duration) {
    let (status_code, milliseconds) = (status.as_u16(), took.as_millis());
    if status.is_server_error() {
        tracing::error!(status = status_code, milliseconds, "answered");
    } else if changes || status.is_client_error() {
        tracing::info!(status = status_code, milliseconds, "answered");
    } else {
        tracing::debug!(status = status_code, milliseconds, "answered");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;

    impl Random for Fixed {
        fn fill(&self, buffer: &mut [u8]) -> Result<(), NoRandomness> {
            buffer.fill(0xab);
            Ok(())
        }
    }

    #[test]
    fn an_id_begins_with_the_time_and_is_of_version_7() {
        let id = RequestId::new(Timestamp::from_micros(1_700_000_000_000_000), &Fixed).unwrap();
        assert_eq!(id.0, "018bcfe5-6800-7bab-abab-abababababab");
    }
}
