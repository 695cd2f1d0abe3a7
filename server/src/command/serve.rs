//! `claviger serve`: until the process is told to stop.

use super::{CommandError, Terminal, remind_of_master_key};
use crate::{application::Application, configuration::Configuration};
use claviger_core::{clock::SystemClock, random::SystemRandom};
use std::{io, sync::Arc};

pub(super) async fn serve(
    configuration: &Configuration,
    terminal: &mut Terminal<'_>,
) -> Result<(), CommandError> {
    let stop = stop_signal().map_err(CommandError::Serve)?;
    let application =
        Application::build(configuration, Arc::new(SystemClock), Arc::new(SystemRandom)).await?;
    remind_of_master_key(terminal, application.new_master_key_file())?;
    writeln!(terminal.output, "Claviger serves on http://{}", application.address())?;
    terminal.output.flush()?;
    application.run(stop).await.map_err(CommandError::Serve)
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
