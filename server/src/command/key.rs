//! `claviger key`: resets keys of one account whose members cannot reset them, or of all accounts.

use super::{
    Terminal,
    changed::{self, NotifyError},
};
use crate::control::Notice;
use clap::{ArgGroup, Args, Subcommand};
use claviger_core::{
    claviger::Claviger,
    domain::credential::CredentialKind,
    internal_error::InternalError,
    use_cases::{bundles::AccountChangeError, credentials::AccessEnded},
};
use serde::Serialize;
use std::{io, path::Path};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Replace keys: the old ones are refused when the command ends, and members view the new ones in the browser
    Reset(Reset),
}

#[derive(Args, Debug)]
#[command(group(ArgGroup::new("whose").required(true).args(["account", "all"])))]
pub(super) struct Reset {
    /// The account's short name, as `claviger account list` shows it
    #[arg(long)]
    account: Option<String>,
    /// The API key only
    #[arg(long, conflicts_with_all = ["bundle_key", "all"])]
    api_key: bool,
    /// The bundle key only
    #[arg(long, conflicts_with = "all")]
    bundle_key: bool,
    /// Both keys of every account, for an installation that was restored or has leaked; also ends all sessions,
    /// invitations and other links
    #[arg(long, requires = "yes")]
    all: bool,
    /// Confirm that every customer needs new keys after this
    #[arg(long, requires = "all")]
    yes: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Why keys were not reset.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeyCommandError {
    #[error("nothing was reset: {0}")]
    Unchanged(#[from] AccountChangeError),
    #[error("nothing was reset: the accounts cannot be read: {0}")]
    Unreadable(#[from] InternalError),
    #[error("{0} of {1} accounts were not reset, or the server was not notified; see above")]
    Incomplete(usize, usize),
    #[error(transparent)]
    NotifyError(#[from] NotifyError),
    #[error("the result could not be written: {0}")]
    Output(#[from] io::Error),
}

#[derive(Default, Serialize)]
struct Summary {
    accounts: Vec<Line>,
    sessions_ended: u64,
    links_ended: u64,
    failed: usize,
}

#[derive(Serialize)]
struct Line {
    account: String,
    api_key: bool,
    bundle_key: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

impl Command {
    pub(super) async fn perform(
        self,
        claviger: &Claviger,
        data_folder: &Path,
        terminal: &mut Terminal<'_>,
    ) -> Result<(), KeyCommandError> {
        let Self::Reset(reset) = self;
        match &reset.account {
            Some(account) => reset.one(account, claviger, data_folder, terminal).await,
            None => reset.all(claviger, data_folder, terminal).await,
        }
    }
}

impl Reset {
    fn kinds(&self) -> Vec<CredentialKind> {
        let is_meant = |kind: &CredentialKind| match kind {
            CredentialKind::ApiKey => !self.bundle_key,
            CredentialKind::BundleKey => !self.api_key,
        };
        CredentialKind::ALL.into_iter().filter(is_meant).collect()
    }

    async fn one(
        &self,
        account: &str,
        claviger: &Claviger,
        data_folder: &Path,
        terminal: &mut Terminal<'_>,
    ) -> Result<(), KeyCommandError> {
        let kinds = self.kinds();
        let changed = claviger.reset_keys(account, &kinds).await?;
        let (api_key, bundle_key) =
            (kinds.contains(&CredentialKind::ApiKey), kinds.contains(&CredentialKind::BundleKey));
        if self.json {
            changed::notify_server(claviger, data_folder, &changed).await?;
            let line = Line { account: account.to_owned(), api_key, bundle_key, problem: None };
            return Ok(terminal.print_json(&Summary { accounts: vec![line], ..Summary::default() })?);
        }
        let keys = match (api_key, bundle_key) {
            (true, false) => "API key",
            (false, true) => "bundle key",
            _ => "API key and the bundle key",
        };
        let words = format!("Reset the {keys} of {account}; its members can view what is new.");
        Ok(changed::report(claviger, terminal, data_folder, &changed, &words).await?)
    }

    async fn all(
        &self,
        claviger: &Claviger,
        data_folder: &Path,
        terminal: &mut Terminal<'_>,
    ) -> Result<(), KeyCommandError> {
        let (mut summary, mut notice) = (Summary::default(), Notice::NotRunning);
        for account in claviger.list_accounts().await? {
            let mut problem = None;
            let done = claviger.reset_access(&account.slug).await;
            match &done {
                Ok((id, AccessEnded { sessions, links })) => {
                    summary.sessions_ended += sessions;
                    summary.links_ended += links;
                    match changed::notify_server(claviger, data_folder, id).await {
                        Ok(heard) => notice = heard,
                        Err(unheard) => problem = Some(unheard.to_string()),
                    }
                }
                Err(refused) => problem = Some(refused.to_string()),
            }
            summary.failed += usize::from(problem.is_some());
            summary.accounts.push(Line {
                account: account.slug,
                api_key: done.is_ok(),
                bundle_key: done.is_ok(),
                problem,
            });
        }
        self.report_all(&summary, notice, terminal)?;
        if summary.failed == 0 {
            Ok(())
        } else {
            Err(KeyCommandError::Incomplete(summary.failed, summary.accounts.len()))
        }
    }

    fn report_all(&self, summary: &Summary, notice: Notice, terminal: &mut Terminal<'_>) -> io::Result<()> {
        if self.json {
            return terminal.print_json(summary);
        }
        for line in &summary.accounts {
            if let Some(problem) = &line.problem {
                writeln!(terminal.stdout, "{}: {problem}", line.account)?;
            }
        }
        writeln!(
            terminal.stdout,
            "Reset both keys of {} accounts, and ended {} sessions and {} links. {} Passwords are as they were.",
            summary.accounts.iter().filter(|line| line.api_key).count(),
            summary.sessions_ended,
            summary.links_ended,
            changed::since(notice),
        )
    }
}
