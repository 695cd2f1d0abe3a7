//! Which engine keeps the database, and the words in which it differs from the other one.

use super::StoreError;

/// A database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub(super) fn of(url: &str) -> Result<Self, StoreError> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => Ok(Self::Sqlite),
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            _ => Err(StoreError::UnknownScheme),
        }
    }

    /// How a transaction begins that writes.
    pub(super) const fn begin(self) -> &'static str {
        match self {
            // Without IMMEDIATE, SQLite would take the write lock at the first write, and could fail there with a
            // snapshot that somebody else's commit made stale.
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }
}
