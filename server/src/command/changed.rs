//! What is said once an account was changed: and to whom, since a server that runs must know it, too.

use super::Terminal;
use crate::control::{self, Told};
use claviger_core::{claviger::Claviger, domain::account::AccountId, internal_error::InternalError};
use std::{
    io,
    path::{Path, PathBuf},
};

/// The change was made, but the server that runs was not heard to take it over.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unheard {
    #[error("the change is stored, but the server that runs did not take it over: {0}. Restart it")]
    Server(io::Error),
    #[error(
        "the change is stored, but a server that runs on this database did not hear of it: its data folder is not {}. Give          the command that server's CLAVIGER_DATA_DIR, on its machine, or restart that server",
        .0.display()
    )]
    Elsewhere(PathBuf),
    #[error("the change is stored, but it cannot be told whether a server runs that should hear of it: {0}")]
    Unknown(InternalError),
    #[error("the result could not be written: {0}")]
    Output(#[from] io::Error),
}

/// Tells the server that runs on this data folder, if one does. One that runs on the same database and another data folder cannot be
/// told, and the operator must know.
pub(super) async fn tell(
    claviger: &Claviger,
    data_folder: &Path,
    account: &AccountId,
) -> Result<Told, Unheard> {
    let told = control::tell(data_folder, account).await.map_err(Unheard::Server)?;
    if told == Told::Nobody && claviger.server_runs().await.map_err(Unheard::Unknown)? {
        return Err(Unheard::Elsewhere(data_folder.to_owned()));
    }
    Ok(told)
}

/// Tells the server, and the operator what was done and from when on it holds.
pub(super) async fn report(
    claviger: &Claviger,
    terminal: &mut Terminal<'_>,
    data_folder: &Path,
    account: &AccountId,
    words: &str,
) -> Result<(), Unheard> {
    let told = tell(claviger, data_folder, account).await?;
    Ok(writeln!(terminal.output, "{words} {}", since(told))?)
}

/// From when on a change holds.
pub(super) const fn since(told: Told) -> &'static str {
    match told {
        Told::TheServer => "The server that runs keeps to it from now on.",
        Told::Nobody => "No server runs; the next one will keep to it.",
    }
}
