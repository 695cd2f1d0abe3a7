//! Deletes expired rows, so that clients cannot make the database grow without limit.

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

/// The maximum number of rows of a table that one transaction deletes: on SQLite this occupies the single writer for
/// only a few milliseconds.
const MOST: u32 = 500;

/// The result of a purge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// The number of deleted rows.
    pub rows: u64,
    /// Whether there may be more rows for the next purge.
    pub has_more: bool,
}

impl Claviger {
    /// Deletes a bounded number of expired rows: login failures that no longer count, rate limits that are fully
    /// replenished, sessions and links that have ended, and devices that were not used for as long as their cookie
    /// lasts.
    ///
    /// # Errors
    /// The rows of a table cannot be deleted. Those of the tables before it are deleted.
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
