//! Arguments and formats that several commands share. It must not know any single command.

use clap::Args;
use claviger_core::clock::Timestamp;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// The account that a command is about.
#[derive(Args, Debug)]
pub(super) struct AccountArgument {
    /// The account's short name, as `claviger account list` shows it
    #[arg(long)]
    pub(super) account: String,
}

/// Formats a timestamp as RFC 3339, in UTC.
pub(super) fn rfc3339(moment: Timestamp) -> String {
    let seconds = moment.as_micros().div_euclid(1_000_000);
    let moment = OffsetDateTime::from_unix_timestamp(seconds).ok();
    moment.and_then(|moment| moment.format(&Rfc3339).ok()).unwrap_or_default()
}
