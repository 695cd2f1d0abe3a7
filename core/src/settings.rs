//! What the operator decides, as far as the core needs to know it.

use crate::{
    clock::Timestamp,
    credential_key::KeyPrefix,
    domain::bundle::{BundleName, BundleTerms, Services},
    domain::limits::Limits,
};
use secrecy::SecretString;
use std::{path::PathBuf, time::Duration};

/// What the core is opened with.
pub struct Settings {
    /// `sqlite:` or `postgres:`, and what follows.
    pub database_url: String,
    /// The folder that holds the master key file, where the key is kept in a file.
    pub data_dir: PathBuf,
    /// The master key in Base64, where the operator keeps it elsewhere than in a file.
    pub master_key: Option<SecretString>,
    /// What every key begins with.
    pub key_prefix: KeyPrefix,
    /// The limits of new accounts.
    pub limits: Limits,
    /// The bundle that new accounts are born with.
    pub bundle: DefaultBundle,
    /// Who may create an account.
    pub registration: Registration,
    /// What to do about a database on another machine whose certificate is not verified.
    pub plain_connections: PlainConnections,
    /// How long the database is waited for.
    pub patience: Patience,
}

impl Settings {
    /// The defaults, with this database and this data folder.
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

/// Whether a database on another machine may be used without a verified certificate. Whoever is on the network between could then
/// read password hashes and sealed keys, and answer in the database's place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlainConnections {
    /// It is refused.
    #[default]
    Refused,
    /// The operator insists.
    Allowed,
}

/// How long the database is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a connection and all that is asked on it, together.
    pub request: Duration,
    /// For a commit: whoever gives up there does not know whether it happened.
    pub commit: Duration,
    /// For each answer in the background.
    pub background: Duration,
    /// Not a wait, but how long one look at the database serves all who ask whether it can be written to: anybody may ask,
    /// as often as they like.
    pub look_again: Duration,
}

/// That of a server: somebody sits in front of a page, and is to be told within two seconds that it will not come.
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
    /// That of a command, which nobody but its caller waits for.
    #[must_use]
    pub fn of_commands() -> Self {
        let long = Duration::from_secs(30);
        Self { request: long, commit: long, background: long, look_again: Duration::ZERO }
    }
}

/// The bundle that new accounts are born with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultBundle {
    /// What it is called.
    pub name: BundleName,
    /// What it holds.
    pub services: Services,
    /// How many requests it is good for; none is any number.
    pub quota: Option<u64>,
    /// How many days it is good for; none is for ever.
    pub days: Option<u32>,
    /// Whether it is there to be tried out.
    pub is_trial: bool,
}

/// Every service, any number of requests, for ever.
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
    /// What an account gets that is made at this moment.
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
    /// Everybody, on the sign-up page.
    #[default]
    Open,
    /// The operator, on the command line.
    Closed,
}
