//! The variables of the environment, behind a function so that tests need no process of their own.

use super::error::{ConfigurationError, Problem};
use std::{ffi::OsString, fmt};

type LookUp = dyn Fn(&str) -> Option<OsString> + Send + Sync;

/// Looks variables up.
pub struct Environment {
    variable: Box<LookUp>,
}

impl Environment {
    /// That of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self::new(|name| std::env::var_os(name))
    }

    /// One that asks this function.
    pub fn new(variable: impl Fn(&str) -> Option<OsString> + Send + Sync + 'static) -> Self {
        Self { variable: Box::new(variable) }
    }

    /// One that holds nothing but these.
    #[must_use]
    pub fn holding(variables: &[(&str, &str)]) -> Self {
        let variables: Vec<(String, OsString)> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), OsString::from(value))).collect();
        Self::new(move |name| {
            variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        })
    }

    /// Whether a variable is there, whatever it holds.
    #[must_use]
    pub fn is_set(&self, name: &str) -> bool {
        (self.variable)(name).is_some()
    }

    /// A variable's text.
    ///
    /// # Errors
    /// It is not Unicode.
    pub fn text(&self, name: &str) -> Result<Option<String>, ConfigurationError> {
        (self.variable)(name)
            .map(OsString::into_string)
            .transpose()
            .map_err(|_| ConfigurationError::Value { name: name.to_owned(), problem: Problem::NotUnicode })
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Environment")
    }
}
