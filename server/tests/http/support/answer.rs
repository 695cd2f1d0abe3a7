//! A response, as tests look at it.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use claviger_app::wire::error::ApiError;
use serde::de::DeserializeOwned;

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// A cookie as it was set.
#[derive(Clone, Debug)]
pub(crate) struct Cookie {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) attributes: Vec<String>,
}

impl Cookie {
    fn parse(line: &str) -> Self {
        let mut parts = line.split(';').map(str::trim);
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        Self {
            name: name.to_owned(),
            value: value.to_owned(),
            attributes: parts.map(str::to_lowercase).collect(),
        }
    }

    pub(crate) fn has(&self, attribute: &str) -> bool {
        self.attributes.iter().any(|known| known == attribute)
    }

    /// Whether it tells the browser to forget the cookie.
    pub(crate) fn is_removal(&self) -> bool {
        self.has("max-age=0")
    }
}

impl Answer {
    pub(crate) async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Self {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn cookies(&self) -> Vec<Cookie> {
        self.headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|line| Cookie::parse(line.to_str().unwrap()))
            .collect()
    }

    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.body).unwrap_or_else(|problem| panic!("{problem} in {self:?}"))
    }

    #[track_caller]
    pub(crate) fn expect_done(&self) {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
    }

    /// A refusal with this status, which discloses nothing.
    #[track_caller]
    pub(crate) fn expect_refusal(&self, status: u16) -> ApiError {
        self.refusal(status).unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// No key is in it, in whatever form.
    #[track_caller]
    pub(crate) fn expect_no_key(&self) {
        self.holds_no_key().unwrap_or_else(|problem| panic!("{problem}"));
    }

    /// The refusal, if it has this status and discloses nothing; else what is wrong with it.
    pub(crate) fn refusal(&self, status: u16) -> Result<ApiError, String> {
        if self.status.as_u16() != status {
            return Err(format!("the status is not {status}: {self:?}"));
        }
        self.holds_no_key()?;
        serde_json::from_str(&self.body).map_err(|problem| format!("{problem} in {self:?}"))
    }

    /// Whether it is this refusal, with this status, and discloses nothing.
    pub(crate) fn is_refusal(&self, status: u16, expected: &ApiError) -> Result<(), String> {
        let refusal = self.refusal(status)?;
        if refusal == *expected { Ok(()) } else { Err(format!("{refusal:?} instead of {expected:?}")) }
    }

    pub(crate) fn is_status(&self, expected: StatusCode) -> Result<(), String> {
        if self.status == expected { Ok(()) } else { Err(format!("the status is not {expected}: {self:?}")) }
    }

    pub(crate) fn holds_no_key(&self) -> Result<(), String> {
        let in_body = ["clv_api_", "clv_bdl_"].iter().any(|prefix| self.body.contains(prefix));
        let in_header = |value: &HeaderValue| value.as_bytes().windows(4).any(|part| part == b"clv_");
        let holds_key = in_body || self.headers.values().any(in_header);
        if holds_key { Err(format!("a key is in it: {self:?}")) } else { Ok(()) }
    }
}
