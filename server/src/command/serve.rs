//! `claviger serve`: serves until the process is told to stop.

use super::{CommandError, Terminal, remind_of_master_key};
use crate::{application::Application, configuration::Configuration};
use clap::Args;
use claviger_core::{
    clock::SystemClock,
    installation::{mark::Older, opening::Place},
    random::SystemRandom,
    settings::Registration,
};
use std::{io, sync::Arc};

#[derive(Args, Clone, Copy, Debug, Default)]
pub(super) struct Options {
    /// Serve a database that is older than what this installation has seen, such as a restored backup, and accept it
    /// as the newest from now on
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
    introduce(configuration, &application, terminal)?;
    let served = application.run(stop).await.map_err(CommandError::Serve);
    // Ignore a closed stdout: the server has stopped anyway.
    let _ = writeln!(terminal.stdout, "Claviger has stopped.");
    served
}

/// Prints what is served, from which database and folder, and at which addresses. It prints no secret.
fn introduce(
    configuration: &Configuration,
    application: &Application,
    terminal: &mut Terminal<'_>,
) -> io::Result<()> {
    for warning in configuration.warnings() {
        tracing::warn!("{warning}");
    }
    let (version, output) = (env!("CARGO_PKG_VERSION"), &mut terminal.stdout);
    writeln!(output, "Claviger {version} serves on http://{}", application.address())?;
    if let Ok(place) = Place::of(configuration.database_url.as_str()) {
        writeln!(output, "  database:     {place}")?;
    }
    writeln!(output, "  data folder:  {}", configuration.data_folder.display())?;
    writeln!(output, "  public URL:   {}", configuration.base_url_at(application.address()))?;
    let registration = match configuration.registration {
        Registration::Open => "open",
        Registration::Closed => "closed",
    };
    writeln!(output, "  registration: {registration}")?;
    if let Some(address) = application.verify_address() {
        writeln!(output, "  verification: http://{address}/v1")?;
    }
    if let Some(address) = application.metrics_address() {
        writeln!(output, "  metrics:      http://{address}/metrics")?;
    }
    output.flush()
}

/// Warns of an older database: keys that were reset since are valid again, and removed members are back. Only the
/// operator knows whether a backup was restored.
pub(super) fn warn_of_older_database(terminal: &mut Terminal<'_>, older: Option<Older>) -> io::Result<()> {
    let Some(older) = older else { return Ok(()) };
    tracing::error!(%older, "the database is older than what this installation has seen");
    writeln!(
        terminal.stderr,
        "The database is older than what this installation has seen: {older}.\n\
         Keys that were reset since may be good again, members who were removed be back, and old passwords work.\n\
         If you restored a backup: `claviger key reset --all --yes`, then start once with --accept-older-database.\n\
         If you did not, somebody has put an older copy in its place."
    )
}

/// Completes when the process is told to stop: by Ctrl-C, by its service manager, or because its terminal closes.
/// Without the handlers, the other signals would end the process at once, and the counts since the last write would
/// be lost.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let mut hangup = signal(SignalKind::hangup())?;
    let (mut first, mut second) =
        (signal(SignalKind::user_defined1())?, signal(SignalKind::user_defined2())?);
    Ok(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => return,
                _ = terminate.recv() => return,
                _ = hangup.recv() => return,
                _ = first.recv() => tracing::warn!("SIGUSR1 means nothing here"),
                _ = second.recv() => tracing::warn!("SIGUSR2 means nothing here"),
            }
        }
    })
}

/// Completes when the process is told to stop by Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
