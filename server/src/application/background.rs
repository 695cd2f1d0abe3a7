//! The background tasks: loading the keys, writing the counts, purging, and answering commands. It must not know
//! HTTP.

use crate::control::Control;
use claviger_core::claviger::Claviger;
use std::{io, time::Duration};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{MissedTickBehavior, interval, sleep},
};

/// At most one second of counts may be lost if the process is killed. This interval is shorter, because writing takes
/// time too.
const WRITE_EVERY: Duration = Duration::from_millis(800);
const PURGE_EVERY: Duration = Duration::from_secs(10 * 60);
const PURGE_MORE_AFTER: Duration = Duration::from_secs(1);
const LOAD_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// The tasks that run until the server stops.
pub(super) struct Background {
    claviger: Claviger,
    loading: JoinHandle<()>,
    commands: JoinHandle<()>,
    writing: JoinHandle<()>,
    purging: JoinHandle<()>,
}

impl Background {
    pub(super) fn start(claviger: &Claviger, control: Control, stopped: watch::Receiver<bool>) -> Self {
        let for_commands = claviger.clone();
        Self {
            claviger: claviger.clone(),
            loading: tokio::spawn(load(claviger.clone())),
            commands: tokio::spawn(async move { control.serve(&for_commands).await }),
            writing: tokio::spawn(write(claviger.clone(), stopped)),
            purging: tokio::spawn(purge(claviger.clone())),
        }
    }

    /// Ends the tasks after the last request was served. The counts are written up to the last request.
    ///
    /// # Errors
    /// The last counts could not be written and are lost.
    pub(super) async fn end(self) -> io::Result<()> {
        self.loading.abort();
        self.commands.abort();
        self.purging.abort();
        // Not aborted: the counts that it has already taken out would be lost.
        if let Err(problem) = self.writing.await {
            tracing::error!(%problem, "the task that writes the counts ended");
        }
        self.claviger.write_usage().await.map_err(|problem| {
            tracing::error!(%problem, "the last counts are lost");
            io::Error::other(format!("the last counts are lost: {problem}"))
        })
    }
}

async fn load(claviger: Claviger) {
    while let Err(problem) = claviger.load_keys().await {
        tracing::error!(%problem, "the keys cannot be loaded; until they are, no request passes");
        sleep(LOAD_AGAIN_AFTER).await;
    }
}

/// Deletes expired rows. Many rows are deleted in small portions, with pauses for other transactions.
async fn purge(claviger: Claviger) {
    loop {
        let pause = match claviger.purge().await {
            Ok(purged) if purged.has_more => PURGE_MORE_AFTER,
            Ok(_) => PURGE_EVERY,
            Err(problem) => {
                tracing::error!(%problem, "expired rows cannot be deleted now");
                PURGE_EVERY
            }
        };
        sleep(pause).await;
    }
}

async fn write(claviger: Claviger, mut stopped: watch::Receiver<bool>) {
    let mut tick = interval(WRITE_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            _ = stopped.wait_for(|stopped| *stopped) => return,
        }
        if let Err(problem) = claviger.refresh_stale().await {
            tracing::error!(%problem, "an account still cannot be read; its keys are refused");
        }
        if let Err(problem) = claviger.write_usage().await {
            tracing::error!(%problem, "the counts cannot be written yet");
        }
    }
}
