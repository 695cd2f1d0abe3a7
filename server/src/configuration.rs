//! The configuration: read from `Leptos.toml` and overridden by the environment. It must not know how the values are
//! used.

mod environment;
mod error;
mod file;
mod folder;
mod leptos;
mod setting;
mod trusted_proxies;
mod unknown;
mod value;

pub use environment::Environment;
pub use error::{ConfigurationError, ValueError};
pub use file::ConfigurationFile;
pub use trusted_proxies::TrustedProxies;
pub use value::DatabaseUrl;

use crate::{
    mail::{MailSettings, WrongMailSetting},
    web_origin::{Scheme, WebOrigin},
};
use ::leptos::config::LeptosOptions;
use claviger_core::{
    credential_key::KeyPrefix,
    domain::{
        bundle::{BundleName, Services},
        limits::Limits,
    },
    settings::{DefaultBundle, Patience, PlainConnections, Registration, Settings},
};
use file::BundleTable;
use secrecy::SecretString;
use setting::{Names, Setting};
use std::{net::SocketAddr, path::PathBuf};

/// The variable with the master key. The file has no key for it, because no secret belongs there.
pub const MASTER_KEY: &str = "CLAVIGER_MASTER_KEY";

/// All settings, validated.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// The options of leptos: the address, and the folder of the built pages.
    pub leptos: LeptosOptions,
    /// Whether `cargo leptos watch` started the server. The pages then listen for changes of the sources.
    pub live_reload: bool,
    /// The path of the file with the hashes in the names of scripts and styles, if it should exist but is missing.
    pub missing_hash_file: Option<PathBuf>,
    /// The folder of the database and the master key file.
    pub data_folder: PathBuf,
    pub database_url: DatabaseUrl,
    /// The master key, which wraps all other keys, if the environment provides it.
    pub master_key: Option<SecretString>,
    /// The prefix of every key.
    pub key_prefix: KeyPrefix,
    /// The limits of new accounts.
    pub limits: Limits,
    /// The bundle of new accounts.
    pub bundle: DefaultBundle,
    /// The address of `/v1`, if it is separate from the pages.
    pub verify_addr: Option<SocketAddr>,
    /// The address of the metrics.
    pub metrics_addr: Option<SocketAddr>,
    /// Whether visitors may create an account.
    pub registration: Registration,
    /// The origin at which browsers reach this installation.
    pub public_url: Option<WebOrigin>,
    /// The proxies whose forwarding headers are trusted.
    pub trusted_proxies: TrustedProxies,
    /// The e-mail settings. Without them, no e-mail is sent.
    pub mail: Option<MailSettings>,
    /// Whether to use a database on another machine without a verified certificate.
    pub plain_connections: PlainConnections,
    /// The time limits for the database. They are not a setting; commands wait longer than a server.
    pub patience: Patience,
}

