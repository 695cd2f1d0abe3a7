//! What is said once an account was changed: and to whom, since a server that runs must know it, too.

use super::Terminal;
use crate::control::{self, Notice};
use claviger_core::{claviger::Claviger, domain::account::AccountId, internal_error::InternalError};
use std::{
    io,
    path::{Path, PathBuf},
};

/// The change was made, but the server that runs was not heard to take it over.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotifyError {
    #[error("the change is stored, but the server that runs did not take it over: {0}. Restart it")]
    Server(io::Error),
    #[error(
        "the change is stored, but a server that runs on this database did not hear of it: its data folder is not {}. Give          the command that server's CLAVIGER_DATA_DIR, on its machine, or restart that server",
        .0.display()
    )]
    Elsewhere(PathBuf),
    #[error(
        "the change is stored, but it cannot be notice whether a server runs that should hear of it: {0}"
    )]
    Unknown(InternalError),
    #[error("the result could not be written: {0}")]
    Output(#[from] io::Error),
}

/// Tells the server that runs on this data folder, if one does. One that runs on the same database and another data folder cannot be
/// notice, and the operator must know.
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

/// Tells the server, and the operator what was done and from when on it holds.
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

/// From when on a change holds.
pub(super) const fn since(notice: Notice) -> &'static str {
    match notice {
        Notice::Notified => "The server that runs keeps to it from now on.",
        Notice::NotRunning => "No server runs; the next one will keep to it.",
    }
}
