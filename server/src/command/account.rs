//! `claviger account`: creates, lists, limits and disables accounts, whether registration is open or not.

use super::{
    Terminal,
    arguments::{AccountArgument, rfc3339},
    changed::{self, NotifyError},
    member::password_link,
    password,
};
use clap::{Args, Subcommand};
use claviger_core::{
    claviger::Claviger,
    domain::{field_errors::FieldErrors, limits::Limits},
    internal_error::InternalError,
    use_cases::{
        accounts::{AccountLine, CreateError},
        bundles::AccountChangeError,
        sign_up::{CreatedAccount, SignUpError, SignUpForm},
    },
};
use secrecy::ExposeSecret;
use serde::Serialize;
use std::{io, path::Path};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create an account with its first admin, its API key and its bundle key
    Create(Create),
    /// List all accounts
    List(List),
    /// Set how many requests an account may make
    Limit(Limit),
    /// Disable an account: its members cannot sign in, and its keys are refused
    Disable(AccountArgument),
    /// Enable an account that was disabled
    Enable(AccountArgument),
}

#[derive(Args, Debug)]
pub(super) struct Create {
    /// The organisation's name
    #[arg(long)]
    organisation: String,
    /// The name of its first admin
    #[arg(long)]
    name: String,
    /// The admin's e-mail address, for logging in
    #[arg(long)]
    email: String,
    /// Read the admin's password from standard input; without this, a link to choose one is printed
    #[arg(long)]
    password_stdin: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub(super) struct List {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub(super) struct Limit {
    #[command(flatten)]
    which: AccountArgument,
    /// Requests a second
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    per_second: u32,
    /// Requests a minute
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    per_minute: u32,
}

/// Why an account was not created or changed, or the list not printed.
#[derive(Debug, thiserror::Error)]
pub(super) enum AccountError {
    /// Some options are invalid.
    #[error("no account was made: {}", wrong_options(.0))]
    Invalid(FieldErrors),
    /// The core refused to create the account for another reason.
    #[error("no account was made: {0}")]
    Refused(SignUpError),
    /// The limit per second is higher than the limit per minute.
    #[error("nothing was changed: --per-second is more than --per-minute")]
    MoreThanAMinute,
    #[error("nothing was changed: {0}")]
    Unchanged(#[from] AccountChangeError),
    #[error(transparent)]
    NotifyError(#[from] NotifyError),
    #[error("the accounts cannot be read: {0}")]
    Unreadable(#[from] InternalError),
    /// The account exists, but its admin has no link to choose a password yet.
    #[error(transparent)]
    NoLink(CreateError),
    #[error("no account was made: the password cannot be read: {0}")]
    Input(io::Error),
    #[error("the result could not be written: {0}")]
    Output(#[from] io::Error),
}

impl From<SignUpError> for AccountError {
    fn from(error: SignUpError) -> Self {
        match error {
            SignUpError::Invalid(fields) => Self::Invalid(fields),
            other => Self::Refused(other),
        }
    }
}

impl From<CreateError> for AccountError {
    fn from(error: CreateError) -> Self {
        match error {
            CreateError::Refused(refused) => refused.into(),
            other @ CreateError::NoLink(_) => Self::NoLink(other),
        }
    }
}

fn wrong_options(fields: &FieldErrors) -> String {
    let named = |option: &str, problem: Option<String>| problem.map(|problem| format!("{option}: {problem}"));
    let wrong = [
        named("--organisation", fields.organisation.map(|problem| problem.to_string())),
        named("--name", fields.name.map(|problem| problem.to_string())),
        named("--email", fields.email.map(|problem| problem.to_string())),
        named("the password", fields.password.map(|problem| problem.to_string())),
    ];
    wrong.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

impl Command {
    pub(super) async fn perform(
        self,
        claviger: &Claviger,
        data_folder: &Path,
        base_url: &str,
        terminal: &mut Terminal<'_>,
    ) -> Result<(), AccountError> {
        let (changed, words) = match self {
            Self::Create(create) => return create.perform(claviger, data_folder, base_url, terminal).await,
            Self::List(list) => return list.perform(claviger, terminal).await,
            Self::Limit(Limit { which, per_second, per_minute }) => {
                if per_second > per_minute {
                    return Err(AccountError::MoreThanAMinute);
                }
                let limits = Limits { per_second, per_minute };
                let changed = claviger.set_limits(&which.account, limits).await?;
                (
                    changed,
                    format!(
                        "Limited {} to {per_second} requests a second and {per_minute} a minute.",
                        which.account
                    ),
                )
            }
            Self::Disable(AccountArgument { account }) => {
                let changed = claviger.set_account_enabled(&account, false).await?;
                (changed, format!("Disabled {account}."))
            }
            Self::Enable(AccountArgument { account }) => {
                let changed = claviger.set_account_enabled(&account, true).await?;
                (changed, format!("Enabled {account}."))
            }
        };
        Ok(changed::report(claviger, terminal, data_folder, &changed, &words).await?)
    }
}

#[derive(Serialize)]
struct Created<'a> {
    account: &'a str,
    admin: &'a str,
    email: &'a str,
    /// The link to choose a password, unless a password was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
}

impl Create {
    /// Prints the result before it notifies the server, so that the link is not lost if the notification fails.
    async fn perform(
        self,
        claviger: &Claviger,
        data_folder: &Path,
        base_url: &str,
        terminal: &mut Terminal<'_>,
    ) -> Result<(), AccountError> {
        let (organisation, name, email) = (&self.organisation, &self.name, &self.email);
        let (made, link) = if self.password_stdin {
            let password = password::read(terminal.stdin).map_err(AccountError::Input)?;
            let form = SignUpForm { organisation, name, email, password: password.expose_secret() };
            (claviger.create_account(form).await?, None)
        } else {
            let (made, token) = claviger.create_account_with_link(organisation, name, email).await?;
            (made, Some(password_link(base_url, &token)))
        };
        self.print(&made, link.as_deref(), terminal)?;
        terminal.stdout.flush()?;
        changed::notify_server(claviger, data_folder, &made.account).await?;
        Ok(())
    }

    fn print(
        &self,
        made: &CreatedAccount,
        link: Option<&str>,
        terminal: &mut Terminal<'_>,
    ) -> io::Result<()> {
        let (organisation, name, email) = (self.organisation.trim(), self.name.trim(), self.email.trim());
        if self.json {
            let (account, admin) = (made.account.as_str(), made.admin.as_str());
            return terminal.print_json(&Created { account, admin, email, link });
        }
        writeln!(terminal.stdout, "Made the account {organisation} with its API key and its bundle key.")?;
        match link {
            Some(link) => writeln!(
                terminal.stdout,
                "{name} can choose a password for {email} once, within 24 hours, at:\n{link}"
            ),
            None => writeln!(terminal.stdout, "{name} can log in as {email}."),
        }
    }
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    slug: &'a str,
    name: &'a str,
    members: u64,
    created_at: String,
    enabled: bool,
}

impl<'a> From<&'a AccountLine> for Line<'a> {
    fn from(account: &'a AccountLine) -> Self {
        Self {
            id: account.id.as_str(),
            slug: &account.slug,
            name: &account.name,
            members: account.members,
            created_at: rfc3339(account.created_at),
            enabled: account.enabled,
        }
    }
}

impl List {
    async fn perform(self, claviger: &Claviger, terminal: &mut Terminal<'_>) -> Result<(), AccountError> {
        let accounts = claviger.list_accounts().await?;
        let lines: Vec<Line<'_>> = accounts.iter().map(Line::from).collect();
        if self.json {
            return Ok(terminal.print_json(&lines)?);
        }
        if lines.is_empty() {
            writeln!(terminal.stdout, "There are no accounts.")?;
        }
        for line in lines {
            let members =
                if line.members == 1 { "1 member".to_owned() } else { format!("{} members", line.members) };
            let disabled = if line.enabled { "" } else { ", disabled" };
            writeln!(
                terminal.stdout,
                "{}  {}  {members}, made {}{disabled}",
                line.slug, line.name, line.created_at
            )?;
        }
        Ok(())
    }
}
