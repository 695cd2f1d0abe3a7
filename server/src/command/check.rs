//! `claviger check`: checks whether the installation could be served as it is configured. It must not create
//! anything.

use super::Terminal;
use crate::configuration::Configuration;
use clap::Args;
use claviger_core::{
    claviger::{Claviger, Opened},
    clock::{Clock, SystemClock},
    installation::{
        MASTER_KEY_FILE,
        inspection::{Inspection, inspect},
        mark::MARK_FILE,
        opening::{Opening, Place},
    },
    random::SystemRandom,
};
use serde::Serialize;
use std::{
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// How far the newest audit record may be ahead of the clock: the clock of this machine may be corrected now and
/// then.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(60);

#[derive(Args, Clone, Copy, Debug)]
pub(super) struct Check {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Why the check failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum CheckError {
    #[error("{0} of these would prevent the start")]
    Wrong(usize),
    #[error("the result could not be written: {0}")]
    Output(#[from] io::Error),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Good,
    Note,
    Wrong,
}

#[derive(Serialize)]
struct Finding {
    what: &'static str,
    verdict: Verdict,
    says: String,
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, what: &'static str, verdict: Verdict, says: impl Into<String>) {
        self.0.push(Finding { what, verdict, says: says.into() });
    }
}

impl Check {
    pub(super) async fn perform(
        self,
        configuration: &Configuration,
        terminal: &mut Terminal<'_>,
    ) -> Result<(), CheckError> {
        let mut findings = Findings::default();
        findings.add("configuration", Verdict::Good, "every value is valid");
        for warning in configuration.warnings() {
            findings.add("configuration", Verdict::Note, warning);
        }
        look_at_database(configuration, &mut findings).await;
        self.print(&findings, terminal)?;
        match findings.0.iter().filter(|finding| finding.verdict == Verdict::Wrong).count() {
            0 => Ok(()),
            wrong => Err(CheckError::Wrong(wrong)),
        }
    }

    fn print(self, findings: &Findings, terminal: &mut Terminal<'_>) -> io::Result<()> {
        if self.json {
            return terminal.print_json(&findings.0);
        }
        for Finding { what, verdict, says } in &findings.0 {
            let verdict = match verdict {
                Verdict::Good => "good ",
                Verdict::Note => "note ",
                Verdict::Wrong => "WRONG",
            };
            writeln!(terminal.stdout, "{verdict}  {what}: {says}")?;
        }
        Ok(())
    }
}

async fn look_at_database(configuration: &Configuration, findings: &mut Findings) {
    let settings = configuration.settings();
    let found = match inspect(&settings).await {
        Ok(found) => found,
        Err(problem) => return findings.add("database", Verdict::Wrong, problem.to_string()),
    };
    look_at_files(&configuration.data_folder, &found.place, findings);
    if let Some(newest) = found.newest_record {
        let ahead = newest.as_micros() - SystemClock.now().as_micros();
        let tolerance = i64::try_from(CLOCK_TOLERANCE.as_micros()).unwrap_or(i64::MAX);
        if ahead > tolerance {
            let seconds = ahead / 1_000_000;
            let says = format!("the newest audit record is {seconds} s ahead of this machine's clock");
            findings.add("clock", Verdict::Wrong, says);
        } else {
            findings.add("clock", Verdict::Good, "not behind the newest audit record");
        }
    }
    if found.server_runs {
        findings.add("server", Verdict::Note, "one runs on the database; a second one would not start");
    }
    check_schema(configuration, &found, findings).await;
}

async fn check_schema(configuration: &Configuration, found: &Inspection, findings: &mut Findings) {
    let Inspection { place, schema_version, program, .. } = found;
    match schema_version {
        None => findings.add(
            "database",
            Verdict::Good,
            format!("there is none in {place}; the first start makes it"),
        ),
        Some(version) if version < program => {
            let says =
                format!("{place}: its schema version is {version}; the next start upgrades it to {program}");
            findings.add("database", Verdict::Note, says);
        }
        Some(_) => open(configuration, place, findings).await,
    }
}

/// Opens a database with the tables of this program as every command does. This also tests the master key.
async fn open(configuration: &Configuration, place: &Place, findings: &mut Findings) {
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let opened = Claviger::open(configuration.settings(), Opening::Existing, clock, random).await;
    let claviger = match opened {
        Ok(Opened { claviger, .. }) => claviger,
        Err(problem) => return findings.add("database", Verdict::Wrong, problem.to_string()),
    };
    findings.add("database", Verdict::Good, format!("{place}, of this program's schema version"));
    findings.add("master key", Verdict::Good, "the one that the database was made with");
    match claviger.older_than_seen().await {
        Ok(None) => findings.add("age", Verdict::Good, "as new as this installation has seen the database"),
        Ok(Some(older)) => {
            let says = format!("the database is older than what this installation has seen: {older}");
            findings.add("age", Verdict::Wrong, says);
        }
        Err(problem) => findings.add("age", Verdict::Wrong, problem.to_string()),
    }
    claviger.close().await;
}

fn look_at_files(data_folder: &Path, place: &Place, findings: &mut Findings) {
    let mut files: Vec<PathBuf> = [MASTER_KEY_FILE, MARK_FILE].map(|name| data_folder.join(name)).into();
    if let Place::File(database) = place {
        files.extend(["", "-wal", "-shm"].map(|suffix| {
            let mut name = database.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        }));
    }
    let mode = |path: &PathBuf| std::fs::metadata(path).ok().map(|found| found.permissions().mode() & 0o7777);
    let open: Vec<String> = files
        .iter()
        .filter_map(|path| mode(path).filter(|mode| mode & 0o077 != 0).map(|mode| (path, mode)))
        .map(|(path, mode)| format!("{} (mode {mode:04o})", path.display()))
        .collect();
    if open.is_empty() {
        findings.add("files", Verdict::Good, "for this user only");
    } else {
        let says = format!("others have access to {}; make them `chmod 600`", open.join(", "));
        findings.add("files", Verdict::Wrong, says);
    }
}
