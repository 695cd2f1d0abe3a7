//! The guard: prevents two servers on one database, and keeps the installation mark up to date, by which an older
//! copy of the database is recognised. It must not know what is served.

use claviger_core::{
    claviger::Claviger,
    installation::opening::{LockState, ServerLock},
};
use std::{io, sync::Arc, time::Duration};
use tokio::{
    sync::{Mutex, watch},
    task::JoinHandle,
    time::sleep,
};

/// How soon a server notices that another one took over. Until then it may accept keys that the other server has
/// reset.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Computing the mark reads one row for each account. Many resets in quick succession share one update.
const MARK_EVERY: Duration = Duration::from_secs(5);

/// The tasks that run from the opening of the database to its closing.
pub(super) struct Guard {
    claviger: Claviger,
    lock: Arc<Mutex<Option<ServerLock>>>,
    holding: JoinHandle<()>,
    marking: JoinHandle<()>,
    lost: watch::Receiver<bool>,
}

impl Guard {
    pub(super) fn start(claviger: &Claviger, lock: Option<ServerLock>) -> Self {
        let (lose, lost) = watch::channel(false);
        let lock = Arc::new(Mutex::new(lock));
        Self {
            claviger: claviger.clone(),
            holding: tokio::spawn(hold(claviger.clone(), Arc::clone(&lock), lose)),
            marking: tokio::spawn(mark(claviger.clone())),
            lock,
            lost,
        }
    }

    /// Completes when another server has taken over the database, and never otherwise.
    pub(super) fn lock_is_lost(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut lost = self.lost.clone();
        async move {
            if lost.wait_for(|lost| *lost).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// Brings the mark up to date after the last event, and releases the lock. Fails if another server has taken
    /// over.
    pub(super) async fn end(self) -> io::Result<()> {
        self.holding.abort();
        self.marking.abort();
        raise_mark(&self.claviger).await;
        if let Some(lock) = self.lock.lock().await.as_mut() {
            lock.release().await;
        }
        if *self.lost.borrow() {
            return Err(io::Error::other("another server has taken over the database"));
        }
        Ok(())
    }
}

async fn hold(claviger: Claviger, lock: Arc<Mutex<Option<ServerLock>>>, lose: watch::Sender<bool>) {
    let mut is_known = true;
    loop {
        sleep(LOOK_EVERY).await;
        let mut lock = lock.lock().await;
        let Some(lock) = lock.as_mut() else { return };
        match lock.keep().await {
            Ok(LockState::Held) => is_known = true,
            Ok(LockState::TakenAgain) => {
                is_known = true;
                tracing::warn!(
                    "the connection that keeps other servers away was lost; the lock was taken again, and all keys are read again"
                );
                // Another server may have reset keys meanwhile. No request passes until all keys are read again.
                claviger.stop_verifying();
                while let Err(problem) = claviger.load_keys().await {
                    tracing::error!(%problem, "the keys cannot be read again yet; until they are, no request passes");
                    sleep(LOOK_EVERY).await;
                }
            }
            Ok(LockState::LostToAnother) => {
                claviger.stop_verifying();
                tracing::error!("another server has taken over the database; this one stops");
                lose.send_replace(true);
                return;
            }
            // Log once per outage of the database.
            Err(problem) if is_known => {
                is_known = false;
                tracing::error!(%problem, "the lock that keeps other servers away cannot be taken again yet");
            }
            Err(_) => {}
        }
    }
}

async fn mark(claviger: Claviger) {
    loop {
        claviger.mark_is_due().await;
        raise_mark(&claviger).await;
        sleep(MARK_EVERY).await;
    }
}

async fn raise_mark(claviger: &Claviger) {
    if let Err(problem) = claviger.raise_mark().await {
        tracing::error!(%problem, "the installation mark is not up to date");
    }
}
