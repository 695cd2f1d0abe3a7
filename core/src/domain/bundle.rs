//! Bundles: what a bundle key stands for. It must not know requests or storage.

use super::identifier::identifier;
use crate::clock::Timestamp;
use std::fmt;

identifier! {
    /// Names a bundle, until it is filled up again.
    BundleId
}

/// The longest name of a bundle or of a service, in characters.
const LONGEST_NAME: usize = 64;

/// Why a text is no name of a bundle or of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing, or more than 64 characters.
    #[error("must have 1 to 64 characters")]
    Length,
    /// Something that could not stand in a header, or would end a list there.
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

/// Declares a name that can stand in a header.
macro_rules! name {
    ($(#[$documentation:meta])* $name:ident) => {
        $(#[$documentation])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Accepts a name exactly as it is to appear in headers.
            ///
            /// # Errors
            /// What is wrong with it.
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
    /// What a bundle is called, as in the header `Claviger-Bundle`.
    BundleName
}

/// The name of the bundle of an installation whose operator chose none.
impl Default for BundleName {
    fn default() -> Self {
        Self("default".to_owned())
    }
}

name! {
    /// What a service is called, as in the header `Service`. Letters in another case are another service.
    ServiceName
}

/// The services that a bundle holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Services {
    /// Every service, whatever its name: `*`.
    All,
    /// These and no others, in order.
    Only(Vec<ServiceName>),
}

impl Services {
    /// Accepts names with commas or spaces between them, or `*`.
    ///
    /// # Errors
    /// What is wrong with the first name that is wrong.
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

    /// Whether a service is among them.
    #[must_use]
    pub fn contain(&self, service: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.binary_search_by(|name| name.as_str().cmp(service)).is_ok(),
        }
    }
}

/// The names with spaces between them, which [`Services::parse`] reads back.
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

/// What was agreed for a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleTerms {
    /// What it is called.
    pub name: BundleName,
    /// What it holds.
    pub services: Services,
    /// Whether it is good at all.
    pub enabled: bool,
    /// From when on it is not good any more.
    pub expires_at: Option<Timestamp>,
    /// How many requests it is good for; none is any number.
    pub quota: Option<u64>,
    /// Whether it is there to be tried out. That is told where it is used up.
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
