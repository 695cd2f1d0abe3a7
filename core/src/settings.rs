//! The operator's settings, as far as the core needs them.

use crate::{
    clock::Timestamp,
    credential_key::KeyPrefix,
    domain::{
        bundle::{BundleName, BundleTerms, Services},
        limits::Limits,
    },
};
use secrecy::SecretString;
use std::{path::PathBuf, time::Duration};

/// The settings that the core is opened with.
pub struct Settings {
    /// The database's URL, which begins with `sqlite:` or `postgres:`.
    pub database_url: String,
    /// The folder that holds the master key file, if the key is kept in a file.
    pub data_dir: PathBuf,
    /// The master key in Base64, if the operator does not keep it in a file.
    pub master_key: Option<SecretString>,
    /// The prefix of every new key.
    pub key_prefix: KeyPrefix,
    /// The rate limits of new accounts.
    pub limits: Limits,
    /// The bundle of new accounts.
    pub bundle: DefaultBundle,
    /// Who may create an account.
    pub registration: Registration,
    /// Whether a database on another machine may be used if its certificate is not verified.
    pub plain_connections: PlainConnections,
    /// The time limits for the answers of the database.
    pub patience: Patience,
}

impl Settings {
    /// The default settings, with this database and this data folder.
    #[must_use]
    pub fn new(database_url: impl Into<String>, data_dir: impl Into<PathBuf>) -> Self {
        Self {
            database_url: database_url.into(),
            data_dir: data_dir.into(),
            master_key: None,
            key_prefix: KeyPrefix::default(),
            limits: Limits::default(),
            bundle: DefaultBundle::default(),
            registration: Registration::default(),
            plain_connections: PlainConnections::default(),
            patience: Patience::default(),
        }
    }
}

// The database's URL may hold a password.
crate::opaque_debug!(Settings);

/// Whether a database on another machine may be used without a verified certificate. An attacker on the network between
/// could then read password hashes and encrypted keys, and answer in place of the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlainConnections {
    /// The database is refused.
    #[default]
    Refused,
    /// The operator allows it.
    Allowed,
}

/// The time limits for the answers of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a request: getting a connection and all its statements, together.
    pub request: Duration,
    /// For a COMMIT. After this limit, the caller does not know whether the commit happened.
    pub commit: Duration,
    /// For each answer to background work.
    pub background: Duration,
    /// How long the result of one probe is reused. Anybody may ask whether the database can be written to, as often as
    /// they like; all of them get this result.
    pub look_again: Duration,
}

/// The limits of a server: a user is waiting for the page and must see within two seconds if it cannot be shown.
impl Default for Patience {
    fn default() -> Self {
        Self {
            request: Duration::from_millis(1_500),
            commit: Duration::from_secs(5),
            background: Duration::from_secs(10),
            look_again: Duration::from_secs(1),
        }
    }
}

impl Patience {
    /// The limits of a command: only its caller waits for it.
    #[must_use]
    pub fn of_commands() -> Self {
        let long = Duration::from_secs(30);
        Self { request: long, commit: long, background: long, look_again: Duration::ZERO }
    }
}

/// The bundle of new accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultBundle {
    /// Its name.
    pub name: BundleName,
    /// The services that it holds.
    pub services: Services,
    /// The number of requests that it allows. Without a value there is no limit.
    pub quota: Option<u64>,
    /// The number of days until it expires. Without a value it never expires.
    pub days: Option<u32>,
    /// Whether it is a trial bundle.
    pub is_trial: bool,
}

/// All services, without a quota or an expiry.
impl Default for DefaultBundle {
    fn default() -> Self {
        Self {
            name: BundleName::default(),
            services: Services::All,
            quota: None,
            days: None,
            is_trial: false,
        }
    }
}

impl DefaultBundle {
    /// The bundle of an account that is created at this time.
    #[must_use]
    pub fn terms(&self, now: Timestamp) -> BundleTerms {
        let lasts = |days: u32| now.plus(Duration::from_secs(u64::from(days) * 86_400));
        BundleTerms {
            name: self.name.clone(),
            services: self.services.clone(),
            enabled: true,
            expires_at: self.days.map(lasts),
            quota: self.quota,
            is_trial: self.is_trial,
        }
    }
}

/// Who may create an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Registration {
    /// Everybody can, on the sign-up page.
    #[default]
    Open,
    /// Only the operator can, on the command line.
    Closed,
}
