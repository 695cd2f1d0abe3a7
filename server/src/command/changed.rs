//! After a change of an account: notifies the running server, and tells the operator when the change takes effect.

use super::Terminal;
use crate::control::{self, Notice};
use claviger_core::{claviger::Claviger, domain::account::AccountId, internal_error::InternalError};
use std::{
    io,
    path::{Path, PathBuf},
};

/// The change was stored, but the running server did not confirm it.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotifyError {
    #[error("the change is stored, but the running server did not confirm it: {0}. Restart it")]
    Server(io::Error),
    #[error(
        "the change is stored, but a server that runs on this database was not notified: its data folder is not {}. Run the command with that server's CLAVIGER_DATA_DIR, on its machine, or restart that server",
        .0.display()
    )]
    Elsewhere(PathBuf),
    #[error("the change is stored, but it is unknown whether a running server must be notified: {0}")]
    Unknown(InternalError),
    #[error("the result could not be written: {0}")]
    Output(#[from] io::Error),
}

/// Notifies the server of this data folder, if one runs. A server with the same database and another data folder cannot be
/// notified, so this returns an error for the operator.
pub(super) async fn notify_server(
    claviger: &Claviger,
    data_folder: &Path,
    account: &AccountId,
) -> Result<Notice, NotifyError> {
    let notice = control::notify(data_folder, account).await.map_err(NotifyError::Server)?;
    if notice == Notice::NotRunning && claviger.server_runs().await.map_err(NotifyError::Unknown)? {
        return Err(NotifyError::Elsewhere(data_folder.to_owned()));
    }
    Ok(notice)
}

/// Notifies the server, and tells the operator what was done and when it takes effect.
pub(super) async fn report(
    claviger: &Claviger,
    terminal: &mut Terminal<'_>,
    data_folder: &Path,
    account: &AccountId,
    words: &str,
) -> Result<(), NotifyError> {
    let notice = notify_server(claviger, data_folder, account).await?;
    Ok(writeln!(terminal.stdout, "{words} {}", since(notice))?)
}

/// When a change takes effect.
pub(super) const fn since(notice: Notice) -> &'static str {
    match notice {
        Notice::Notified => "The running server applies it from now on.",
        Notice::NotRunning => "No server runs; the next one will apply it.",
    }
}
