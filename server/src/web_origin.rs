//! Web origins (RFC 6454): scheme, host and port. It must not know where they come from.

use axum::http::uri::Authority;
use std::{fmt, net::Ipv4Addr, net::Ipv6Addr};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Unencrypted HTTP.
    Http,
    /// HTTP over TLS.
    Https,
}

impl Scheme {
    const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// A host and an optional port: the content of a `Host` header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostAndPort {
    host: String,
    port: Option<u16>,
}

impl HostAndPort {
    /// Parses the text of a `Host` header. Returns `None` if it does not have that form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.contains('@') {
            return None;
        }
        let authority: Authority = text.parse().ok()?;
        let port = match authority.as_str().strip_prefix(authority.host())? {
            "" => None,
            port => Some(port.strip_prefix(':')?.parse().ok()?),
        };
        Some(Self { host: normalised(authority.host())?, port })
    }

    /// Whether browsers treat this host as their own machine, and so as a secure context even without encryption.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let host = self.host.as_str();
        host == "localhost"
            || host.ends_with(".localhost")
            || host == "[::1]"
            || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
    }
}

/// Normalises a host: lower case, and IPv6 as browsers write it.
fn normalised(host: &str) -> Option<String> {
    match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => Some(format!("[{}]", address.parse::<Ipv6Addr>().ok()?)),
        None if host.is_empty() => None,
        None => Some(host.to_ascii_lowercase()),
    }
}

/// The origin of a page, in the sense of the same-origin policy of browsers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebOrigin {
    scheme: Scheme,
    place: HostAndPort,
}

impl WebOrigin {
    /// Parses the text of an `Origin` header. Returns `None` if it does not have that form; `null` is not an origin.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, place) = text.split_once("://")?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return None,
        };
        Some(Self::new(scheme, HostAndPort::parse(place)?))
    }

    /// Creates the origin of the pages on this host.
    #[must_use]
    pub fn new(scheme: Scheme, mut place: HostAndPort) -> Self {
        place.port = place.port.filter(|port| *port != scheme.default_port());
        Self { scheme, place }
    }

    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Whether this is the origin of a page on that host and port. It ignores the scheme, because a proxy may have
    /// terminated TLS.
    #[must_use]
    pub fn is_at(&self, place: &HostAndPort) -> bool {
        let default = self.scheme.default_port();
        self.place.host == place.host && self.place.port.unwrap_or(default) == place.port.unwrap_or(default)
    }

    /// Whether browsers keep `Secure` cookies for this origin: it is HTTPS or on the same machine.
    #[must_use]
    pub fn keeps_secure_cookies(&self) -> bool {
        self.scheme == Scheme::Https || self.place.is_loopback()
    }
}

impl fmt::Display for WebOrigin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        write!(formatter, "{scheme}://{}", self.place.host)?;
        self.place.port.map_or(Ok(()), |port| write!(formatter, ":{port}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> WebOrigin {
        WebOrigin::parse(text).unwrap()
    }

    fn place(text: &str) -> HostAndPort {
        HostAndPort::parse(text).unwrap()
    }

    #[test]
    fn spellings_of_the_same_origin_are_equal() {
        assert_eq!(origin("HTTPS://Keys.Example.org:443"), origin("https://keys.example.org"));
        assert_eq!(origin("http://[0:0::1]:80"), origin("http://[::1]"));
    }

    #[test]
    fn scheme_host_and_port_tell_origins_apart() {
        let this = origin("https://keys.example.org");
        for other in ["http://keys.example.org", "https://example.org", "https://keys.example.org:8443"] {
            assert_ne!(this, origin(other));
        }
    }

    #[test]
    fn an_origin_is_printed_as_browsers_write_it() {
        for text in ["https://keys.example.org", "http://localhost:3000", "http://[::1]:3000"] {
            assert_eq!(origin(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        let wrong =
            ["null", "", "keys.example.org", "ftp://example.org", "https://", "https://a b", "file://x"];
        let behind =
            ["https://example.org/", "https://example.org/path", "https://user@example.org", "http://x:y"];
        let ports = ["https://example.org:", "https://example.org:99999", "https://[::1", "https://[zz]"];
        for text in wrong.into_iter().chain(behind).chain(ports) {
            assert_eq!(WebOrigin::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_origin_is_at_its_host_and_port_whatever_the_scheme() {
        assert!(origin("https://example.org").is_at(&place("Example.org")));
        assert!(origin("https://example.org").is_at(&place("example.org:443")));
        assert!(origin("http://localhost:3000").is_at(&place("localhost:3000")));
        assert!(!origin("http://localhost:3000").is_at(&place("localhost")));
        assert!(!origin("https://example.org").is_at(&place("example.org:80")));
        assert!(!origin("https://example.org.evil.test").is_at(&place("example.org")));
    }

    #[test]
    fn secure_cookies_need_encryption_or_the_same_machine() {
        let kept = ["https://example.org", "http://localhost:3000", "http://127.0.0.9", "http://[::1]:3000"];
        for text in kept.into_iter().chain(["http://claviger.localhost"]) {
            assert!(origin(text).keeps_secure_cookies(), "{text}");
        }
        for text in ["http://example.org", "http://192.0.2.1", "http://localhost.example.org", "http://[::2]"]
        {
            assert!(!origin(text).keeps_secure_cookies(), "{text}");
        }
    }
}
