//! What the operator decides, as far as the core needs to know it.

use crate::key::Brand;
use secrecy::SecretString;
use std::{fmt, path::PathBuf};

/// What the core is opened with.
pub struct Settings {
    /// `sqlite:` or `postgres:`, and what follows.
    pub database_url: String,
    /// The folder that holds the master key file, where the key is kept in a file.
    pub data_dir: PathBuf,
    /// The master key in Base64, where the operator keeps it elsewhere than in a file.
    pub master_key: Option<SecretString>,
    /// What every key begins with.
    pub brand: Brand,
    /// The limits of new accounts.
    pub limits: Limits,
    /// Who may create an account.
    pub registration: Registration,
}

/// Never the database's URL: it may hold a password.
impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Settings")
    }
}

/// How many requests an account may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests in a second.
    pub per_second: u32,
    /// Requests in a minute.
    pub per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_second: 15, per_minute: 120 }
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
