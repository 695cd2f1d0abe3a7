//! The security headers of every answer. Pages set their own content security policy, because it contains a nonce.

use super::{Rules, Site};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};

/// The content security policy of every answer that is not a page: it may not load or run anything.
pub const STATIC_POLICY: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not `no-referrer`: browsers would then send `Origin: null` with a form.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
];

/// Allows only what the pages use: writing to the clipboard. For reading it, the browser asks the user.
const PERMISSIONS: &str = "clipboard-write=(self), accelerometer=(), autoplay=(), camera=(), \
    display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), \
    midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=()";

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
/// Two years, as browsers recommend. Without subdomains, because they may belong to another operator.
const ENCRYPTED_ONLY: HeaderValue = HeaderValue::from_static("max-age=63072000");
/// For hashed files: their name changes with their content.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Adds the headers to every answer.
pub(super) async fn secure(State(site): State<Site>, request: Request, next: Next) -> Response {
    let hashed =
        site.rules.hashed_assets.as_ref().is_some_and(|folder| request.uri().path().starts_with(folder));
    let mut response = next.run(request).await;
    let forever = hashed && response.status() == StatusCode::OK;
    add(&site.rules, forever, response.headers_mut());
    response
}

fn add(rules: &Rules, forever: bool, headers: &mut HeaderMap) {
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(STATIC_POLICY));
    if rules.encrypted() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, ENCRYPTED_ONLY);
    }
    headers.insert(header::CACHE_CONTROL, if forever { FOREVER } else { NO_STORE });
    if forever {
        // The file may be sent compressed or not.
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
}

/// The content security policy of a page: only resources of this installation, and only scripts with the nonce.
pub(super) fn page_policy(nonce: &str, live_reload: bool) -> String {
    // `cargo leptos watch` notifies pages of changes over a WebSocket on another port.
    let connections = if live_reload { "connect-src 'self' ws: wss:; " } else { "" };
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; {connections}\
         object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{configuration::TrustedProxies, web_origin::WebOrigin};

    fn headers(public_url: &str, forever: bool) -> HeaderMap {
        let rules = Rules {
            public_url: WebOrigin::parse(public_url),
            trusted_proxies: TrustedProxies::default(),
            live_reload: false,
            hashed_assets: None,
            verify_url: None,
        };
        let mut headers = HeaderMap::new();
        add(&rules, forever, &mut headers);
        headers
    }

    #[test]
    fn what_is_no_page_may_load_nothing() {
        assert_eq!(headers("", false)[header::CONTENT_SECURITY_POLICY], STATIC_POLICY);
    }

    #[test]
    fn encryption_is_insisted_on_where_the_public_url_has_it() {
        assert_eq!(
            headers("https://keys.example.org", false)[header::STRICT_TRANSPORT_SECURITY],
            "max-age=63072000"
        );
        for public_url in ["", "http://keys.example.org"] {
            assert!(
                !headers(public_url, false).contains_key(header::STRICT_TRANSPORT_SECURITY),
                "{public_url}"
            );
        }
    }

    #[test]
    fn only_hashed_files_are_kept_by_browsers() {
        assert_eq!(headers("", false)[header::CACHE_CONTROL], "no-store");
        assert_eq!(headers("", true)[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(headers("", true)[header::VARY], "accept-encoding");
    }

    #[test]
    fn a_page_runs_only_its_own_scripts() {
        assert_eq!(
            page_policy("abc", false),
            "default-src 'self'; script-src 'self' 'nonce-abc' 'wasm-unsafe-eval'; style-src 'self'; \
             object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
        );
    }

    #[test]
    fn live_reload_is_allowed_its_socket() {
        assert!(page_policy("abc", true).contains("; connect-src 'self' ws: wss:; "));
    }
}
