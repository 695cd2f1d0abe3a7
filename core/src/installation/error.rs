//! Why an installation cannot be opened.

use super::mark::{MarkError, Older};
use crate::{
    crypto::master_key::MasterKeyError,
    random::NoRandomness,
    store::{Place, StoreError},
};
use std::{io, path::PathBuf};

/// Why the installation cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The master key cannot be read, or it is not the one of this database.
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    /// The database holds wrapped keys, so there was a master key, but none is found now.
    #[error(
        "the master key is missing: this database was set up with one. Restore {0}, or set CLAVIGER_MASTER_KEY. \
         Without it the keys cannot be viewed again"
    )]
    MissingMasterKey(PathBuf),
    /// A key of the installation was removed from the database.
    #[error(
        "a wrapped key is missing from the database: it was deleted, or an upgrade was interrupted. Restore an earlier backup"
    )]
    MissingWrappedKey,
    /// The operating system returned no random bytes.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The database must not be used. It was left as it is.
    #[error(transparent)]
    Refused(Box<Refusal>),
}

impl From<Refusal> for OpenError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// Why the database must not be used.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There has never been an installation.
    #[error(
        "there is no installation in {place}. `claviger serve` or `claviger account create` makes one; \
         or does CLAVIGER_DATA_DIR or CLAVIGER_DATABASE_URL differ from the server's?"
    )]
    NoInstallation {
        /// Where the database was expected.
        place: Place,
    },
    /// The database is missing, but files that belong to it exist.
    #[error(
        "{place} is missing or empty, but {} belongs to an existing installation. Is a volume not mounted? \
         Restore the database from a backup; or, to start a new installation, move that file away",
        belonging.display()
    )]
    LostDatabase {
        /// Where the database was.
        place: Place,
        /// The file that belongs to it.
        belonging: PathBuf,
    },
    /// The tables are those of an older release.
    #[error(
        "the database was made by an older Claviger (its schema version is {database}, this program needs {program}). \
         Back it up, then start `claviger serve`, which brings it up to date"
    )]
    OlderTables {
        /// The schema version of the database.
        database: i64,
        /// The schema version that this program works with.
        program: i64,
    },
    /// The tables are those of a newer release.
    #[error(
        "the database was made by a newer Claviger (its schema version is {database}, this program knows {program}). \
         Use that release, or restore the backup from before the upgrade"
    )]
    NewerTables {
        /// The schema version of the database.
        database: i64,
        /// The schema version that this program works with.
        program: i64,
    },
    /// The database is older than what this installation has seen.
    #[error(
        "the database is older than what this installation has seen: {0}. If you restored a backup, start \
         `claviger serve --accept-older-database` once. If you did not, somebody has changed the database"
    )]
    OlderThanSeen(Older),
    /// The data folder belongs to one installation, the database to another.
    #[error(
        "the database belongs to another installation than {}. If the two belong together, start \
         `claviger serve --accept-older-database` once",
        mark.display()
    )]
    OtherInstallation {
        /// The file of the mark.
        mark: PathBuf,
    },
    /// Another server runs on the database. Only one server can hold the keys in memory.
    #[error(
        "another server runs on {place}. Only one server can run on a database, because it holds all keys in memory"
    )]
    AnotherServer {
        /// The database.
        place: Place,
    },
    /// An attacker on the network could read the database's traffic, or answer in its place.
    #[error(
        "{place} would be reached without a verified certificate. Add ?sslmode=verify-full to CLAVIGER_DATABASE_URL (and \
         &sslrootcert=FILE for an authority of your own), or set CLAVIGER_DATABASE_INSECURE=allow"
    )]
    Exposed {
        /// The database.
        place: Place,
    },
    /// The file of the database cannot be used.
    #[error("the database file {} {problem}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: io::Error,
    },
    /// The mark cannot be read or written.
    #[error(transparent)]
    Mark(#[from] MarkError),
}
