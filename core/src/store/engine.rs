//! The database engine, and the SQL in which the two engines differ.

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

    /// The statement that begins a transaction that writes.
    pub(super) const fn begin(self) -> &'static str {
        match self {
            // Without IMMEDIATE, SQLite would take the write lock at the first write, and that write could fail because
            // another commit had made the snapshot stale.
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }
}
