//! Why an installation does not open.

use super::mark::{MarkError, Older};
use crate::{
    crypto::master_key::MasterKeyError,
    random::NoRandomness,
    store::{Place, StoreError},
};
use std::{io, path::PathBuf};

/// Why the installation does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The master key cannot be read, or it is not the one of this database.
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    /// The database holds wrapped keys, so it once had a master key, and there is none now.
    #[error(
        "the master key is missing: this database was set up with one. Restore {0}, or set CLAVIGER_MASTER_KEY. \
         Without it the keys cannot be viewed again"
    )]
    MissingMasterKey(PathBuf),
    /// A key of the installation was removed from the database.
    #[error(
        "the database has lost a wrapped key: somebody removed it, or an upgrade was cut short. Restore the backup from before"
    )]
    MissingWrappedKey,
    /// The machine's randomness.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The database must be left as it is.
    #[error(transparent)]
    Refused(Box<Refusal>),
}

impl From<Refusal> for OpenError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// Why the database is left as it is.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Nothing was ever made there.
    #[error(
        "there is no installation in {place}. `claviger serve` or `claviger account create` makes one; \
         or is CLAVIGER_DATA_DIR or CLAVIGER_DATABASE_URL another one than that of the server?"
    )]
    NoInstallation {
        /// Where it was looked for.
        place: Place,
    },
    /// The database is gone, and what belongs to it is there.
    #[error(
        "{place} is missing or empty, but {} belongs to an installation that was there. Is a volume not mounted? \
         Restore the database from a backup; or, to begin anew, move that file away",
        belonging.display()
    )]
    LostDatabase {
        /// Where the database was.
        place: Place,
        /// What belongs to it.
        belonging: PathBuf,
    },
    /// The tables are those of an older release.
    #[error(
        "the database was made by an older Claviger (its tables are of form {database}, this program needs {program}). \
         Back it up, then start `claviger serve`, which brings it up to date"
    )]
    OlderTables {
        /// The form of the tables.
        database: i64,
        /// The form that this program works with.
        program: i64,
    },
    /// The tables are those of a newer release.
    #[error(
        "the database was made by a newer Claviger (its tables are of form {database}, this program knows {program}). \
         Use that release, or restore the backup from before the upgrade"
    )]
    NewerTables {
        /// The form of the tables.
        database: i64,
        /// The form that this program works with.
        program: i64,
    },
    /// The tables are of an older form than they once were.
    #[error(
        "the database is older than what this installation has seen: {0}. If you restored a backup, start \
         `claviger serve --accept-older-database` once. If you did not, somebody has changed the database"
    )]
    OlderThanSeen(Older),
    /// The data folder is of one installation, the database of another.
    #[error(
        "the database belongs to another installation than {}. If the two belong together, start \
         `claviger serve --accept-older-database` once",
        mark.display()
    )]
    OtherInstallation {
        /// The mark's file.
        mark: PathBuf,
    },
    /// Only one server can keep the keys in memory.
    #[error("another server runs on {place}. One server runs on a database: it holds all keys in memory")]
    AnotherServer {
        /// The database.
        place: Place,
    },
    /// Others on the network could read the database's traffic, or answer in its place.
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
    /// The mark is of no use.
    #[error(transparent)]
    Mark(#[from] MarkError),
}
