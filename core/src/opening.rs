//! What a command may do to the database that it opens: make it and bring it up to date, or neither. It must not know what the
//! command does then.

use crate::{
    keys::{MASTER_KEY_FILE, OpenError},
    mark::{Mark, MarkError, Older},
    private_file,
    settings::{PlainConnections, Settings},
    store::{Database, schema, server_lock, wrapped_key},
};
use std::{io, path::PathBuf};

pub use crate::store::{LockState, Place, ServerLock};

/// What a command is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// To serve: makes the database where there is none, brings it up to date, and keeps every other server away.
    Serving {
        /// Whether the operator accepts a database that is older than what this installation has seen.
        accept_older: bool,
    },
    /// To make an account, perhaps the first: makes the database where there is none, and brings it up to date unless a server
    /// runs.
    Making,
    /// Anything else: needs a database of this program's form.
    Existing,
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

/// A database that may be used, with its tables up to date.
pub(crate) struct Prepared {
    pub(crate) database: Database,
    pub(crate) mark: Option<Mark>,
    pub(crate) lock: Option<ServerLock>,
    /// Whether the rows may still be without their MACs: only while the tables are brought up to date from a form that had no room
    /// for them. A form that is older than the mark was refused before.
    pub(crate) rows_may_be_unprotected: bool,
}

/// The migration that makes room for the MACs of rows.
const ROW_MACS: i64 = 4;

/// Opens the database, unless something speaks against it. What is refused is left untouched.
pub(crate) async fn prepare(settings: &Settings, opening: Opening) -> Result<Prepared, OpenError> {
    let place = Place::of(&settings.database_url)?;
    refuse_exposed(&place, settings)?;
    let mark = Mark::read(&settings.data_dir).map_err(Refusal::from)?;
    let may_make = !matches!(opening, Opening::Existing);
    if place.is_missing_file() {
        refuse_to_make(settings, opening, &place)?;
    }
    if let Place::File(path) = &place {
        private_file::prepare(path, may_make)
            .map_err(|problem| Refusal::File { path: path.clone(), problem })?;
    }
    let database = Database::open(&settings.database_url, settings.patience).await?;
    let form = schema::find(&mut database.unhurried().reader().await?).await?;
    match form {
        None => refuse_to_make(settings, opening, &place)?,
        Some(form) => judge(form, mark.as_ref(), opening)?,
    }
    // The first start ended before it was done. Only another start may make what is missing.
    if opening == Opening::Existing && !wrapped_key::any_exists(&mut database.reader().await?).await? {
        return Err(Refusal::NoInstallation { place }.into());
    }
    let lock = match opening {
        Opening::Serving { .. } => {
            let lock = ServerLock::take(&place, &settings.database_url).await?;
            Some(lock.ok_or_else(|| Refusal::AnotherServer { place: place.clone() })?)
        }
        Opening::Making | Opening::Existing => None,
    };
    if may_make && form != Some(schema::newest()) {
        if lock.is_none() && server_lock::is_held(&place, &mut database.reader().await?).await? {
            return Err(Refusal::AnotherServer { place }.into());
        }
        database.migrate().await?;
    }
    let rows_may_be_unprotected = may_make && form.is_some_and(|form| form < ROW_MACS);
    Ok(Prepared { database, mark, lock, rows_may_be_unprotected })
}

/// What is sent to another machine without a verified certificate can be read, and answered, by whoever is on the way.
pub(crate) fn refuse_exposed(place: &Place, settings: &Settings) -> Result<(), Refusal> {
    let is_exposed = matches!(place, Place::Server { is_exposed: true, .. });
    if is_exposed && settings.plain_connections == PlainConnections::Refused {
        return Err(Refusal::Exposed { place: place.clone() });
    }
    Ok(())
}

/// Where there is no database, only an installation that is new altogether may be made.
fn refuse_to_make(settings: &Settings, opening: Opening, place: &Place) -> Result<(), Refusal> {
    if opening == Opening::Existing {
        return Err(Refusal::NoInstallation { place: place.clone() });
    }
    refuse_lost(settings, place)
}

/// Where there is no database, nothing may be left of one.
pub(crate) fn refuse_lost(settings: &Settings, place: &Place) -> Result<(), Refusal> {
    let belonging = [MASTER_KEY_FILE, crate::mark::MARK_FILE].map(|name| settings.data_dir.join(name));
    match belonging.into_iter().find(|path| path.exists()) {
        Some(belonging) => Err(Refusal::LostDatabase { place: place.clone(), belonging }),
        None => Ok(()),
    }
}

/// Whether tables of this form may be worked with.
fn judge(form: i64, mark: Option<&Mark>, opening: Opening) -> Result<(), Refusal> {
    let program = schema::newest();
    if form > program {
        return Err(Refusal::NewerTables { database: form, program });
    }
    let seen = mark.map_or(0, |mark| mark.schema);
    // To bring such a database up to date would treat whatever somebody has put there as what an older release left.
    if form < seen && opening != (Opening::Serving { accept_older: true }) {
        return Err(Refusal::OlderThanSeen(Older::Schema { database: form, seen }));
    }
    if form < program && opening == Opening::Existing {
        return Err(Refusal::OlderTables { database: form, program });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::Timestamp, mark::Progress, random::SystemRandom};

    const ACCEPTING: Opening = Opening::Serving { accept_older: true };
    const SERVING: Opening = Opening::Serving { accept_older: false };

    fn seen(schema: i64) -> Mark {
        let new = Mark::new(Timestamp::from_micros(0), &SystemRandom).unwrap();
        new.raised_to(&Progress { schema, ..Progress::default() })
    }

    #[test]
    fn tables_of_an_older_form_than_once_seen_are_refused_until_the_operator_accepts_them() {
        let (form, mark) = (schema::newest() - 1, seen(schema::newest()));
        for opening in [SERVING, Opening::Making, Opening::Existing] {
            let refusal = judge(form, Some(&mark), opening).unwrap_err();
            assert!(matches!(refusal, Refusal::OlderThanSeen(_)), "{refusal}");
        }
        judge(form, Some(&mark), ACCEPTING).unwrap();
    }

    #[test]
    fn only_serving_and_making_bring_tables_up_to_date() {
        let older = schema::newest() - 1;
        for opening in [SERVING, Opening::Making] {
            judge(older, None, opening).unwrap();
            judge(older, Some(&seen(older)), opening).unwrap();
        }
        assert!(matches!(judge(older, None, Opening::Existing), Err(Refusal::OlderTables { .. })));
        judge(schema::newest(), None, Opening::Existing).unwrap();
    }

    #[test]
    fn tables_of_a_newer_release_are_refused_whatever_the_operator_accepts() {
        for opening in [SERVING, ACCEPTING, Opening::Making, Opening::Existing] {
            let refusal = judge(schema::newest() + 1, None, opening).unwrap_err();
            assert!(refusal.to_string().contains("made by a newer Claviger"), "{refusal}");
        }
    }
}
