//! `claviger audit`: checks whether the audit records are unchanged.

use super::Terminal;
use clap::{Args, Subcommand};
use claviger_core::{
    audit::AuditVerdict, claviger::Claviger, installation::mark::Older, internal_error::InternalError,
};
use serde::Serialize;
use std::io;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check that no audit record was changed or removed
    Verify(Verify),
}

#[derive(Args, Debug)]
pub(super) struct Verify {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Why the audit records cannot be trusted.
#[derive(Debug, thiserror::Error)]
pub(super) enum AuditError {
    #[error("the audit records cannot be read: {0}")]
    Unreadable(#[from] InternalError),
    #[error("audit records were changed or removed")]
    Broken,
    #[error("the database is older than what this installation has seen: {0}")]
    Older(Older),
    #[error("the result could not be written: {0}")]
    Output(#[from] io::Error),
}

#[derive(Serialize)]
struct Found<'a> {
    events: u64,
    broken: Vec<Break<'a>>,
    /// In what respect the database is older than the installation mark.
    older: Option<String>,
}

#[derive(Serialize)]
struct Break<'a> {
    chain: &'a str,
    at: i64,
}

impl Command {
    pub(super) async fn perform(
        self,
        claviger: &Claviger,
        terminal: &mut Terminal<'_>,
    ) -> Result<(), AuditError> {
        let Self::Verify(Verify { json }) = self;
        let verdict = claviger.verify_audit().await?;
        let older = claviger.older_than_seen().await?;
        report(&verdict, older, json, terminal)?;
        match older {
            _ if !verdict.broken.is_empty() => Err(AuditError::Broken),
            Some(older) => Err(AuditError::Older(older)),
            None => Ok(()),
        }
    }
}

fn report(
    verdict: &AuditVerdict,
    older: Option<Older>,
    json: bool,
    terminal: &mut Terminal<'_>,
) -> io::Result<()> {
    if json {
        let broken = verdict.broken.iter().map(|found| Break { chain: &found.chain, at: found.at }).collect();
        let older = older.map(|older| older.to_string());
        return terminal.print_json(&Found { events: verdict.events, broken, older });
    }
    writeln!(terminal.stdout, "Read {} audit records.", verdict.events)?;
    for found in &verdict.broken {
        writeln!(terminal.stdout, "The records of {} break at number {}.", found.chain, found.at)?;
    }
    if let Some(older) = older {
        writeln!(terminal.stdout, "They are older than what this installation has seen: {older}.")?;
    }
    if verdict.broken.is_empty() && older.is_none() {
        writeln!(terminal.stdout, "None was changed or removed.")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use claviger_core::audit::BrokenChain;

    fn reported(verdict: &AuditVerdict, older: Option<Older>, json: bool) -> String {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let mut terminal = Terminal { stdin: &mut io::empty(), stdout: &mut stdout, stderr: &mut stderr };
        report(verdict, older, json, &mut terminal).unwrap();
        String::from_utf8(stdout).unwrap()
    }

    #[test]
    fn a_break_is_reported_with_its_place() {
        let verdict =
            AuditVerdict { events: 7, broken: vec![BrokenChain { chain: "installation".to_owned(), at: 3 }] };
        assert_eq!(
            reported(&verdict, None, false),
            "Read 7 audit records.\nThe records of installation break at number 3.\n"
        );
        assert_eq!(
            reported(&verdict, None, true),
            "{\"events\":7,\"broken\":[{\"chain\":\"installation\",\"at\":3}],\"older\":null}\n"
        );
    }

    #[test]
    fn whole_records_are_reported_as_whole() {
        let verdict = AuditVerdict { events: 7, broken: Vec::new() };
        assert_eq!(reported(&verdict, None, false), "Read 7 audit records.\nNone was changed or removed.\n");
    }

    #[test]
    fn records_that_are_older_than_the_mark_are_not_called_whole() {
        let verdict = AuditVerdict { events: 7, broken: Vec::new() };
        let older = Older::Events { database: 7, seen: 9 };
        assert_eq!(
            reported(&verdict, Some(older), false),
            "Read 7 audit records.\nThey are older than what this installation has seen: \
             it holds 7 audit records, and there were 9.\n"
        );
    }
}
