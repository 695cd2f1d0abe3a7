//! What machines ask: whether the two keys of a request are good. No cookie counts here, and no layer of the pages
//! stands around it: a gateway asks this for every request.

mod authorize;
mod openapi;
pub mod presented;
mod problem;
mod rate_limit;
mod verify;

use super::{Site, client_address};
use crate::metrics::Metrics;
use axum::{
    Router,
    extract::{ConnectInfo, DefaultBodyLimit, Request},
    http::HeaderMap,
    response::Response,
    routing::{any, get, post},
};
use claviger_core::verification::{Cause, Passed, Presented, Refused};
use problem::Problem;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

/// Two keys and the name of a service, each escaped to six times its length, with room to spare.
const LONGEST_BODY: usize = 8 * 1024;

/// What answers machines. Shared, not cloned: what pages need of a site is too much to copy for every request.
pub(super) struct Verifier {
    site: Site,
    metrics: Arc<Metrics>,
}

impl Verifier {
    pub(super) fn new(site: Site, metrics: Arc<Metrics>) -> Self {
        Self { site, metrics }
    }

    /// Asks the core, counts the answer, and writes down why a key was not good.
    fn verify(&self, presented: &Presented<'_>) -> Result<Passed, Box<Answered>> {
        let started = self.metrics.start();
        let verified = self.site.claviger.verify(presented);
        self.metrics.verified(verified.as_ref().err().map(|refused| refused.reason), started);
        verified.map_err(|refused| {
            let request_id = self.request_id();
            report(&refused, presented.address, &request_id);
            Box::new(Answered { refused, request_id })
        })
    }

    /// Names a request that was refused, so that its answer and the log find together.
    fn request_id(&self) -> String {
        super::request_id::RequestId::new(self.site.clock.now(), &*self.site.random)
            .map_or_else(|problem| problem.to_string(), |id| id.0)
    }

    /// Answers a request that cannot be understood.
    fn malformed(&self, problem: Problem) -> Response {
        self.metrics.malformed();
        problem.with_request_id(self.request_id()).into_answer()
    }

    fn address(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> IpAddr {
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        client_address::client_address(peer, headers, &self.site.rules.trusted_proxies)
    }
}

/// A refusal that has a name in the log.
struct Answered {
    refused: Refused,
    request_id: String,
}

/// Bad keys are worth a line each, since there is a limit on how many are told apart. Whatever else is refused, the caller
/// was told, and could fill the log with.
fn report(refused: &Refused, address: IpAddr, request_id: &str) {
    let account = refused.account.as_ref().map_or("", |account| account.as_str());
    match refused.cause {
        Cause::AsTold | Cause::TooManyMisses => {
            tracing::debug!(id = request_id, account, %address, reason = refused.reason.as_str(), "refused");
        }
        cause => {
            tracing::info!(id = request_id, account, %address, reason = refused.reason.as_str(), %cause, "refused");
        }
    }
}

fn peer(request: &Request) -> Option<SocketAddr> {
    request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer)
}

/// The routes below `/v1`.
pub(super) fn routes(verifier: Verifier) -> Router {
    Router::new()
        .route("/v1/authorize", any(authorize::authorize))
        .route("/v1/authorize/{*rest}", any(authorize::authorize))
        .route("/v1/verify", post(verify::verify).fallback(only_post))
        .route("/v1/openapi.json", get(openapi::document).fallback(only_get))
        .route("/v1/{*rest}", any(nothing_here))
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .with_state(Arc::new(verifier))
}

/// What is said below `/v1` where it is served on another address.
pub(super) fn elsewhere() -> Router {
    Router::new().route("/v1/{*rest}", any(nothing_here))
}

async fn nothing_here() -> Response {
    Problem::not_found().into_answer()
}

async fn only_post() -> Response {
    Problem::method_not_allowed("POST").into_answer()
}

async fn only_get() -> Response {
    Problem::method_not_allowed("GET, HEAD").into_answer()
}
