//! The router: which layers stand around the pages and the server functions. It must not know what those do.

mod body_limit;
mod client_address;
mod health;
mod isolation;
mod origin;
mod pages;
mod refusal;
mod request_facts;
mod request_id;
mod security_headers;

pub use pages::page_paths;
pub use security_headers::STATIC_POLICY;

use crate::{
    configuration::{Configuration, TrustedProxies},
    web_origin::{Scheme, WebOrigin},
};
use axum::{Router, middleware, routing::get};
use claviger_app::api::mail::OutgoingMail;
use claviger_core::{claviger::Claviger, clock::Clock, random::Random};
use leptos::config::LeptosOptions;
use std::sync::Arc;
use tower::ServiceBuilder;

/// What the layers and the pages need to know; cheap to clone.
#[derive(Clone)]
pub(crate) struct Site {
    claviger: Claviger,
    leptos: LeptosOptions,
    rules: Arc<Rules>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    mail: OutgoingMail,
}

/// What the operator set about requests.
#[derive(Debug)]
struct Rules {
    public_url: Option<WebOrigin>,
    trusted_proxies: TrustedProxies,
    live_reload: bool,
    hashed_assets: Option<String>,
}

impl Site {
    /// Puts together what requests need.
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

/// The whole of what is served. The layers are listed from the outside in.
pub(crate) fn router(site: Site) -> Router {
    let layers = ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(site.clone(), request_id::identify))
        .layer(middleware::from_fn_with_state(site.clone(), security_headers::secure))
        .layer(middleware::from_fn_with_state(site.clone(), client_address::find))
        .layer(middleware::from_fn_with_state(site.clone(), origin::guard))
        .layer(middleware::from_fn(body_limit::limit))
        .layer(middleware::from_fn_with_state(site.clone(), request_facts::gather))
        .layer(middleware::from_fn(isolation::isolate));
    pages::routes(&site).route("/healthz", get(health::alive)).with_state(site.leptos).layer(layers)
}
