//! The API `/v1` for gateways: it verifies the two keys of a request. It accepts no cookie and has none of the layers
//! of the pages, because a gateway calls it for every request.

mod authorize;
mod openapi;
pub mod presented;
mod problem;
mod rate_limit;
mod reason;
mod refusal_log;
mod verify;

use super::{Site, client_address, health};
use crate::metrics::Metrics;
use axum::{
    Router,
    extract::{ConnectInfo, DefaultBodyLimit, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
    routing::{any, get, post},
};
use claviger_core::verification::{Cause, Denied, Passed, Presented};
use problem::Problem;
use reason::ProblemReason;
use refusal_log::{Refusal, RefusalLog};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};
use tower::util::MapResponseLayer;

/// Room for two keys and the name of a service, each JSON-escaped to six times its length.
const LONGEST_BODY: usize = 8 * 1024;

/// The state of `/v1`. It is shared and not cloned, because the state of the pages is too large to copy for every
/// request.
pub(super) struct V1State {
    site: Site,
    metrics: Arc<Metrics>,
    refusals: RefusalLog,
}

impl V1State {
    pub(super) fn new(site: Site, metrics: Arc<Metrics>) -> Self {
        Self { site, metrics, refusals: RefusalLog::default() }
    }

    /// Calls the core, counts the answer, and logs a refusal.
    fn verify(&self, presented: &Presented<'_>) -> Result<Passed, Box<Answered>> {
        let started = self.metrics.start();
        let verified = self.site.claviger.verify(presented);
        self.metrics.verified(verified.as_ref().err().map(|refused| refused.reason), started);
        verified.map_err(|refused| {
            let request_id = self.log(&Refusal {
                address: presented.address,
                account: refused.account.as_ref().map(claviger_core::domain::account::AccountId::as_str),
                reason: refused.reason.as_str(),
                cause: (refused.cause != Cause::AsTold).then_some(&refused.cause),
            });
            Box::new(Answered { refused, request_id })
        })
    }

    /// Logs a refusal. Returns its request id if it was logged.
    fn log(&self, refusal: &Refusal<'_>) -> Option<String> {
        self.refusals.write(refusal, self.site.clock.now(), &*self.site.random)
    }

    /// Answers a malformed request.
    fn malformed(&self, address: IpAddr, wrong: problem::Malformed) -> Response {
        self.metrics.malformed();
        let refusal = Refusal {
            address,
            account: None,
            reason: ProblemReason::Malformed.as_str(),
            cause: Some(&wrong.detail),
        };
        let request_id = self.log(&refusal);
        self.answer(Problem::malformed(wrong).with_request_id(request_id))
    }

    /// Makes the URL of the guide absolute if the public URL is known: behind a gateway, a relative URL would lead to
    /// the API.
    fn answer(&self, problem: Problem) -> Response {
        match &self.site.rules.public_url {
            Some(url) => problem.explained_at(url).into_answer(),
            None => problem.into_answer(),
        }
    }

    fn address(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> IpAddr {
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        client_address::client_address(peer, headers, &self.site.rules.trusted_proxies)
    }
}

/// A refusal, with its request id if it was logged.
struct Answered {
    refused: Denied,
    request_id: Option<String>,
}

fn peer(request: &Request) -> Option<SocketAddr> {
    request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer)
}

/// The routes below `/v1`.
pub(super) fn routes(state: V1State) -> Router {
    Router::new()
        .route("/v1/authorize", any(authorize::authorize))
        .route("/v1/authorize/{*rest}", any(authorize::authorize))
        .route("/v1/verify", post(verify::verify).fallback(only_post))
        .route("/v1/openapi.json", get(openapi::document).fallback(only_get))
        .route("/v1/readyz", get(ready).fallback(only_get))
        .merge(nothing_else())
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(MapResponseLayer::new(never_stored))
        .with_state(Arc::new(state))
}

/// The routes below `/v1` on the address of the pages, if `/v1` has its own address.
pub(super) fn elsewhere() -> Router {
    nothing_else().layer(MapResponseLayer::new(never_stored))
}

fn nothing_else<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let routes = ["/v1", "/v1/", "/v1/{*rest}"].into_iter();
    routes.fold(Router::new(), |router, path| router.route(path, any(nothing_here)))
}

/// Forbids caching: an answer is valid for one request only. A cache that stores a 204, which RFC 9110 allows by
/// default, would let every request pass.
fn never_stored(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

/// Answers whether keys can be verified. This works even during an outage of the database.
async fn ready(State(state): State<Arc<V1State>>) -> (StatusCode, &'static str) {
    health::ready_to_verify(State(state.site.claviger.clone())).await
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
