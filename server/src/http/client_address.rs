//! The client address and the requested host of a request: from the connection, or from the forwarding headers of a
//! trusted proxy.

use super::Site;
use crate::{
    configuration::TrustedProxies,
    web_origin::{HostAndPort, Scheme},
};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Uri, header, uri::Authority},
    middleware::Next,
    response::Response,
};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::atomic::{AtomicBool, Ordering},
};

/// The client of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Client {
    /// The nearest address that does not belong to a trusted proxy.
    pub(super) address: IpAddr,
    /// The requested host, if the request names exactly one.
    pub(super) host: Option<HostAndPort>,
    /// The scheme, if a trusted proxy forwarded it.
    pub(super) forwarded_scheme: Option<Scheme>,
}

/// Adds [`Client`] to the request.
pub(super) async fn find(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    // Only a request without a connection has no peer.
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip());
    let client = client(peer, request.uri(), request.headers(), &site.rules.trusted_proxies);
    request.extensions_mut().insert(client);
    next.run(request).await
}

/// Returns the client address of a request.
pub(super) fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> IpAddr {
    let peer = peer.to_canonical();
    if trusted.contains(peer) { walk_back(peer, headers, trusted) } else { peer }
}

/// Warns of an untrusted proxy on this machine. It most likely should be trusted: otherwise all clients share one
/// address and its rate limits.
fn warn_of_untrusted_proxy(peer: IpAddr, headers: &HeaderMap) {
    static WARNED: AtomicBool = AtomicBool::new(false);
    if is_likely_a_proxy(peer, headers) && !WARNED.swap(true, Ordering::Relaxed) {
        tracing::warn!(%peer, "a proxy on this machine sends X-Forwarded-For; should CLAVIGER_TRUSTED_PROXIES name it?");
    }
}

fn is_likely_a_proxy(peer: IpAddr, headers: &HeaderMap) -> bool {
    peer.is_loopback() && headers.contains_key("x-forwarded-for")
}

fn client(peer: IpAddr, uri: &Uri, headers: &HeaderMap, trusted: &TrustedProxies) -> Client {
    let peer = peer.to_canonical();
    let behind_proxy = trusted.contains(peer);
    if !behind_proxy {
        warn_of_untrusted_proxy(peer, headers);
    }
    let forwarded = |name| if behind_proxy { last_of_list(headers, name) } else { None };
    let own_host = || only(headers, header::HOST.as_str()).or(uri.authority().map(Authority::as_str));
    Client {
        address: client_address(peer, headers, trusted),
        host: forwarded("x-forwarded-host").or_else(own_host).and_then(HostAndPort::parse),
        forwarded_scheme: forwarded("x-forwarded-proto").and_then(|scheme| match scheme {
            "http" => Some(Scheme::Http),
            "https" => Some(Scheme::Https),
            _ => None,
        }),
    }
}

/// Each proxy appends the address of its client on the right. Reading from the right, the entries can be trusted as
/// far as trusted proxies wrote them.
fn walk_back(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> IpAddr {
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let entries = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    let mut nearest = peer;
    for entry in entries {
        let Some(address) = parse_address(entry.trim()) else { break };
        nearest = address;
        if !trusted.contains(address) {
            break;
        }
    }
    nearest
}

/// Parses an entry. Some proxies add the port.
fn parse_address(entry: &str) -> Option<IpAddr> {
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    let with_port = || entry.parse::<SocketAddr>().map(|address| address.ip());
    bare.parse::<IpAddr>().or_else(|_| with_port()).ok().map(|address| address.to_canonical())
}

/// Returns the entry of the nearest proxy. The client may have forged the entries before it.
fn last_of_list<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let line = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next().map(str::trim).filter(|entry| !entry.is_empty())
}

/// Returns a header that occurs exactly once.
pub(super) fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut lines = headers.get_all(name).iter();
    let line = lines.next()?.to_str().ok()?;
    lines.next().is_none().then_some(line)
}

#[cfg(test)]
mod tests;
