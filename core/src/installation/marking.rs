//! Keeps the mark up to date with the database. It must not know where the mark is stored.

use super::{
    OpenError, Refusal,
    mark::{MARK_FILE, Mark, Older, Progress},
    opening::Opening,
};
use crate::{
    clock::Timestamp,
    random::Random,
    settings::Settings,
    store::{self, Connection, Database, StoreError},
};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use tokio::{sync::Notify, time::sleep};

/// How long a recorded event may be missing in the mark. Resets and other changes of keys do not wait for this.
const EVENTS_WAIT: Duration = Duration::from_secs(10);

/// Whether events were recorded that are not in the mark yet.
#[derive(Debug, Default)]
pub(crate) struct Marking {
    has_events: AtomicBool,
    hurry: Notify,
}

impl Marking {
    /// Notes that an event is being recorded.
    pub(crate) fn note_event(&self) {
        self.has_events.store(true, Ordering::Release);
    }

    /// Call this before the mark is raised: all events up to now will then be in it.
    pub(crate) fn forget_events(&self) {
        self.has_events.store(false, Ordering::Release);
    }

    /// Asks for the mark to be raised at once.
    pub(crate) fn hurry(&self) {
        self.hurry.notify_one();
    }

    /// Waits until the mark has to be raised because events were recorded. A change of keys ends the wait at once.
    pub(crate) async fn due(&self) {
        loop {
            tokio::select! {
                () = self.hurry.notified() => return,
                () = sleep(EVENTS_WAIT) => {
                    if self.has_events.load(Ordering::Acquire) {
                        return;
                    }
                }
            }
        }
    }
}

/// Compares the database with the mark, counts a start of the server, and raises the mark. Returns in which number the
/// database is older, unless the operator accepts it.
pub(crate) async fn enter(
    database: &Database,
    settings: &Settings,
    opening: Opening,
    mark: Option<Mark>,
    now: Timestamp,
    random: &dyn Random,
) -> Result<Option<Older>, OpenError> {
    if opening == Opening::Existing {
        let row = store::installation::find(&mut database.reader().await?).await?;
        refuse_other(settings, row.as_ref().map(|row| row.id.as_str()), mark.as_ref())?;
        return Ok(None);
    }
    let accepts = opening == (Opening::Serving { accept_older: true });
    let mut transaction = database.write_unlocked().await?;
    let row = store::installation::find(&mut transaction).await?;
    if !accepts {
        refuse_other(settings, row.as_ref().map(|row| row.id.as_str()), mark.as_ref())?;
    }
    let is_unmarked = mark.is_none();
    let mut mark = match mark {
        Some(mark) => mark,
        None => Mark::new(now, random)?,
    };
    match row {
        Some(row) => {
            if is_unmarked {
                tracing::error!(
                    "there is no installation mark for this database: nothing would detect that it is an older copy, \
                     or was changed to look like one. Keep the data folder even if the master key is in the environment"
                );
            }
            mark.installation = row.id;
        }
        None => store::installation::insert(&mut transaction, &mark.installation, now).await?,
    }
    let mut progress = progress(&mut transaction).await?;
    let older = mark.compare(&progress).err();
    if matches!(opening, Opening::Serving { .. }) {
        progress.starts = progress.starts.max(mark.starts) + 1;
        store::installation::set_starts(&mut transaction, progress.starts, now).await?;
    }
    transaction.commit().await?;
    let mark = if accepts {
        mark.accepting(&progress)
    } else {
        Mark { found_older: older.is_some(), ..mark.raised_to(&progress) }
    };
    mark.write(&settings.data_dir).map_err(Refusal::from)?;
    Ok(older.filter(|_| !accepts))
}

fn refuse_other(settings: &Settings, database: Option<&str>, mark: Option<&Mark>) -> Result<(), Refusal> {
    match (database, mark) {
        (Some(database), Some(mark)) if database != mark.installation => {
            Err(Refusal::OtherInstallation { mark: settings.data_dir.join(MARK_FILE) })
        }
        _ => Ok(()),
    }
}

/// The progress of the database.
pub(crate) async fn progress(connection: &mut Connection) -> Result<Progress, StoreError> {
    Ok(Progress {
        schema: store::schema::find(connection).await?.unwrap_or(0),
        starts: store::installation::find(connection).await?.map_or(0, |row| row.starts),
        events: store::audit::count_recorded(connection).await?,
    })
}
