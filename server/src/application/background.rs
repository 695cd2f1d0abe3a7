//! What goes on beside the requests: loading the keys, writing down what is counted, and hearing commands.

use crate::control::Control;
use claviger_core::claviger::Claviger;
use std::{io, time::Duration};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{MissedTickBehavior, interval, sleep},
};

/// A little less than the second's worth that may be lost when the process is killed: writing takes its time, too.
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

    /// Ends them once nothing is served any more. What was counted is written down to the last request.
    ///
    /// # Errors
    /// It is lost.
    pub(super) async fn end(self) -> io::Result<()> {
        self.loading.abort();
        self.commands.abort();
        self.purging.abort();
        // Not aborted: what it took out of the counts would be lost.
        if let Err(problem) = self.writing.await {
            tracing::error!(%problem, "writing down what was counted ended");
        }
        self.claviger.write_usage().await.map_err(|problem| {
            tracing::error!(%problem, "what was counted last is lost");
            io::Error::other(format!("what was counted last is lost: {problem}"))
        })
    }
}

async fn load(claviger: Claviger) {
    while let Err(problem) = claviger.load_keys().await {
        tracing::error!(%problem, "the keys cannot be loaded; until they are, no request passes");
        sleep(LOAD_AGAIN_AFTER).await;
    }
}

/// Deletes what has run out. Where there is much of it, it goes in small portions with room between for everybody else.
async fn purge(claviger: Claviger) {
    loop {
        let pause = match claviger.purge().await {
            Ok(purged) if purged.has_more => PURGE_MORE_AFTER,
            Ok(_) => PURGE_EVERY,
            Err(problem) => {
                tracing::error!(%problem, "what has run out cannot be deleted now");
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
            tracing::error!(%problem, "what was counted cannot be written down yet");
        }
    }
}
