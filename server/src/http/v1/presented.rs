//! Reads the presented keys from the headers of a request. It must not know which keys are valid.

use axum::http::{HeaderMap, StatusCode};
use claviger_core::verification::Presented;
use std::net::IpAddr;

/// The maximum length of a header in bytes: longer than any key or service name.
const LONGEST: usize = 256;

/// Why the headers are malformed. Their keys are then not verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// A header occurs twice: the gateway and Claviger could use different ones.
    #[error("the header {0} is there more than once")]
    Repeated(&'static str),
    /// The header contains characters other than visible ASCII.
    #[error("the header {0} holds something else than visible ASCII characters")]
    NotText(&'static str),
    /// The header is longer than 256 bytes.
    #[error("the header {0} is longer than 256 bytes")]
    TooLong(&'static str),
}

impl Malformed {
    /// The HTTP status of the answer.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Repeated(_) | Self::NotText(_) => StatusCode::BAD_REQUEST,
            Self::TooLong(_) => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        }
    }
}

/// Reads the headers `ApiKey`, `BundleKey` and `Service`.
///
/// # Errors
/// The malformed header and its problem.
pub fn read(headers: &HeaderMap, address: IpAddr) -> Result<Presented<'_>, Malformed> {
    Ok(Presented {
        api_key: one(headers, "apikey", "ApiKey")?,
        bundle_key: one(headers, "bundlekey", "BundleKey")?,
        service: one(headers, "service", "Service")?,
        address,
    })
}

/// Returns a header that occurs at most once. An empty one counts as missing, because some gateways forward missing
/// headers as empty ones.
fn one<'a>(
    headers: &'a HeaderMap,
    name: &'static str,
    written: &'static str,
) -> Result<Option<&'a str>, Malformed> {
    let mut lines = headers.get_all(name).iter();
    let Some(line) = lines.next() else { return Ok(None) };
    if lines.next().is_some() {
        return Err(Malformed::Repeated(written));
    }
    if line.len() > LONGEST {
        return Err(Malformed::TooLong(written));
    }
    let visible = line.as_bytes().iter().all(u8::is_ascii_graphic);
    let text = line.to_str().ok().filter(|_| visible).ok_or(Malformed::NotText(written))?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};
    use std::net::Ipv4Addr;

    fn headers(lines: &[(&'static str, &[u8])]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap());
        }
        headers
    }

    fn complaint(lines: &[(&'static str, &[u8])]) -> Malformed {
        read(&headers(lines), Ipv4Addr::LOCALHOST.into()).err().unwrap()
    }

    #[test]
    fn what_is_there_once_is_read() {
        let headers = headers(&[("apikey", b"a"), ("bundlekey", b""), ("other", b"x")]);
        let presented = read(&headers, Ipv4Addr::LOCALHOST.into()).unwrap();
        assert_eq!((presented.api_key, presented.bundle_key, presented.service), (Some("a"), None, None));
    }

    #[test]
    fn what_could_be_understood_in_two_ways_is_refused() {
        assert_eq!(complaint(&[("apikey", b"a"), ("apikey", b"a")]), Malformed::Repeated("ApiKey"));
        assert_eq!(complaint(&[("bundlekey", "ä".as_bytes())]), Malformed::NotText("BundleKey"));
        assert_eq!(complaint(&[("service", b"a b")]), Malformed::NotText("Service"));
        assert_eq!(complaint(&[("apikey", b"a\tb")]), Malformed::NotText("ApiKey"));
        assert_eq!(complaint(&[("apikey", &[b'a'; 257])]), Malformed::TooLong("ApiKey"));
        assert_eq!(Malformed::TooLong("ApiKey").status(), 431);
        assert_eq!(Malformed::NotText("ApiKey").status(), 400);
    }
}
