//! What a command may do to the database that it opens: create and migrate it, or neither. It must not know what the
//! command does afterwards.

use super::{
    OpenError, Refusal,
    keys::MASTER_KEY_FILE,
    mark::{Mark, Older},
    private_file,
};
use crate::{
    settings::{PlainConnections, Settings},
    store::{Database, schema, server_lock, wrapped_key},
};

pub use crate::store::{LockState, Place, ServerLock};

/// What a command is going to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Serve: creates the database if it does not exist, migrates it, and keeps every other server away.
    Serving {
        /// Whether the operator accepts a database that is older than what this installation has seen.
        accept_older: bool,
    },
    /// Create an account, perhaps the first one: creates the database if it does not exist, and migrates it unless a
    /// server is running.
    Making,
    /// Anything else: requires a database with this program's schema version.
    Existing,
}

/// A database that may be used, with its migrations applied.
pub(crate) struct Prepared {
    pub(crate) database: Database,
    pub(crate) mark: Option<Mark>,
    pub(crate) lock: Option<ServerLock>,
    /// Whether rows may still lack their MACs. True only if the tables were migrated from a schema version without
    /// columns for MACs. A schema version older than the mark was refused before.
    pub(crate) rows_may_be_unprotected: bool,
}

/// The migration that adds the columns for the MACs of rows.
const ROW_MACS: i64 = 4;

/// Opens the database, if it may be used. A refused database is left unchanged.
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
    let schema_version = schema::find(&mut database.unhurried().reader().await?).await?;
    match schema_version {
        None => refuse_to_make(settings, opening, &place)?,
        Some(schema_version) => check_schema_version(schema_version, mark.as_ref(), opening)?,
    }
    // The first start was interrupted. Only another start may create the missing keys.
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
    if may_make && schema_version != Some(schema::newest()) {
        if lock.is_none() && server_lock::is_held(&place, &mut database.reader().await?).await? {
            return Err(Refusal::AnotherServer { place }.into());
        }
        database.migrate().await?;
    }
    let rows_may_be_unprotected =
        may_make && schema_version.is_some_and(|schema_version| schema_version < ROW_MACS);
    Ok(Prepared { database, mark, lock, rows_may_be_unprotected })
}

/// Refuses a server on another machine without a verified certificate: an attacker on the network could read the
/// traffic and answer in place of the server.
pub(crate) fn refuse_exposed(place: &Place, settings: &Settings) -> Result<(), Refusal> {
    let is_exposed = matches!(place, Place::Server { is_exposed: true, .. });
    if is_exposed && settings.plain_connections == PlainConnections::Refused {
        return Err(Refusal::Exposed { place: place.clone() });
    }
    Ok(())
}

/// If there is no database, only a completely new installation may be created.
fn refuse_to_make(settings: &Settings, opening: Opening, place: &Place) -> Result<(), Refusal> {
    if opening == Opening::Existing {
        return Err(Refusal::NoInstallation { place: place.clone() });
    }
    refuse_lost(settings, place)
}

/// If there is no database, the data folder must not hold files of an earlier one.
pub(crate) fn refuse_lost(settings: &Settings, place: &Place) -> Result<(), Refusal> {
    let belonging =
        [MASTER_KEY_FILE, crate::installation::mark::MARK_FILE].map(|name| settings.data_dir.join(name));
    match belonging.into_iter().find(|path| path.exists()) {
        Some(belonging) => Err(Refusal::LostDatabase { place: place.clone(), belonging }),
        None => Ok(()),
    }
}

/// Whether a database with this schema version may be used.
fn check_schema_version(schema_version: i64, mark: Option<&Mark>, opening: Opening) -> Result<(), Refusal> {
    let program = schema::newest();
    if schema_version > program {
        return Err(Refusal::NewerTables { database: schema_version, program });
    }
    let seen = mark.map_or(0, |mark| mark.schema);
    // Migrating such a database would treat forged rows like rows of an older release.
    if schema_version < seen && opening != (Opening::Serving { accept_older: true }) {
        return Err(Refusal::OlderThanSeen(Older::Schema { database: schema_version, seen }));
    }
    if schema_version < program && opening == Opening::Existing {
        return Err(Refusal::OlderTables { database: schema_version, program });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::installation::mark::Progress;
    use crate::{clock::Timestamp, random::SystemRandom};

    const ACCEPTING: Opening = Opening::Serving { accept_older: true };
    const SERVING: Opening = Opening::Serving { accept_older: false };

    fn seen(schema: i64) -> Mark {
        let new = Mark::new(Timestamp::from_micros(0), &SystemRandom).unwrap();
        new.raised_to(&Progress { schema, ..Progress::default() })
    }

    #[test]
    fn tables_of_an_older_form_than_once_seen_are_refused_until_the_operator_accepts_them() {
        let (schema_version, mark) = (schema::newest() - 1, seen(schema::newest()));
        for opening in [SERVING, Opening::Making, Opening::Existing] {
            let refusal = check_schema_version(schema_version, Some(&mark), opening).unwrap_err();
            assert!(matches!(refusal, Refusal::OlderThanSeen(_)), "{refusal}");
        }
        check_schema_version(schema_version, Some(&mark), ACCEPTING).unwrap();
    }

    #[test]
    fn only_serving_and_making_bring_tables_up_to_date() {
        let older = schema::newest() - 1;
        for opening in [SERVING, Opening::Making] {
            check_schema_version(older, None, opening).unwrap();
            check_schema_version(older, Some(&seen(older)), opening).unwrap();
        }
        assert!(matches!(
            check_schema_version(older, None, Opening::Existing),
            Err(Refusal::OlderTables { .. })
        ));
        check_schema_version(schema::newest(), None, Opening::Existing).unwrap();
    }

    #[test]
    fn tables_of_a_newer_release_are_refused_whatever_the_operator_accepts() {
        for opening in [SERVING, ACCEPTING, Opening::Making, Opening::Existing] {
            let refusal = check_schema_version(schema::newest() + 1, None, opening).unwrap_err();
            assert!(refusal.to_string().contains("made by a newer Claviger"), "{refusal}");
        }
    }
}
