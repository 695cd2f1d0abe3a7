//! Inspects a database before it is served. It creates nothing and changes no table. It must not know what a command
//! reports.

use super::{OpenError, opening};
use crate::{
    clock::Timestamp,
    settings::Settings,
    store::{self, Database, Place, schema, server_lock},
};

/// The result of the inspection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// Where the database is.
    pub place: Place,
    /// The highest migration that was applied; `None` if there is no database of Claviger yet.
    pub schema_version: Option<i64>,
    /// The highest migration that this program knows.
    pub program: i64,
    /// Whether a server runs on the database.
    pub server_runs: bool,
    /// When the newest audit record was written; `None` if there is none.
    pub newest_record: Option<Timestamp>,
}

/// Inspects the database that these settings name.
///
/// # Errors
/// Fails if the database cannot be reached or must not be used.
pub async fn inspect(settings: &Settings) -> Result<Inspection, OpenError> {
    let place = Place::of(&settings.database_url)?;
    opening::refuse_exposed(&place, settings)?;
    let program = schema::newest();
    if place.is_missing_file() {
        opening::refuse_lost(settings, &place)?;
        return Ok(Inspection {
            place,
            schema_version: None,
            program,
            server_runs: false,
            newest_record: None,
        });
    }
    let database = Database::open(&settings.database_url, settings.patience).await?;
    let mut reader = database.reader().await?;
    let schema_version = schema::find(&mut reader).await?;
    let newest_record = match schema_version {
        Some(_) => store::audit::newest(&mut reader).await?,
        None => None,
    };
    let server_runs = server_lock::is_held(&place, &mut reader).await?;
    drop(reader);
    database.close().await;
    if schema_version.is_none() {
        opening::refuse_lost(settings, &place)?;
    }
    Ok(Inspection { place, schema_version, program, server_runs, newest_record })
}
