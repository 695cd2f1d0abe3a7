//! `claviger bundle`: shows and changes the bundle of an account.

use super::{
    Terminal,
    arguments::{AccountArgument, rfc3339},
    changed::{self, NotifyError},
};
use clap::{Args, Subcommand};
use claviger_core::{
    claviger::Claviger,
    clock::Timestamp,
    domain::bundle::{BundleName, Services},
    use_cases::bundles::{AccountChangeError, BundleChange, BundleLine},
};
use serde::Serialize;
use std::{io, path::Path};
use time::{Date, OffsetDateTime, Time, format_description::well_known::Rfc3339, macros::format_description};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show the bundle of an account
    Show(Show),
    /// Change the bundle of an account; options that are not given stay as they are. Only this command gives a bundle
    /// to an account that has none
    Set(Set),
    /// Disable the bundle of an account
    Disable(AccountArgument),
    /// Enable a disabled bundle
    Enable(AccountArgument),
    /// Reset the used requests of the bundle to zero
    Refill(AccountArgument),
    /// Remove the bundle of an account
    Remove(AccountArgument),
}

#[derive(Args, Debug)]
pub(super) struct Show {
    #[command(flatten)]
    which: AccountArgument,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub(super) struct Set {
    #[command(flatten)]
    which: AccountArgument,
    /// The name of the bundle
    #[arg(long, value_parser = BundleName::parse)]
    name: Option<BundleName>,
    /// The services in the bundle, separated by commas; * for every service
    #[arg(long, value_parser = Services::parse)]
    services: Option<Services>,
    /// When the bundle ends: a day such as 2027-01-31, which is its last, or a moment such as 2027-01-31T12:00:00Z,
    /// or never
    #[arg(long, value_parser = end)]
    expires: Option<End>,
    /// How many requests the bundle allows, or unlimited
    #[arg(long, value_parser = quota)]
    quota: Option<Quota>,
    /// Whether the bundle is a trial
    #[arg(long)]
    trial: Option<bool>,
}

/// When a bundle ends; `None` means never.
#[derive(Clone, Copy, Debug)]
struct End(Option<Timestamp>);

/// The quota of a bundle; `None` means unlimited.
#[derive(Clone, Copy, Debug)]
struct Quota(Option<u64>);

#[derive(Debug, thiserror::Error)]
#[error("neither a day such as 2027-01-31, nor a moment such as 2027-01-31T12:00:00Z, nor `never`")]
struct NotAnEnd;

#[derive(Debug, thiserror::Error)]
#[error("neither a whole number nor `unlimited`")]
struct NotAQuota;

fn end(text: &str) -> Result<End, NotAnEnd> {
    if text == "never" {
        return Ok(End(None));
    }
    let day = || Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?.next_day();
    let moment = day().map(|next| OffsetDateTime::new_utc(next, Time::MIDNIGHT));
    let moment = moment.or_else(|| OffsetDateTime::parse(text, &Rfc3339).ok()).ok_or(NotAnEnd)?;
    let micros = i64::try_from(moment.unix_timestamp_nanos() / 1_000).map_err(|_| NotAnEnd)?;
    Ok(End(Some(Timestamp::from_micros(micros))))
}

fn quota(text: &str) -> Result<Quota, NotAQuota> {
    if text == "unlimited" {
        return Ok(Quota(None));
    }
    let number = text.parse().ok().filter(|number| i64::try_from(*number).is_ok());
    number.map(|number| Quota(Some(number))).ok_or(NotAQuota)
}

/// Why a bundle was neither shown nor changed.
#[derive(Debug, thiserror::Error)]
pub(super) enum BundleCommandError {
    #[error("{0}")]
    Account(#[from] AccountChangeError),
    #[error(transparent)]
    NotifyError(#[from] NotifyError),
    #[error("the result could not be written: {0}")]
    Output(#[from] io::Error),
}

impl Command {
    pub(super) async fn perform(
        self,
        claviger: &Claviger,
        data_folder: &Path,
        terminal: &mut Terminal<'_>,
    ) -> Result<(), BundleCommandError> {
        let change = BundleChange::default();
        let (which, done, change) = match self {
            Self::Show(show) => return show.perform(claviger, terminal).await,
            Self::Remove(AccountArgument { account }) => {
                let changed = claviger.remove_bundle(&account).await?;
                let words = format!("Took the bundle of {account} away.");
                return Ok(changed::report(claviger, terminal, data_folder, &changed, &words).await?);
            }
            Self::Set(set) => {
                let account = &set.which.account;
                let changed = claviger.set_bundle(account, &set.change()).await?;
                let words = format!("Changed the bundle of {account}.");
                return Ok(changed::report(claviger, terminal, data_folder, &changed, &words).await?);
            }
            Self::Disable(which) => (which, "Disabled", BundleChange { enabled: Some(false), ..change }),
            Self::Enable(which) => (which, "Enabled", BundleChange { enabled: Some(true), ..change }),
            Self::Refill(which) => (which, "Refilled", BundleChange { refill: true, ..change }),
        };
        let changed = claviger.change_bundle(&which.account, &change).await?;
        let words = format!("{done} the bundle of {}.", which.account);
        Ok(changed::report(claviger, terminal, data_folder, &changed, &words).await?)
    }
}

impl Set {
    fn change(&self) -> BundleChange {
        BundleChange {
            name: self.name.clone(),
            services: self.services.clone(),
            expires_at: self.expires.map(|end| end.0),
            quota: self.quota.map(|quota| quota.0),
            is_trial: self.trial,
            ..BundleChange::default()
        }
    }
}

#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    services: String,
    enabled: bool,
    expired: bool,
    expires_at: Option<String>,
    quota: Option<u64>,
    used: u64,
    trial: bool,
}

impl<'a> From<&'a BundleLine> for Line<'a> {
    fn from(bundle: &'a BundleLine) -> Self {
        let terms = &bundle.terms;
        Self {
            name: terms.name.as_str(),
            services: terms.services.to_string(),
            enabled: terms.enabled,
            expired: bundle.is_expired,
            expires_at: terms.expires_at.map(rfc3339),
            quota: terms.quota,
            used: bundle.used,
            trial: terms.is_trial,
        }
    }
}

impl Show {
    async fn perform(
        self,
        claviger: &Claviger,
        terminal: &mut Terminal<'_>,
    ) -> Result<(), BundleCommandError> {
        let bundle = claviger.bundle(&self.which.account).await?;
        let line = bundle.as_ref().map(Line::from);
        if self.json {
            return Ok(terminal.print_json(&line)?);
        }
        let Some(line) = line else {
            return Ok(writeln!(terminal.stdout, "{} has no bundle.", self.which.account)?);
        };
        let services = if line.services.is_empty() { "no service" } else { &line.services };
        let quota = line.quota.map_or_else(|| "unlimited".to_owned(), |quota| quota.to_string());
        let expires = match (&line.expires_at, line.expired) {
            (None, _) => "never ends".to_owned(),
            (Some(end), false) => format!("ends {end}"),
            (Some(end), true) => format!("ended {end}"),
        };
        let marks = [(line.trial, ", a trial"), (!line.enabled, ", disabled")];
        let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
        Ok(writeln!(
            terminal.stdout,
            "{}: {services}; {} of {quota} requests used, {expires}{marks}",
            line.name, line.used
        )?)
    }
}
