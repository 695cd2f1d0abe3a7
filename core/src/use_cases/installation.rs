//! What the server and the operator ask about the installation: whether its database is older than it should be, and whether
//! another server runs on it.

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
    /// In what the database is older than what this installation has seen; none where it is not.
    ///
    /// # Errors
    /// The mark or the database cannot be read.
    pub async fn older_than_seen(&self) -> Result<Option<Older>, InternalError> {
        // The mark first: a server that runs meanwhile may be ahead of what was read of it, never behind.
        let Some(mark) = Mark::read(&self.settings.data_dir)? else { return Ok(None) };
        let progress = progress(&mut self.database.reader().await?).await?;
        Ok(mark.compare(&progress).err())
    }

    /// Whether a server runs on the database, wherever its data folder is.
    ///
    /// # Errors
    /// The database cannot be asked.
    pub async fn server_runs(&self) -> Result<bool, InternalError> {
        let place = Place::of(&self.settings.database_url)?;
        Ok(store::server_lock::is_held(&place, &mut self.database.reader().await?).await?)
    }

    /// Waits until something was recorded that the mark does not know yet. Changes of keys end the wait at once.
    pub async fn mark_is_due(&self) {
        self.marking.due().await;
    }

    /// Brings the mark up to date with the database. Makes none where there is none.
    ///
    /// # Errors
    /// The mark or the database cannot be read, or the mark not be written.
    pub async fn raise_mark(&self) -> Result<(), InternalError> {
        self.marking.forget_events();
        // The mark first: what is recorded after it was read cannot make the database look older.
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
