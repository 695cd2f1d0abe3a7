//! One setting: its value and its name in errors.

use super::error::{ConfigurationError, ValueError};

/// The names of a setting in the environment and in the file.
#[derive(Clone, Copy)]
pub(super) struct Names {
    variable: &'static str,
    key: &'static str,
}

/// Defines the names of every setting that can be in the environment and in the file, and lists them in `ALL`.
macro_rules! settings {
    ($($constant:ident: $variable:literal, $key:literal;)*) => {
        $(pub(super) const $constant: Names = Names { variable: $variable, key: $key };)*

        /// Every setting that can be in the environment and in the file.
        pub(super) const ALL: &[Names] = &[$($constant),*];
    };
}

settings! {
    PUBLIC_URL: "CLAVIGER_PUBLIC_URL", "claviger.public-url";
    REGISTRATION: "CLAVIGER_REGISTRATION", "claviger.registration";
    TRUSTED_PROXIES: "CLAVIGER_TRUSTED_PROXIES", "claviger.trusted-proxies";
    KEY_PREFIX: "CLAVIGER_KEY_PREFIX", "claviger.key-prefix";
    DATA_DIR: "CLAVIGER_DATA_DIR", "claviger.data-dir";
    DATABASE_URL: "CLAVIGER_DATABASE_URL", "claviger.database-url";
    DATABASE_INSECURE: "CLAVIGER_DATABASE_INSECURE", "claviger.database-insecure";
    SMTP_URL: "CLAVIGER_SMTP_URL", "claviger.smtp-url";
    MAIL_FROM: "CLAVIGER_MAIL_FROM", "claviger.mail-from";
    LIMITS_PER_SECOND: "CLAVIGER_LIMITS_PER_SECOND", "claviger.limits.per-second";
    LIMITS_PER_MINUTE: "CLAVIGER_LIMITS_PER_MINUTE", "claviger.limits.per-minute";
    VERIFY_ADDR: "CLAVIGER_VERIFY_ADDR", "claviger.verify-addr";
    METRICS_ADDR: "CLAVIGER_METRICS_ADDR", "claviger.metrics-addr";
    BUNDLE_NAME: "CLAVIGER_BUNDLE_NAME", "claviger.bundle.name";
    BUNDLE_SERVICES: "CLAVIGER_BUNDLE_SERVICES", "claviger.bundle.services";
    BUNDLE_QUOTA: "CLAVIGER_BUNDLE_QUOTA", "claviger.bundle.quota";
    BUNDLE_DAYS: "CLAVIGER_BUNDLE_DAYS", "claviger.bundle.days";
    BUNDLE_TRIAL: "CLAVIGER_BUNDLE_TRIAL", "claviger.bundle.trial";
}

impl Names {
    pub(super) fn variable(&self) -> &'static str {
        self.variable
    }

    #[cfg(test)]
    pub(super) fn key(&self) -> &'static str {
        self.key
    }
}

/// A value as text, not parsed yet.
pub(super) struct Setting {
    name: String,
    text: String,
    from_file: bool,
}

impl Setting {
    /// A setting from a variable of the environment.
    pub(super) fn of_environment(names: Names, text: String) -> Self {
        Self { name: names.variable.to_owned(), text, from_file: false }
    }

    /// A setting from a key of the file with this name.
    pub(super) fn of_file(names: Names, file: &str, text: String) -> Self {
        Self { name: format!("{} in {file}", names.key), text, from_file: true }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn is_from_file(&self) -> bool {
        self.from_file
    }

    /// Parses the text. The error contains the name of the setting.
    pub(super) fn parse<T>(
        &self,
        parse: impl FnOnce(&str) -> Result<T, ValueError>,
    ) -> Result<T, ConfigurationError> {
        parse(self.text.trim()).map_err(|problem| self.wrong(problem))
    }

    pub(super) fn wrong(&self, problem: ValueError) -> ConfigurationError {
        ConfigurationError::Value { name: self.name.clone(), problem }
    }
}
