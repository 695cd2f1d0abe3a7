//! The checks of the origin, one refusal a test.

use super::*;
use axum::http::HeaderValue;

const HERE: &str = "http://localhost:3000";

fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(*name, HeaderValue::from_str(value).unwrap());
    }
    headers
}

fn post(lines: &[(&'static str, &str)]) -> Result<(), OriginError> {
    let host = HostAndPort::parse("localhost:3000");
    check_origin(&Method::POST, "/api/sign_in", &headers(lines), host.as_ref(), None)
}

fn post_to_public(lines: &[(&'static str, &str)]) -> Result<(), OriginError> {
    let host = HostAndPort::parse("inner:3000");
    let public_url = WebOrigin::parse("https://keys.example.org");
    check_origin(&Method::POST, "/api/sign_in", &headers(lines), host.as_ref(), public_url.as_ref())
}

#[test]
fn a_page_of_this_installation_may_ask_for_a_change() {
    assert_eq!(post(&[("origin", HERE), ("sec-fetch-site", "same-origin")]), Ok(()));
}

#[test]
fn a_browser_without_fetch_metadata_may_too() {
    assert_eq!(post(&[("origin", HERE)]), Ok(()));
}

#[test]
fn a_request_without_an_origin_is_refused() {
    assert_eq!(post(&[]), Err(OriginError::CrossSite));
    assert_eq!(post(&[("sec-fetch-site", "same-origin")]), Err(OriginError::CrossSite));
}

#[test]
fn an_origin_that_the_browser_hides_is_refused() {
    assert_eq!(post(&[("origin", "null")]), Err(OriginError::CrossSite));
}

#[test]
fn foreign_origins_are_refused() {
    let foreign =
        ["http://evil.example", "http://localhost:3001", "http://localhost", "http://localhost:3000.evil"];
    for origin in foreign {
        assert_eq!(post(&[("origin", origin)]), Err(OriginError::CrossSite), "{origin}");
    }
}

#[test]
fn two_origins_are_refused() {
    assert_eq!(post(&[("origin", HERE), ("origin", HERE)]), Err(OriginError::CrossSite));
}

#[test]
fn a_fetch_from_elsewhere_is_refused_whatever_its_origin() {
    for site in ["cross-site", "same-site", "none", ""] {
        assert_eq!(
            post(&[("origin", HERE), ("sec-fetch-site", site)]),
            Err(OriginError::CrossSite),
            "{site}"
        );
    }
    let twice = [("origin", HERE), ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "same-origin")];
    assert_eq!(post(&twice), Err(OriginError::CrossSite));
}

#[test]
fn a_request_that_names_no_host_is_refused() {
    let verdict = check_origin(&Method::POST, "/api/sign_in", &headers(&[("origin", HERE)]), None, None);
    assert_eq!(verdict, Err(OriginError::CrossSite));
}

#[test]
fn where_a_public_url_is_set_only_its_origin_counts() {
    assert_eq!(post_to_public(&[("origin", "https://keys.example.org")]), Ok(()));
    for origin in ["http://keys.example.org", "https://keys.example.org:8443", "http://inner:3000"] {
        assert_eq!(post_to_public(&[("origin", origin)]), Err(OriginError::CrossSite), "{origin}");
    }
}

#[test]
fn encryption_that_a_proxy_takes_off_does_no_harm() {
    let host = HostAndPort::parse("keys.example.org");
    let headers = headers(&[("origin", "https://keys.example.org")]);
    assert_eq!(check_origin(&Method::POST, "/api/sign_in", &headers, host.as_ref(), None), Ok(()));
}

#[test]
fn looking_needs_no_origin() {
    for method in [Method::GET, Method::HEAD] {
        assert_eq!(check_origin(&method, "/credentials", &HeaderMap::new(), None, None), Ok(()));
    }
}

#[test]
fn other_methods_are_refused_even_from_here() {
    let headers = headers(&[("origin", HERE)]);
    for method in
        [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::CONNECT, Method::TRACE]
    {
        let host = HostAndPort::parse("localhost:3000");
        assert_eq!(
            check_origin(&method, "/api/sign_in", &headers, host.as_ref(), None),
            Err(OriginError::Method),
            "{method}"
        );
    }
}

#[test]
fn machines_are_asked_for_no_origin() {
    for path in ["/v1", "/v1/authorize", "/v1/verify"] {
        assert_eq!(check_origin(&Method::PUT, path, &HeaderMap::new(), None, None), Ok(()), "{path}");
    }
    assert_eq!(
        check_origin(&Method::POST, "/v10", &HeaderMap::new(), None, None),
        Err(OriginError::CrossSite)
    );
}