impl Configuration {
    /// Reads the file and the environment.
    ///
    /// # Errors
    /// The name of the wrong variable or key, and its problem.
    pub fn read(file: &ConfigurationFile, environment: &Environment) -> Result<Self, ConfigurationError> {
        unknown::refuse_variables(environment)?;
        // Parse the file before leptos does: the error of leptos for an invalid line would print the line, with a
        // password in it.
        let table = file.table()?;
        let (leptos, missing_hash_file) = leptos::options(file, environment)?;
        let find = |names: Names, in_file: Option<String>| choose(environment, file, names, in_file);

        let data_folder = match find(setting::DATA_DIR, table.data_dir)? {
            Some(setting) => file.absolute(&setting)?,
            None => std::path::absolute("data").map_err(|_| ConfigurationError::NoWorkingDirectory)?,
        };
        let database_url = match find(setting::DATABASE_URL, table.database_url)? {
            Some(setting) => setting.parse(DatabaseUrl::parse)?,
            None => DatabaseUrl::in_folder(&data_folder)
                .ok_or_else(|| ConfigurationError::FolderName { folder: data_folder.clone() })?,
        };
        let defaults = Limits::default();
        let per_second = find(setting::LIMITS_PER_SECOND, table.limits.per_second.map(|n| n.to_string()))?;
        let per_minute = find(setting::LIMITS_PER_MINUTE, table.limits.per_minute.map(|n| n.to_string()))?;
        let registration = find(setting::REGISTRATION, table.registration)?;
        let proxies = find(setting::TRUSTED_PROXIES, table.trusted_proxies.map(|list| list.join(",")))?;

        let public_url = parse(find(setting::PUBLIC_URL, table.public_url)?, value::public_url)?;
        // An installation with a public URL has customers, so open registration must be set explicitly there.
        let registration_unless_set =
            if public_url.is_some() { Registration::Closed } else { Registration::Open };
        let limits = Limits {
            per_minute: parse_or(per_minute, defaults.per_minute, value::limit)?,
            per_second: match &per_second {
                Some(setting) => setting.parse(value::limit)?,
                None => defaults.per_second,
            },
        };
        if let (Some(setting), true) = (&per_second, limits.per_second > limits.per_minute) {
            return Err(setting.wrong(ValueError::MoreThanAMinute(limits.per_second, limits.per_minute)));
        }
        Ok(Self {
            leptos,
            missing_hash_file,
            live_reload: environment.is_set("LEPTOS_WATCH"),
            data_folder,
            database_url,
            master_key: master_key(environment)?,
            key_prefix: parse_or(
                find(setting::KEY_PREFIX, table.key_prefix)?,
                KeyPrefix::default(),
                value::key_prefix,
            )?,
            limits,
            bundle: bundle(find, table.bundle)?,
            verify_addr: parse(find(setting::VERIFY_ADDR, table.verify_addr)?, value::socket_address)?,
            metrics_addr: parse(find(setting::METRICS_ADDR, table.metrics_addr)?, value::socket_address)?,
            registration: parse_or(registration, registration_unless_set, value::registration)?,
            public_url,
            trusted_proxies: parse_or(proxies, TrustedProxies::default(), TrustedProxies::parse)?,
            plain_connections: parse_or(
                find(setting::DATABASE_INSECURE, table.database_insecure)?,
                PlainConnections::Refused,
                value::plain_connections,
            )?,
            mail: mail(find(setting::SMTP_URL, table.smtp_url)?, find(setting::MAIL_FROM, table.mail_from)?)?,
            patience: Patience::default(),
        })
    }

    /// The settings that the core needs.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings {
            database_url: self.database_url.as_str().to_owned(),
            data_dir: self.data_folder.clone(),
            master_key: self.master_key.clone(),
            key_prefix: self.key_prefix.clone(),
            limits: self.limits,
            bundle: self.bundle.clone(),
            registration: self.registration,
            plain_connections: self.plain_connections,
            patience: self.patience,
        }
    }

    /// The base URL of links that are created without a request.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.base_url_at(self.leptos.site_addr)
    }

    /// The base URL for a server that listens at this address.
    pub(crate) fn base_url_at(&self, address: SocketAddr) -> String {
        if let Some(url) = &self.public_url {
            return url.to_string();
        }
        // For an unspecified or loopback address, browsers keep the session only under the name `localhost`.
        if address.ip().is_unspecified() || address.ip().is_loopback() {
            format!("http://localhost:{}", address.port())
        } else {
            format!("http://{address}")
        }
    }

    /// Warnings about settings that are valid but probably not intended.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        let is_https = self.public_url.as_ref().is_some_and(|url| url.scheme() == Scheme::Https);
        if is_https && self.trusted_proxies == TrustedProxies::default() {
            warnings.push(
                "CLAVIGER_PUBLIC_URL is https, and CLAVIGER_TRUSTED_PROXIES names no proxy: all browsers count as one address, \
                 which limits them together"
                    .to_owned(),
            );
        }
        if is_https && self.registration == Registration::Open && self.bundle == DefaultBundle::default() {
            warnings.push(
                "registration is open, and a new account gets a bundle of every service without a quota: anybody who signs \
                 up may use all of the API"
                    .to_owned(),
            );
        }
        if let Some(file) = &self.missing_hash_file {
            warnings.push(format!(
                "{} is missing: the pages are served without their styles and scripts, unless the site was built without hashes",
                file.display()
            ));
        }
        warnings.extend(folder::warning(&self.data_folder));
        warnings
    }

    /// Creates the data folder if it is missing, with access for this user only.
    ///
    /// # Errors
    /// The folder cannot be created, a file is in its place, or other users may write to it.
    pub fn make_data_folder(&self) -> Result<(), ConfigurationError> {
        folder::make(&self.data_folder)
    }
}

