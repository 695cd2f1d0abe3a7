//! What is said once an account was changed: and to whom, since a server that runs must know it, too.

use super::Terminal;
use crate::control::{self, Told};
use claviger_core::domain::account::AccountId;
use std::{io, path::Path};

/// The change was made, but the server that runs was not heard to take it over.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unheard {
    #[error("the change is stored, but the server that runs did not take it over: {0}. Restart it")]
    Server(io::Error),
    #[error("the result could not be written: {0}")]
    Output(#[from] io::Error),
}

/// Tells the server that runs on this data folder, if one does.
pub(super) async fn tell(data_folder: &Path, account: &AccountId) -> Result<Told, Unheard> {
    control::tell(data_folder, account).await.map_err(Unheard::Server)
}

/// Tells the server, and the operator what was done and from when on it holds.
pub(super) async fn report(
    terminal: &mut Terminal<'_>,
    data_folder: &Path,
    account: &AccountId,
    words: &str,
) -> Result<(), Unheard> {
    let since = match tell(data_folder, account).await? {
        Told::TheServer => "The server that runs keeps to it from now on.",
        Told::Nobody => "No server runs on this data folder; the next one will keep to it.",
    };
    Ok(writeln!(terminal.output, "{words} {since}")?)
}
