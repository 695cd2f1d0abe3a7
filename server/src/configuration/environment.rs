//! The environment variables, behind a function so that tests need no separate process.

use super::error::{ConfigurationError, ValueError};
use std::ffi::OsString;

type LookUp = dyn Fn(&str) -> Option<OsString> + Send + Sync;

/// The source of environment variables.
pub struct Environment {
    variable: Box<LookUp>,
    names: Vec<String>,
}

impl Environment {
    /// The environment of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect();
        Self { names, ..Self::new(|name| std::env::var_os(name)) }
    }

    /// An environment that calls this function. Its names cannot be listed.
    pub fn new(variable: impl Fn(&str) -> Option<OsString> + Send + Sync + 'static) -> Self {
        Self { variable: Box::new(variable), names: Vec::new() }
    }

    /// An environment with only these variables.
    #[must_use]
    pub fn holding(variables: &[(&str, &str)]) -> Self {
        let variables: Vec<(String, OsString)> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), OsString::from(value))).collect();
        let names = variables.iter().map(|(name, _)| name.clone()).collect();
        let look_up = move |name: &str| {
            variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        };
        Self { names, ..Self::new(look_up) }
    }

    /// The names of all variables, if they can be listed.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Whether a variable exists, even an empty one.
    #[must_use]
    pub fn is_set(&self, name: &str) -> bool {
        (self.variable)(name).is_some()
    }

    /// Returns the text of a variable.
    ///
    /// # Errors
    /// The text is not Unicode.
    pub fn text(&self, name: &str) -> Result<Option<String>, ConfigurationError> {
        (self.variable)(name)
            .map(OsString::into_string)
            .transpose()
            .map_err(|_| ConfigurationError::Value { name: name.to_owned(), problem: ValueError::NotUnicode })
    }
}

claviger_core::opaque_debug!(Environment);
