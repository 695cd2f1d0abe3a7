//! `claviger member`: unlocks a member, or creates a link to choose a new password.

use super::Terminal;
use clap::{Args, Subcommand};
use claviger_core::{
    claviger::Claviger,
    crypto::token::Token,
    use_cases::{accounts::MemberError, links::LinkError},
};
use serde::Serialize;
use std::io;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Let a member log in at once, even after many wrong passwords
    Unlock(Unlock),
    /// Create a link to choose a new password for a member; it works once, for 24 hours
    ResetPassword(ResetPassword),
}

#[derive(Args, Debug)]
pub(super) struct Unlock {
    /// The member's e-mail address
    #[arg(long)]
    email: String,
}

#[derive(Args, Debug)]
pub(super) struct ResetPassword {
    /// The member's e-mail address
    #[arg(long)]
    email: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Why a command about a member failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum MemberCommandError {
    #[error("nothing was unlocked: {0}")]
    Locked(MemberError),
    #[error("no link was made: {0}")]
    NoLink(MemberError),
    #[error("a link was made, but it does not work: {0}")]
    Unusable(LinkError),
    #[error("the result could not be written: {0}")]
    Output(#[from] io::Error),
}

#[derive(Serialize)]
struct Made<'a> {
    email: &'a str,
    name: &'a str,
    organisation: &'a str,
    link: &'a str,
}

/// The URL of the page on which a member chooses a password.
pub(super) fn password_link(base_url: &str, token: &Token) -> String {
    format!("{base_url}/password/{}", token.expose())
}

impl Command {
    /// Runs the command. `base_url` is the beginning of every link.
    pub(super) async fn perform(
        self,
        claviger: &Claviger,
        base_url: &str,
        terminal: &mut Terminal<'_>,
    ) -> Result<(), MemberCommandError> {
        match self {
            Self::Unlock(Unlock { email }) => {
                claviger.unlock_member(&email).await.map_err(MemberCommandError::Locked)?;
                writeln!(terminal.stdout, "Unlocked {}. The next login need not wait.", email.trim())?;
            }
            Self::ResetPassword(ResetPassword { email, json }) => {
                let token = claviger.make_password_link(&email).await.map_err(MemberCommandError::NoLink)?;
                // Print the name of the member beside the e-mail address: an attacker who can write to the database
                // can exchange addresses.
                let whose =
                    claviger.password_link(token.expose()).await.map_err(MemberCommandError::Unusable)?;
                let (email, name, organisation) =
                    (email.trim(), whose.name.as_str(), whose.organisation.as_str());
                let link = &password_link(base_url, &token);
                if json {
                    terminal.print_json(&Made { email, name, organisation, link })?;
                } else {
                    writeln!(
                        terminal.stdout,
                        "{name} of {organisation} ({email}) can choose a new password once, within 24 hours, at:\n{link}"
                    )?;
                }
            }
        }
        Ok(())
    }
}
