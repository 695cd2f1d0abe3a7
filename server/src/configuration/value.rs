//! The types and parsers of single settings.

use super::error::ValueError;
use crate::web_origin::WebOrigin;
use claviger_core::{
    credential_key::KeyPrefix,
    domain::bundle::{BundleName, Services},
    settings::{PlainConnections, Registration},
};
use std::{net::SocketAddr, path::Path};

/// The URL of the database. It may contain a password, so `Debug` prints only the type.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Parses a URL of SQLite or PostgreSQL.
    ///
    /// # Errors
    /// The URL has another scheme.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if known.iter().any(|scheme| text.starts_with(scheme)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ValueError::NotADatabase)
        }
    }

    /// The SQLite database in this folder. Returns `None` if the name of the folder is not Unicode.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Option<Self> {
        let path = folder.join("claviger.db");
        Some(Self(format!("sqlite://{}", percent_encoded(path.to_str()?))))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

claviger_core::opaque_debug!(DatabaseUrl);

/// Percent-encodes a path. A character that is neither unreserved (RFC 3986, section 2.3) nor a slash would end or
/// change the path of a URL.
fn percent_encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                encoded.push(char::from(byte));
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

pub(super) fn key_prefix(text: &str) -> Result<KeyPrefix, ValueError> {
    KeyPrefix::parse(text).map_err(|error| ValueError::NotAKeyPrefix(text.to_owned(), error))
}

pub(super) fn registration(text: &str) -> Result<Registration, ValueError> {
    match text {
        "open" => Ok(Registration::Open),
        "closed" => Ok(Registration::Closed),
        other => Err(ValueError::NotARegistration(other.to_owned())),
    }
}

pub(super) fn plain_connections(text: &str) -> Result<PlainConnections, ValueError> {
    match text {
        "refuse" => Ok(PlainConnections::Refused),
        "allow" => Ok(PlainConnections::Allowed),
        other => Err(ValueError::NotAnInsistence(other.to_owned())),
    }
}

pub(super) fn limit(text: &str) -> Result<u32, ValueError> {
    let number = text.parse().ok().filter(|number| (1..=1_000_000).contains(number));
    number.ok_or_else(|| ValueError::NotALimit(text.to_owned()))
}

pub(super) fn socket_address(text: &str) -> Result<SocketAddr, ValueError> {
    text.parse().map_err(|_| ValueError::NotASocketAddress(text.to_owned()))
}

pub(super) fn count<N: TryFrom<u64>>(text: &str) -> Result<N, ValueError> {
    let number = text.parse::<u64>().ok().filter(|number| (1..=i64::MAX as u64).contains(number));
    number.and_then(|number| N::try_from(number).ok()).ok_or_else(|| ValueError::NotACount(text.to_owned()))
}

pub(super) fn boolean(text: &str) -> Result<bool, ValueError> {
    text.parse().map_err(|_| ValueError::NotABoolean(text.to_owned()))
}

pub(super) fn bundle_name(text: &str) -> Result<BundleName, ValueError> {
    BundleName::parse(text).map_err(|error| ValueError::NotAName(text.to_owned(), error))
}

pub(super) fn services(text: &str) -> Result<Services, ValueError> {
    if text.is_empty() {
        return Err(ValueError::Empty);
    }
    Services::parse(text).map_err(|error| ValueError::NotAName(text.to_owned(), error))
}

/// Parses the public URL. A slash at its end is allowed, because browsers show an origin that way.
pub(super) fn public_url(text: &str) -> Result<WebOrigin, ValueError> {
    let origin = WebOrigin::parse(text.strip_suffix('/').unwrap_or(text))
        .ok_or_else(|| ValueError::NotAnOrigin(text.to_owned()))?;
    if origin.keeps_secure_cookies() { Ok(origin) } else { Err(ValueError::KeepsNoSession(text.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_a_strange_name_still_makes_a_url() {
        let url = DatabaseUrl::in_folder(Path::new("/srv/what is 100%?#")).unwrap();
        assert_eq!(url.as_str(), "sqlite:///srv/what%20is%20100%25%3F%23/claviger.db");
    }

    #[test]
    fn the_url_of_a_database_is_never_printed() {
        let url = DatabaseUrl::parse("postgres://claviger:hunter2@localhost/claviger").unwrap();
        assert_eq!(format!("{url:?}"), "DatabaseUrl");
    }

    #[test]
    fn databases_of_other_kinds_are_refused() {
        for text in ["", "mysql://localhost", "claviger.db"] {
            assert_eq!(DatabaseUrl::parse(text), Err(ValueError::NotADatabase), "{text}");
        }
    }

    #[test]
    fn a_limit_is_a_whole_number_above_zero() {
        assert_eq!(limit("1"), Ok(1));
        assert_eq!(limit("1000000"), Ok(1_000_000));
        for text in ["0", "-1", "1.5", "many", "1000001", ""] {
            assert_eq!(limit(text), Err(ValueError::NotALimit(text.to_owned())));
        }
    }
}