/// Returns the setting from the environment, or else from the file.
fn choose(
    environment: &Environment,
    file: &ConfigurationFile,
    names: Names,
    in_file: Option<String>,
) -> Result<Option<Setting>, ConfigurationError> {
    if let Some(text) = environment.text(names.variable())? {
        return Ok(Some(Setting::of_environment(names, text)));
    }
    Ok(in_file.map(|text| Setting::of_file(names, file.name(), text)))
}

fn bundle(
    find: impl Fn(Names, Option<String>) -> Result<Option<Setting>, ConfigurationError>,
    table: BundleTable,
) -> Result<DefaultBundle, ConfigurationError> {
    let services = table.services.map(|list| list.join(","));
    let number = |number: Option<i64>| number.map(|number| number.to_string());
    Ok(DefaultBundle {
        name: parse_or(find(setting::BUNDLE_NAME, table.name)?, BundleName::default(), value::bundle_name)?,
        services: parse_or(find(setting::BUNDLE_SERVICES, services)?, Services::All, value::services)?,
        quota: parse(find(setting::BUNDLE_QUOTA, number(table.quota))?, value::count)?,
        days: parse(find(setting::BUNDLE_DAYS, number(table.days))?, value::count)?,
        is_trial: parse_or(
            find(setting::BUNDLE_TRIAL, table.trial.map(|trial| trial.to_string()))?,
            false,
            value::boolean,
        )?,
    })
}

fn parse<T>(
    setting: Option<Setting>,
    parse: impl FnOnce(&str) -> Result<T, ValueError>,
) -> Result<Option<T>, ConfigurationError> {
    setting.map(|setting| setting.parse(parse)).transpose()
}

fn mail(url: Option<Setting>, from: Option<Setting>) -> Result<Option<MailSettings>, ConfigurationError> {
    let (url, from) = match (url, from) {
        (None, None) => return Ok(None),
        (Some(url), None) => return Err(url.wrong(ValueError::Lacks("CLAVIGER_MAIL_FROM"))),
        (None, Some(from)) => return Err(from.wrong(ValueError::Lacks("CLAVIGER_SMTP_URL"))),
        (Some(url), Some(from)) => (url, from),
    };
    let settings = MailSettings::parse(SecretString::from(url.text().trim()), from.text().trim());
    settings.map(Some).map_err(|wrong| match wrong {
        WrongMailSetting::Url => url.wrong(ValueError::NotAMailServer),
        WrongMailSetting::From => from.wrong(ValueError::NotASender(from.text().to_owned())),
    })
}

fn parse_or<T>(
    setting: Option<Setting>,
    default: T,
    parse: impl FnOnce(&str) -> Result<T, ValueError>,
) -> Result<T, ConfigurationError> {
    setting.map_or(Ok(default), |setting| setting.parse(parse))
}

fn master_key(environment: &Environment) -> Result<Option<SecretString>, ConfigurationError> {
    match environment.text(MASTER_KEY)? {
        // An empty variable is most likely a secret that was not passed on. Creating a new key then would be wrong.
        Some(text) if text.trim().is_empty() => {
            Err(ConfigurationError::Value { name: MASTER_KEY.to_owned(), problem: ValueError::Empty })
        }
        text => Ok(text.map(SecretString::from)),
    }
}

#[cfg(test)]
mod tests;
