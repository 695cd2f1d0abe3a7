//! `claviger serve`: until the process is told to stop.

use super::{CommandError, Terminal, remind_of_master_key};
use crate::{application::Application, configuration::Configuration};
use clap::Args;
use claviger_core::{clock::SystemClock, mark::Older, random::SystemRandom};
use std::{io, sync::Arc};

#[derive(Args, Clone, Copy, Debug, Default)]
pub(super) struct Options {
    /// Serve a database that is older than what this installation has seen, such as a backup that was restored, and accept it as
    /// the newest from now on
    #[arg(long)]
    accept_older_database: bool,
}

pub(super) async fn serve(
    configuration: &Configuration,
    options: Options,
    terminal: &mut Terminal<'_>,
) -> Result<(), CommandError> {
    let stop = stop_signal().map_err(CommandError::Serve)?;
    let accept_older = options.accept_older_database;
    let application =
        Application::build(configuration, accept_older, Arc::new(SystemClock), Arc::new(SystemRandom))
            .await?;
    remind_of_master_key(terminal, application.new_master_key_file())?;
    warn_of_older_database(terminal, application.older())?;
    writeln!(terminal.output, "Claviger serves on http://{}", application.address())?;
    terminal.output.flush()?;
    application.run(stop).await.map_err(CommandError::Serve)
}

/// Keys that were reset since are good again, and people who were removed are back. Only the operator can tell whether that is so
/// because a backup was restored.
fn warn_of_older_database(terminal: &mut Terminal<'_>, older: Option<Older>) -> io::Result<()> {
    let Some(older) = older else { return Ok(()) };
    tracing::error!(%older, "the database is older than what this installation has seen");
    writeln!(
        terminal.notes,
        "The database is older than what this installation has seen: {older}.\n\
         Keys that were reset since may be good again, members who were removed be back, and old passwords work.\n\
         If you restored a backup: `claviger key reset --all --yes`, then start once with --accept-older-database.\n\
         If you did not, somebody has put an older copy in its place."
    )
}

/// Done when the process is told to stop, by Ctrl-C or by whatever runs it.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Done when the process is told to stop by Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
