//! Bundles: what an account may use with its bundle key. It must not know requests or storage.

use super::identifier::identifier;
use crate::clock::Timestamp;
use std::fmt;

identifier! {
    /// The identifier of a bundle. A refill replaces it.
    BundleId
}

/// The longest name of a bundle or of a service, in characters.
const LONGEST_NAME: usize = 64;

/// Why a text is not a valid name of a bundle or of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// It is empty, or has more than 64 characters.
    #[error("must have 1 to 64 characters")]
    Length,
    /// It contains a character that is not allowed in a header, or that separates the items of a list there.
    #[error("may hold only the letters a to z in either case, digits, and . _ - / :")]
    Alphabet,
}

fn check_name(text: &str) -> Result<(), NameError> {
    if text.is_empty() || text.len() > LONGEST_NAME {
        return Err(NameError::Length);
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:".contains(&byte);
    if text.bytes().all(allowed) { Ok(()) } else { Err(NameError::Alphabet) }
}

/// Declares a type for names that are safe in a header.
macro_rules! name {
    ($(#[$documentation:meta])* $name:ident) => {
        $(#[$documentation])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Accepts a name exactly as it is to appear in headers.
            ///
            /// # Errors
            /// Returns why the name is not valid.
            pub fn parse(text: &str) -> Result<Self, NameError> {
                check_name(text).map(|()| Self(text.to_owned()))
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

name! {
    /// The name of a bundle, as in the header `Claviger-Bundle`.
    BundleName
}

/// The name of the bundle if the operator has not chosen one.
impl Default for BundleName {
    fn default() -> Self {
        Self("default".to_owned())
    }
}

name! {
    /// The name of a service, as in the header `Service`. It is case-sensitive.
    ServiceName
}

/// The services that a bundle holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Services {
    /// Every service, whatever its name: `*`.
    All,
    /// These services only, sorted by name.
    Only(Vec<ServiceName>),
}

impl Services {
    /// Accepts names separated by commas or spaces, or `*`.
    ///
    /// # Errors
    /// Returns why the first invalid name is not valid.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let words = || text.split([',', ' ']).filter(|word| !word.is_empty());
        if words().any(|word| word == "*") {
            return Ok(Self::All);
        }
        let mut names = words().map(ServiceName::parse).collect::<Result<Vec<_>, _>>()?;
        names.sort_unstable();
        names.dedup();
        Ok(Self::Only(names))
    }

    /// Whether the bundle holds this service.
    #[must_use]
    pub fn contain(&self, service: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.binary_search_by(|name| name.as_str().cmp(service)).is_ok(),
        }
    }
}

/// The names separated by spaces. [`Services::parse`] reads this back.
impl fmt::Display for Services {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => formatter.write_str("*"),
            Self::Only(names) => {
                let names: Vec<&str> = names.iter().map(ServiceName::as_str).collect();
                formatter.write_str(&names.join(" "))
            }
        }
    }
}

/// The terms that were agreed for a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleTerms {
    /// Its name.
    pub name: BundleName,
    /// The services that it holds.
    pub services: Services,
    /// Whether the bundle is accepted at all.
    pub enabled: bool,
    /// From this time on, the bundle is not accepted. Without a value it never expires.
    pub expires_at: Option<Timestamp>,
    /// The number of requests that the bundle allows. Without a value there is no limit.
    pub quota: Option<u64>,
    /// Whether it is a trial bundle. The answer to a request says so when the quota is used up.
    pub is_trial: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_stand_in_a_header() {
        for name in ["default", "Geo.v2", "maps/tiles", "a:b_c-d", &"x".repeat(64)] {
            assert_eq!(BundleName::parse(name).unwrap().as_str(), name);
        }
        for (name, error) in [
            ("", NameError::Length),
            (&*"x".repeat(65), NameError::Length),
            ("a b", NameError::Alphabet),
            ("a,b", NameError::Alphabet),
            ("tänze", NameError::Alphabet),
            ("a\nb", NameError::Alphabet),
            ("*", NameError::Alphabet),
        ] {
            assert_eq!(ServiceName::parse(name), Err(error), "{name:?}");
        }
    }

    #[test]
    fn services_are_read_back_from_how_they_are_written() {
        for (text, written) in [("*", "*"), ("maps, geo geo", "geo maps"), ("", ""), ("a,*", "*")] {
            let services = Services::parse(text).unwrap();
            assert_eq!(services.to_string(), written);
            assert_eq!(Services::parse(written), Ok(services));
        }
        assert_eq!(Services::parse("maps, tänze"), Err(NameError::Alphabet));
    }

    #[test]
    fn a_service_is_in_a_bundle_by_its_exact_name() {
        let services = Services::parse("maps geo").unwrap();
        assert!(services.contain("maps") && services.contain("geo"));
        assert!(!services.contain("Maps") && !services.contain("map") && !services.contain(""));
        assert!(Services::All.contain("anything"));
        assert!(!Services::parse("").unwrap().contain("maps"));
    }
}
