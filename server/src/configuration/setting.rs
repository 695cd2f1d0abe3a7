//! One value together with the name that an error calls it by.

use super::{
    environment::Environment,
    error::{ConfigurationError, ValueError},
    file::ConfigurationFile,
};

/// What a value is called in the environment and in the file.
#[derive(Clone, Copy)]
pub(super) struct Names {
    variable: &'static str,
    key: &'static str,
}

const fn names(variable: &'static str, key: &'static str) -> Names {
    Names { variable, key }
}

pub(super) const PUBLIC_URL: Names = names("CLAVIGER_PUBLIC_URL", "claviger.public-url");
pub(super) const REGISTRATION: Names = names("CLAVIGER_REGISTRATION", "claviger.registration");
pub(super) const TRUSTED_PROXIES: Names = names("CLAVIGER_TRUSTED_PROXIES", "claviger.trusted-proxies");
pub(super) const KEY_PREFIX: Names = names("CLAVIGER_KEY_PREFIX", "claviger.key-prefix");
pub(super) const DATA_DIR: Names = names("CLAVIGER_DATA_DIR", "claviger.data-dir");
pub(super) const DATABASE_URL: Names = names("CLAVIGER_DATABASE_URL", "claviger.database-url");
pub(super) const DATABASE_INSECURE: Names = names("CLAVIGER_DATABASE_INSECURE", "claviger.database-insecure");
pub(super) const SMTP_URL: Names = names("CLAVIGER_SMTP_URL", "claviger.smtp-url");
pub(super) const MAIL_FROM: Names = names("CLAVIGER_MAIL_FROM", "claviger.mail-from");
pub(super) const LIMITS_PER_SECOND: Names = names("CLAVIGER_LIMITS_PER_SECOND", "claviger.limits.per-second");
pub(super) const LIMITS_PER_MINUTE: Names = names("CLAVIGER_LIMITS_PER_MINUTE", "claviger.limits.per-minute");

pub(super) const VERIFY_ADDR: Names = names("CLAVIGER_VERIFY_ADDR", "claviger.verify-addr");
pub(super) const METRICS_ADDR: Names = names("CLAVIGER_METRICS_ADDR", "claviger.metrics-addr");
pub(super) const BUNDLE_NAME: Names = names("CLAVIGER_BUNDLE_NAME", "claviger.bundle.name");
pub(super) const BUNDLE_SERVICES: Names = names("CLAVIGER_BUNDLE_SERVICES", "claviger.bundle.services");
pub(super) const BUNDLE_QUOTA: Names = names("CLAVIGER_BUNDLE_QUOTA", "claviger.bundle.quota");
pub(super) const BUNDLE_DAYS: Names = names("CLAVIGER_BUNDLE_DAYS", "claviger.bundle.days");
pub(super) const BUNDLE_TRIAL: Names = names("CLAVIGER_BUNDLE_TRIAL", "claviger.bundle.trial");

/// Every setting that both the environment and the file know.
pub(super) const ALL: [Names; 18] = [
    PUBLIC_URL,
    REGISTRATION,
    TRUSTED_PROXIES,
    KEY_PREFIX,
    DATA_DIR,
    DATABASE_URL,
    DATABASE_INSECURE,
    SMTP_URL,
    MAIL_FROM,
    LIMITS_PER_SECOND,
    LIMITS_PER_MINUTE,
    VERIFY_ADDR,
    METRICS_ADDR,
    BUNDLE_NAME,
    BUNDLE_SERVICES,
    BUNDLE_QUOTA,
    BUNDLE_DAYS,
    BUNDLE_TRIAL,
];

impl Names {
    pub(super) fn variable(&self) -> &'static str {
        self.variable
    }

    #[cfg(test)]
    pub(super) fn key(&self) -> &'static str {
        self.key
    }
}

/// A value as text, not yet understood.
pub(super) struct Setting {
    name: String,
    text: String,
    from_file: bool,
}

/// What the environment says, or else what the file says.
pub(super) fn choose(
    environment: &Environment,
    file: &ConfigurationFile,
    names: Names,
    in_file: Option<String>,
) -> Result<Option<Setting>, ConfigurationError> {
    if let Some(text) = environment.text(names.variable)? {
        return Ok(Some(Setting { name: names.variable.to_owned(), text, from_file: false }));
    }
    let name = || format!("{} in {}", names.key, file.name());
    Ok(in_file.map(|text| Setting { name: name(), text, from_file: true }))
}

impl Setting {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn is_from_file(&self) -> bool {
        self.from_file
    }

    /// Understands the text, or says by its name what is wrong with it.
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
