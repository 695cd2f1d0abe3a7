//! Throws bytes at what reads keys from headers, and at what reads keys. The first bytes choose the headers' names.

#![no_main]

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use claviger_core::credential_key::CredentialKey;
use libfuzzer_sys::fuzz_target;
use std::net::Ipv4Addr;

#[allow(dead_code, unreachable_pub)]
#[path = "../../server/src/http/v1/presented.rs"]
mod presented;

const NAMES: [&str; 4] = ["apikey", "bundlekey", "service", "other"];

fuzz_target!(|data: &[u8]| {
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n') {
        let Some((choice, value)) = line.split_first() else { continue };
        let name = NAMES[usize::from(*choice) % NAMES.len()];
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    let Ok(presented) = presented::read(&headers, Ipv4Addr::LOCALHOST.into()) else { return };
    for text in [presented.api_key, presented.bundle_key, presented.service].into_iter().flatten() {
        // Whatever was let through is visible, short, and the very text of the header.
        assert!(!text.is_empty() && text.len() <= 256 && text.bytes().all(|byte| byte.is_ascii_graphic()));
        if let (Ok(kind), Ok(key)) = (CredentialKey::recognise(text), CredentialKey::parse_any_prefix(text)) {
            assert!(key.kind() == kind && key.expose() == text);
        } else {
            assert!(CredentialKey::recognise(text).is_err() && CredentialKey::parse_any_prefix(text).is_err());
        }
    }
});
