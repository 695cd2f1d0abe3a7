//! A gateway between a caller and an API, with an account behind it.

use super::{
    caller::{Answer, send},
    gateway::{Gateway, Kind},
    upstream::Upstream,
};
use crate::{
    support::{Browser, Serving, TestApp},
    v1::Pair,
};
use std::net::SocketAddr;

/// A route of the examples, of the service `maps`. The other one is `/geo/`, of the service `geo`.
pub(super) const PATH: &str = "/maps/7?full=yes";

pub(super) struct Scene {
    pub(super) gateway: Gateway,
    pub(super) upstream: Upstream,
    pub(super) address: SocketAddr,
}

pub(super) async fn set_up<'a>(
    kind: Kind,
    app: &'a TestApp,
    claviger: SocketAddr,
) -> (Scene, Browser<'a>, Pair) {
    let (ada, pair) = app.with_keys().await;
    let upstream = Upstream::start().await;
    let gateway = Gateway::start(kind, claviger, upstream.address).await;
    let address = gateway.address;
    (Scene { gateway, upstream, address }, ada, pair)
}

impl Pair {
    /// The headers that carry the keys.
    pub(super) fn headers(&self) -> [(&str, &str); 2] {
        [("ApiKey", &self.api_key), ("BundleKey", &self.bundle_key)]
    }

    /// The same with more.
    pub(super) fn headers_and<'a>(&'a self, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        self.headers().iter().chain(more).copied().collect()
    }
}

impl Scene {
    pub(super) async fn get(&self, pair: &Pair, more: &[(&str, &str)]) -> Answer {
        self.ask(PATH, pair, more).await
    }

    pub(super) async fn ask(&self, path: &str, pair: &Pair, more: &[(&str, &str)]) -> Answer {
        send(self.address, "GET", path, &pair.headers_and(more), "").await
    }

    pub(super) async fn end(self, serving: Serving) {
        self.gateway.stop().await;
        serving.stop().await;
    }
}
