//! `claviger audit`: whether the audit records are as they were written.

use super::Terminal;
use clap::{Args, Subcommand};
use claviger_core::{audit::AuditVerdict, claviger::Claviger, failure::Failure};
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

/// Why the records cannot be relied on.
#[derive(Debug, thiserror::Error)]
pub(super) enum AuditError {
    #[error("the audit records cannot be read: {0}")]
    Unreadable(#[from] Failure),
    #[error("audit records were changed or removed")]
    Broken,
    #[error("the result could not be written: {0}")]
    Output(#[from] io::Error),
}

#[derive(Serialize)]
struct Found<'a> {
    events: u64,
    broken: Vec<Break<'a>>,
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
        report(&verdict, json, terminal)?;
        if verdict.broken.is_empty() { Ok(()) } else { Err(AuditError::Broken) }
    }
}

fn report(verdict: &AuditVerdict, json: bool, terminal: &mut Terminal<'_>) -> io::Result<()> {
    if json {
        let broken = verdict.broken.iter().map(|found| Break { chain: &found.chain, at: found.at }).collect();
        return terminal.print_json(&Found { events: verdict.events, broken });
    }
    writeln!(terminal.output, "Read {} audit records.", verdict.events)?;
    for found in &verdict.broken {
        writeln!(terminal.output, "The records of {} break at number {}.", found.chain, found.at)?;
    }
    if verdict.broken.is_empty() {
        writeln!(terminal.output, "None was changed or removed.")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use claviger_core::audit::BrokenChain;

    fn reported(verdict: &AuditVerdict, json: bool) -> String {
        let (mut output, mut notes) = (Vec::new(), Vec::new());
        let mut terminal = Terminal { input: &mut io::empty(), output: &mut output, notes: &mut notes };
        report(verdict, json, &mut terminal).unwrap();
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn a_break_is_reported_with_its_place() {
        let verdict =
            AuditVerdict { events: 7, broken: vec![BrokenChain { chain: "installation".to_owned(), at: 3 }] };
        assert_eq!(
            reported(&verdict, false),
            "Read 7 audit records.\nThe records of installation break at number 3.\n"
        );
        assert_eq!(
            reported(&verdict, true),
            "{\"events\":7,\"broken\":[{\"chain\":\"installation\",\"at\":3}]}\n"
        );
    }

    #[test]
    fn whole_records_are_reported_as_whole() {
        let verdict = AuditVerdict { events: 7, broken: Vec::new() };
        assert_eq!(reported(&verdict, false), "Read 7 audit records.\nNone was changed or removed.\n");
    }
}
