//! Which peers may set the client address of a request.

use super::*;
use axum::http::{HeaderName, HeaderValue};

const PROXY: &str = "10.0.0.1";
const BROWSER: &str = "203.0.113.9";

fn headers(lines: &[(&str, &str)]) -> HeaderMap {
    let lines = lines.iter().map(|(name, value)| {
        (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
    });
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(name, value);
    }
    headers
}

fn seen(peer: &str, lines: &[(&str, &str)]) -> Client {
    let trusted = TrustedProxies::parse("10.0.0.0/8, ::1").unwrap();
    client(peer.parse().unwrap(), &Uri::from_static("/"), &headers(lines), &trusted)
}

fn address(peer: &str, forwarded_for: &[&str]) -> String {
    let lines: Vec<_> = forwarded_for.iter().map(|line| ("x-forwarded-for", *line)).collect();
    seen(peer, &lines).address.to_string()
}

#[test]
fn a_stranger_cannot_claim_another_address() {
    assert_eq!(address(BROWSER, &["198.51.100.1"]), BROWSER);
}

#[test]
fn a_stranger_cannot_claim_another_host_or_scheme() {
    let claimed = [("host", "here"), ("x-forwarded-host", "there"), ("x-forwarded-proto", "https")];
    let client = seen(BROWSER, &claimed);
    assert_eq!(client.host, HostAndPort::parse("here"));
    assert_eq!(client.forwarded_scheme, None);
}

#[test]
fn a_trusted_proxy_says_who_asked() {
    assert_eq!(address(PROXY, &[BROWSER]), BROWSER);
}

#[test]
fn what_the_caller_wrote_before_the_proxy_does_not_count() {
    assert_eq!(address(PROXY, &[&format!("198.51.100.1, {BROWSER}")]), BROWSER);
}

#[test]
fn trusted_proxies_behind_each_other_are_walked_through() {
    assert_eq!(address(PROXY, &[&format!("198.51.100.1, {BROWSER}, 10.0.0.2,10.0.0.3")]), BROWSER);
}

#[test]
fn several_lines_are_one_list() {
    assert_eq!(address(PROXY, &["198.51.100.1", &format!("{BROWSER}, 10.0.0.2"), "10.0.0.3"]), BROWSER);
}

#[test]
fn an_unreadable_entry_ends_the_walk() {
    assert_eq!(address(PROXY, &["198.51.100.1, unknown, 10.0.0.2"]), "10.0.0.2");
    assert_eq!(address(PROXY, &[""]), PROXY);
}

#[test]
fn a_proxy_that_says_nothing_is_the_client() {
    assert_eq!(address(PROXY, &[]), PROXY);
}

#[test]
fn ports_and_brackets_are_understood() {
    assert_eq!(address(PROXY, &["203.0.113.9:51324"]), BROWSER);
    assert_eq!(address("::1", &["[2001:db8::7]:443"]), "2001:db8::7");
    assert_eq!(address("::1", &["[2001:db8::7]"]), "2001:db8::7");
}

#[test]
fn an_address_mapped_into_ipv6_is_the_ipv4_address() {
    assert_eq!(address("::ffff:10.0.0.1", &["::ffff:203.0.113.9"]), BROWSER);
}

#[test]
fn a_trusted_proxy_says_which_host_and_scheme_were_asked() {
    let said = [("host", "inner"), ("x-forwarded-host", "keys.example.org"), ("x-forwarded-proto", "https")];
    let client = seen(PROXY, &said);
    assert_eq!(client.host, HostAndPort::parse("keys.example.org"));
    assert_eq!(client.forwarded_scheme, Some(Scheme::Https));
}

#[test]
fn of_several_forwarded_hosts_the_nearest_proxys_counts() {
    let client = seen(PROXY, &[("x-forwarded-host", "claimed.example, keys.example.org")]);
    assert_eq!(client.host, HostAndPort::parse("keys.example.org"));
}

#[test]
fn two_hosts_are_no_host() {
    assert_eq!(seen(BROWSER, &[("host", "a.example"), ("host", "b.example")]).host, None);
}

#[test]
fn only_a_neighbour_that_forwards_looks_like_a_proxy_that_was_forgotten() {
    let forwarding = HeaderMap::from_iter([(
        header::HeaderName::from_static("x-forwarded-for"),
        header::HeaderValue::from_static("203.0.113.9"),
    )]);
    assert!(is_likely_a_proxy("127.0.0.1".parse().unwrap(), &forwarding));
    assert!(is_likely_a_proxy("::1".parse().unwrap(), &forwarding));
    assert!(!is_likely_a_proxy("203.0.113.9".parse().unwrap(), &forwarding));
    assert!(!is_likely_a_proxy("127.0.0.1".parse().unwrap(), &HeaderMap::new()));
}
