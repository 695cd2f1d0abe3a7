//! Questions of the server and the operator about the installation: whether its database is older than its mark, and
//! whether another server runs on it.

use crate::{
    claviger::Claviger,
    installation::{
        mark::{Mark, Older},
        marking::progress,
    },
    internal_error::InternalError,
    store::{self, Place},
};

impl Claviger {
    /// Returns in what respect the database is older than the installation mark; `None` if it is not older.
    ///
    /// # Errors
    /// The mark or the database cannot be read.
    pub async fn older_than_seen(&self) -> Result<Option<Older>, InternalError> {
        // Read the mark first: a server that runs at the same time can only move the database ahead of the mark,
        // never behind it.
        let Some(mark) = Mark::read(&self.settings.data_dir)? else { return Ok(None) };
        let progress = progress(&mut self.database.reader().await?).await?;
        Ok(mark.compare(&progress).err())
    }

    /// Whether a server runs on the database, even one with another data folder.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn server_runs(&self) -> Result<bool, InternalError> {
        let place = Place::of(&self.settings.database_url)?;
        Ok(store::server_lock::is_held(&place, &mut self.database.reader().await?).await?)
    }

    /// Waits until an event was recorded that is not in the mark yet. A change of keys ends the wait at once.
    pub async fn mark_is_due(&self) {
        self.marking.due().await;
    }

    /// Brings the mark up to date with the database. Does nothing if there is no mark.
    ///
    /// # Errors
    /// The mark or the database cannot be read, or the mark cannot be written.
    pub async fn raise_mark(&self) -> Result<(), InternalError> {
        self.marking.forget_events();
        // Read the mark first: events that are recorded after that cannot make the database look older.
        let Some(mark) = Mark::read(&self.settings.data_dir)? else { return Ok(()) };
        let progress = progress(&mut self.database.reader().await?).await?;
        let mut raised = mark.raised_to(&progress);
        if let Err(older) = mark.compare(&progress) {
            tracing::error!(%older, "the database became older than what this installation has seen");
            raised.found_older = true;
        }
        if raised != mark {
            raised.write(&self.settings.data_dir)?;
        }
        Ok(())
    }
}
