//! What a request shows of keys, read from its headers. It must not know which keys are good.

use axum::http::{HeaderMap, StatusCode};
use claviger_core::verification::Presented;
use std::net::IpAddr;

/// Longer than any key and any name of a service.
const LONGEST: usize = 256;

/// Why the headers cannot be understood. PresentedKey keys they hold is not even looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Two headers of a name: a gateway and Claviger could each believe another one.
    #[error("the header {0} is there more than once")]
    Repeated(&'static str),
    /// Something else than visible ASCII characters.
    #[error("the header {0} holds something else than visible ASCII characters")]
    NotText(&'static str),
    /// More than 256 bytes.
    #[error("the header {0} is longer than 256 bytes")]
    TooLong(&'static str),
}

impl Malformed {
    /// The status of the answer.
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
/// Which header cannot be understood.
pub fn read(headers: &HeaderMap, address: IpAddr) -> Result<Presented<'_>, Malformed> {
    Ok(Presented {
        api_key: one(headers, "apikey", "ApiKey")?,
        bundle_key: one(headers, "bundlekey", "BundleKey")?,
        service: one(headers, "service", "Service")?,
        address,
    })
}

/// A header that is there once or not at all. An empty one counts as none: that is how some gateways pass on what is not
/// there.
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
