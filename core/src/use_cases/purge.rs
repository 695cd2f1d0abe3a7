//! Forgets what nothing needs any more, so that nobody outside makes the database grow without end.

use crate::{
    claviger::Claviger,
    domain::{
        invitation::KEPT_AFTER_ITS_END,
        session::{IDLE, KNOWN_DEVICE},
    },
    internal_error::InternalError,
    limits::throttle,
    store::purge::{
        self, EMAIL_CHANGES, ENDED_SESSIONS, IDLE_SESSIONS, INVITATIONS, KNOWN_DEVICES, LOGIN_FAILURES,
        PASSWORD_LINKS, RATE_LIMITS,
    },
};

/// So many rows of a table go at once: on SQLite the one writer is taken for a few milliseconds, not longer.
const MOST: u32 = 500;

/// What a purge did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// How many rows it deleted.
    pub rows: u64,
    /// Whether there may be more, which the next purge deletes.
    pub has_more: bool,
}

impl Claviger {
    /// Deletes a bounded number of rows that have run out: failures that are forgotten, limits of which nothing is used up,
    /// sessions and links that have ended, devices that were not used for as long as their cookie lasts.
    ///
    /// # Errors
    /// Where they cannot be deleted; those of the tables before are.
    pub async fn purge(&self) -> Result<Purged, InternalError> {
        let now = self.now();
        let mut purged = Purged::default();
        for (old, moment) in [
            (LOGIN_FAILURES, now.before(throttle::REMEMBERED)),
            (RATE_LIMITS, now),
            (IDLE_SESSIONS, now.before(IDLE)),
            (ENDED_SESSIONS, now),
            (KNOWN_DEVICES, now.before(KNOWN_DEVICE)),
            (INVITATIONS, now.before(KEPT_AFTER_ITS_END)),
            (EMAIL_CHANGES, now),
            (PASSWORD_LINKS, now),
        ] {
            let mut transaction = self.database.unhurried().write_unlocked().await?;
            let rows = purge::delete(&mut transaction, old, moment, MOST).await?;
            transaction.commit().await?;
            purged.rows += rows;
            purged.has_more |= rows == u64::from(MOST);
        }
        Ok(purged)
    }
}
