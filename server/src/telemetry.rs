//! The log: lines on stderr, filtered by `RUST_LOG`. It must not know what is logged.

use crate::configuration::{ConfigurationError, Environment};
use std::io::IsTerminal;
use tracing::Level;
use tracing_subscriber::{
    EnvFilter,
    filter::{ParseError, Targets},
};

/// The variable with the filter of the log.
pub const VARIABLE: &str = "RUST_LOG";

/// Why the log cannot start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The variable cannot be read.
    #[error(transparent)]
    Variable(#[from] ConfigurationError),
    /// The text of the variable is not a valid filter.
    #[error("RUST_LOG is not a valid filter: {0}")]
    Filter(#[from] ParseError),
}

/// Whether `RUST_LOG` hides even the errors of this program.
#[must_use]
pub fn is_silent(environment: &Environment) -> bool {
    let text = environment.text(VARIABLE).ok().flatten().filter(|text| !text.is_empty());
    let targets = text.and_then(|text| text.parse::<Targets>().ok());
    targets.is_some_and(|targets| !targets.would_enable("claviger", &Level::ERROR))
}

/// Starts the log. Without `RUST_LOG`, its level is `default`. A log that already exists stays in use.
///
/// # Errors
/// `RUST_LOG` cannot be read or is not a valid filter.
pub fn start(environment: &Environment, default: &str) -> Result<(), TelemetryError> {
    let filter = filter(environment, default)?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    if log.try_init().is_err() {
        tracing::debug!("a log already exists");
    }
    Ok(())
}

fn filter(environment: &Environment, default: &str) -> Result<EnvFilter, TelemetryError> {
    let text = environment.text(VARIABLE)?.filter(|text| !text.is_empty());
    Ok(EnvFilter::builder().parse(text.as_deref().unwrap_or(default))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_says_how_much_is_logged() {
        let environment = Environment::holding(&[(VARIABLE, "claviger=trace")]);
        assert_eq!(filter(&environment, "info").unwrap().to_string(), "claviger=trace");
    }

    #[test]
    fn a_variable_that_silences_the_program_is_told() {
        for (text, silent) in
            [("foo", true), ("hyper=debug", true), ("off", true), ("claviger=off", true)].into_iter().chain([
                ("", false),
                ("warn", false),
                ("error,hyper=off", false),
                ("claviger::http=debug,info", false),
            ])
        {
            assert_eq!(is_silent(&Environment::holding(&[(VARIABLE, text)])), silent, "{text}");
        }
        assert!(!is_silent(&Environment::holding(&[])));
    }

    #[test]
    fn without_the_variable_the_default_holds() {
        for environment in [Environment::holding(&[]), Environment::holding(&[(VARIABLE, "")])] {
            assert_eq!(filter(&environment, "info").unwrap().to_string(), "info");
        }
    }

    #[test]
    fn a_wrong_filter_is_an_error_that_names_the_variable() {
        let error = filter(&Environment::holding(&[(VARIABLE, "claviger=loud")]), "info").unwrap_err();
        assert!(error.to_string().starts_with("RUST_LOG "), "{error}");
    }
}
