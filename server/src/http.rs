//! The router: the routes, and the layers around the pages and the server functions. It must not know what those do.

mod body_limit;
mod client_address;
mod health;
mod isolation;
mod link_path;
mod loggable_path;
mod origin;
mod pages;
mod refusal;
mod request_facts;
mod request_id;
mod security_headers;
pub mod v1;

pub use pages::page_paths;
pub use security_headers::STATIC_POLICY;

use crate::{
    configuration::{Configuration, TrustedProxies},
    metrics::Metrics,
    web_origin::{Scheme, WebOrigin},
};
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use claviger_app::server::mail::OutgoingMail;
use claviger_core::{claviger::Claviger, clock::Clock, random::Random};
use leptos::config::LeptosOptions;
use std::sync::Arc;
use tower::ServiceBuilder;

/// The state of the layers and the pages; cheap to clone.
#[derive(Clone)]
pub(crate) struct Site {
    claviger: Claviger,
    leptos: LeptosOptions,
    rules: Arc<Rules>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    mail: OutgoingMail,
}

/// The operator's settings for requests.
#[derive(Debug)]
struct Rules {
    public_url: Option<WebOrigin>,
    trusted_proxies: TrustedProxies,
    live_reload: bool,
    hashed_assets: Option<String>,
    /// The URL of `/v1`, if it is separate from the pages.
    verify_url: Option<String>,
}

impl Site {
    /// Creates the state that requests need.
    pub(crate) fn new(
        configuration: &Configuration,
        claviger: Claviger,
        mail: OutgoingMail,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        let leptos = configuration.leptos.clone();
        let rules = Rules {
            public_url: configuration.public_url.clone(),
            trusted_proxies: configuration.trusted_proxies.clone(),
            live_reload: configuration.live_reload,
            verify_url: configuration.verify_addr.map(|address| format!("http://{address}")),
            hashed_assets: leptos.hash_files.then(|| leptos.site_pkg_dir_route_base()),
        };
        Self { claviger, leptos, rules: Arc::new(rules), clock, random, mail }
    }
}

impl Rules {
    fn encrypted(&self) -> bool {
        self.public_url.as_ref().is_some_and(|origin| origin.scheme() == Scheme::Https)
    }
}

/// The routers of the three listeners.
pub(crate) struct Routers {
    /// The pages, and `/v1` unless it has its own address.
    pub(crate) main: Router,
    /// The routes of `/v1`.
    pub(crate) verify: Router,
    /// The route of the metrics.
    pub(crate) metrics: Router,
}

/// Creates all routers. If `/v1` has its own address, it is not served beside the pages.
pub(crate) fn routers(site: &Site, metrics: Metrics, verify_is_apart: bool) -> Routers {
    let metrics = Arc::new(metrics);
    let machines = v1::routes(v1::V1State::new(site.clone(), Arc::clone(&metrics)));
    let health = |ready| {
        let routes = Router::new().route("/healthz", get(health::alive)).route("/readyz", ready);
        routes.with_state(site.claviger.clone())
    };
    let beside_pages = if verify_is_apart { v1::elsewhere() } else { machines.clone() };
    Routers {
        main: pages_and_health(site, health(get(health::ready))).merge(beside_pages),
        verify: machines.merge(health(get(health::ready_to_verify))),
        metrics: Router::new()
            .route("/metrics", get(read_metrics))
            .with_state((metrics, site.claviger.clone())),
    }
}

async fn read_metrics(State((metrics, claviger)): State<(Arc<Metrics>, Claviger)>) -> Response {
    let format = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    match metrics.render(&claviger).await {
        Some(text) => (format, text).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The router for browsers. The layers are listed from the outermost to the innermost.
fn pages_and_health(site: &Site, health: Router) -> Router {
    let layers = ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(site.clone(), request_id::identify))
        .layer(middleware::from_fn_with_state(site.clone(), security_headers::secure))
        .layer(middleware::from_fn_with_state(site.clone(), client_address::find))
        .layer(middleware::from_fn_with_state(site.clone(), origin::guard))
        .layer(middleware::from_fn(body_limit::limit))
        .layer(middleware::from_fn(link_path::straighten))
        .layer(middleware::from_fn_with_state(site.clone(), request_facts::gather))
        .layer(middleware::from_fn(isolation::isolate));
    pages::routes(site).with_state(site.leptos.clone()).merge(health).layer(layers)
}
