//! `claviger member`: what the operator does for somebody who cannot help themselves.

use super::Terminal;
use clap::{Args, Subcommand};
use claviger_core::{accounts::MemberError, claviger::Claviger};
use std::io;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Let a member log in at once, however many wrong passwords were counted
    Unlock(Unlock),
}

#[derive(Args, Debug)]
pub(super) struct Unlock {
    /// The member's e-mail address
    #[arg(long)]
    email: String,
}

/// Why a member was not helped.
#[derive(Debug, thiserror::Error)]
pub(super) enum MemberCommandError {
    #[error("nothing was unlocked: {0}")]
    Refused(#[from] MemberError),
    #[error("the result could not be written: {0}")]
    Output(#[from] io::Error),
}

impl Command {
    pub(super) async fn perform(
        self,
        claviger: &Claviger,
        terminal: &mut Terminal<'_>,
    ) -> Result<(), MemberCommandError> {
        let Self::Unlock(Unlock { email }) = self;
        claviger.unlock_member(&email).await?;
        writeln!(terminal.output, "Unlocked {}. The next login need not wait.", email.trim())?;
        Ok(())
    }
}
