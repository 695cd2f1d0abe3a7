//! The facts about a request that server functions need: address, browser, id, cookies and base URL.

use super::{Site, client_address::Client, client_address::only, request_id::RequestId};
use crate::web_origin::{Scheme, WebOrigin};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};
use claviger_app::server::caller::RequestFacts;
use std::net::{IpAddr, Ipv4Addr};

/// How many bytes of the `User-Agent` header are kept.
const LONGEST_USER_AGENT: usize = 256;

/// Adds [`RequestFacts`] to the request.
pub(super) async fn gather(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let extensions = request.extensions();
    let client = extensions.get::<Client>();
    let facts = RequestFacts {
        address: client.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |client| client.address),
        user_agent: user_agent(request.headers()),
        request_id: extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
        secure_cookies_work: secure_cookies_work(request.headers(), client, site.rules.public_url.as_ref()),
        base_url: base_url(request.headers(), client, site.rules.public_url.as_ref()),
        verify_url: site.rules.verify_url.clone(),
    };
    request.extensions_mut().insert(facts);
    next.run(request).await
}

fn user_agent(headers: &HeaderMap) -> String {
    let name = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    name.chars().take(LONGEST_USER_AGENT).collect()
}

/// Whether the browser keeps `Secure` cookies: browsers drop them if they come over plain HTTP from another machine.
/// The headers of the browser decide first; then those of the proxies and the setting of the operator; otherwise the
/// connection to this server decides.
fn secure_cookies_work(headers: &HeaderMap, client: Option<&Client>, public_url: Option<&WebOrigin>) -> bool {
    // Browsers send these headers only over a connection that they regard as secure.
    if headers.contains_key("sec-fetch-site") {
        return true;
    }
    if let Some(origin) = only(headers, header::ORIGIN.as_str()).and_then(WebOrigin::parse) {
        return origin.keeps_secure_cookies();
    }
    let Some(host) = client.and_then(|client| client.host.as_ref()) else { return false };
    let forwarded = client.and_then(|client| client.forwarded_scheme);
    let said = forwarded.or_else(|| public_url.filter(|url| url.is_at(host)).map(WebOrigin::scheme));
    said == Some(Scheme::Https) || host.is_loopback()
}

/// Returns the base URL of links: the public URL, else the origin of the page, else the requested host.
fn base_url(headers: &HeaderMap, client: Option<&Client>, public_url: Option<&WebOrigin>) -> String {
    if let Some(url) = public_url {
        return url.to_string();
    }
    // The CSRF guard passes a change only from a page of this host.
    if let Some(origin) = only(headers, header::ORIGIN.as_str()).and_then(WebOrigin::parse) {
        return origin.to_string();
    }
    let Some(host) = client.and_then(|client| client.host.as_ref()) else { return String::new() };
    let scheme = client.and_then(|client| client.forwarded_scheme).unwrap_or(Scheme::Http);
    WebOrigin::new(scheme, host.clone()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web_origin::HostAndPort;
    use axum::http::HeaderValue;

    fn client(host: &str, forwarded_scheme: Option<Scheme>) -> Client {
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Client { address, host: HostAndPort::parse(host), forwarded_scheme }
    }

    fn work(lines: &[(&'static str, &'static str)], client: &Client, public_url: &str) -> bool {
        let lines = lines
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), HeaderValue::from_static(value)));
        secure_cookies_work(&lines.collect(), Some(client), WebOrigin::parse(public_url).as_ref())
    }

    #[test]
    fn on_the_same_machine_they_work_without_encryption() {
        for host in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000"] {
            assert!(work(&[], &client(host, None), ""), "{host}");
        }
        assert!(work(&[("origin", "http://localhost:3000")], &client("localhost:3000", None), ""));
    }

    #[test]
    fn over_plain_http_from_another_machine_they_do_not() {
        assert!(!work(&[], &client("192.0.2.1:3000", None), ""));
        assert!(!work(&[("origin", "http://192.0.2.1:3000")], &client("192.0.2.1:3000", None), ""));
        assert!(!work(&[], &client("192.0.2.1:3000", None), "https://keys.example.org"));
    }

    #[test]
    fn behind_a_proxy_that_encrypts_they_work() {
        assert!(work(&[("origin", "https://keys.example.org")], &client("keys.example.org", None), ""));
        assert!(work(&[], &client("keys.example.org", Some(Scheme::Https)), ""));
        assert!(work(&[], &client("keys.example.org", None), "https://keys.example.org"));
    }

    #[test]
    fn what_browsers_send_only_over_safe_connections_shows_one() {
        assert!(work(&[("sec-fetch-site", "none")], &client("keys.example.org", None), ""));
    }

    #[test]
    fn links_begin_with_what_the_operator_set_or_else_with_what_the_browser_sees() {
        let base = |lines: &[(&'static str, &'static str)], client: &Client, public_url: &str| {
            let lines = lines.iter().map(|(name, value)| {
                (header::HeaderName::from_static(name), HeaderValue::from_static(value))
            });
            base_url(&lines.collect(), Some(client), WebOrigin::parse(public_url).as_ref())
        };
        let here = client("keys.internal:3000", None);
        let origin = [("origin", "https://keys.internal:3000")];
        assert_eq!(base(&origin, &here, "https://keys.example.org"), "https://keys.example.org");
        assert_eq!(base(&origin, &here, ""), "https://keys.internal:3000");
        assert_eq!(base(&[], &here, ""), "http://keys.internal:3000");
        assert_eq!(base(&[], &client("keys.internal", Some(Scheme::Https)), ""), "https://keys.internal");
    }

    #[test]
    fn a_browser_cannot_make_its_name_as_long_as_it_likes() {
        let long = HeaderValue::from_str(&"x".repeat(5_000)).unwrap();
        assert_eq!(user_agent(&[(header::USER_AGENT, long)].into_iter().collect()).len(), LONGEST_USER_AGENT);
    }
}
