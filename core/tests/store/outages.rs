//! A database that is locked, stopped or out of disk space: the errors that people get, and the recovery afterwards.

use crate::{places::postgres_programs, support::*};
use claviger_core::{
    authentication::{session::BrowserTokens, sign_in::SignInError},
    claviger::Claviger,
    installation::opening::Opening,
    internal_error::{InternalError, StoreError},
    password::PasswordAttempt,
    settings::{Patience, Settings},
};
use sqlx::{AnyConnection, Connection, Executor};
use std::{
    io::Write,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;

const ADA: &str = "ada@example.org";

/// The limits of a server, but shorter, and with a new probe for each question.
const PATIENCE: Patience = Patience {
    request: Duration::from_millis(750),
    commit: Duration::from_secs(5),
    background: Duration::from_secs(10),
    look_again: Duration::ZERO,
};
/// The longest time that a request may take on a machine that is busy with other tests.
const IN_TIME: Duration = Duration::from_secs(4);

async fn impatient(url: &str, data: &Path) -> Claviger {
    let settings = Settings { patience: PATIENCE, ..settings(url, data, None) };
    open_as(settings, Opening::Making, Arc::new(ManualClock::at_noon())).await.unwrap().claviger
}

async fn sign_up(claviger: &Claviger) {
    let form = claviger_core::use_cases::sign_up::SignUpForm {
        organisation: "Northwind",
        name: "Ada Lovelace",
        email: ADA,
        password: PASSWORD,
    };
    claviger.create_account(form).await.unwrap();
}

async fn sign_in(claviger: &Claviger) -> Result<(), SignInError> {
    let attempt = PasswordAttempt::new(PASSWORD);
    claviger.sign_in(ADA, attempt, BrowserTokens::default(), &request_context()).await.map(|_| ())
}

/// Checks that sign-ins fail in time with the right error, and that the server reports that it is not ready.
async fn expect_outage(claviger: &Claviger) {
    let begun = Instant::now();
    let refused = sign_in(claviger).await;
    assert!(
        matches!(refused, Err(SignInError::InternalError(InternalError::Store(StoreError::Unavailable(_))))),
        "{refused:?}"
    );
    assert!(begun.elapsed() < IN_TIME, "{:?}", begun.elapsed());
    let begun = Instant::now();
    claviger.check_writing().await.unwrap_err();
    assert!(begun.elapsed() < IN_TIME, "{:?}", begun.elapsed());
}

on_both_engines! {
    async fn while_somebody_else_holds_the_lock_requests_are_refused_in_time(installation: Installation) {
        installation.sign_up(ADA).await;
        let data = installation.master_key_file();
        let claviger = impatient(&installation.url, data.parent().unwrap()).await;
        let mut somebody = AnyConnection::connect(&installation.url).await.unwrap();
        let lock = if installation.is_on_postgres() { "BEGIN; LOCK TABLE account" } else { "BEGIN EXCLUSIVE" };
        somebody.execute(lock).await.unwrap();
        expect_outage(&claviger).await;
        somebody.execute("ROLLBACK").await.unwrap();
        claviger.check_writing().await.unwrap();
        sign_in(&claviger).await.unwrap();
        claviger.close().await;
    }
}

/// A small disk for one test.
struct Disk(PathBuf);

impl Disk {
    /// Returns `None` if the test may not mount a disk.
    fn mount(folder: &Path) -> Option<Self> {
        let path = folder.join("disk");
        std::fs::create_dir(&path).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"])
            .arg(&path)
            .stderr(Stdio::null())
            .status();
        mounted.is_ok_and(|status| status.success()).then_some(Self(path))
    }

    /// Fills the disk, and returns the file that fills it.
    fn fill(&self) -> PathBuf {
        let path = self.0.join("filler");
        let mut filler = std::fs::File::create(&path).unwrap();
        while filler.write_all(&[0; 4096]).is_ok() {}
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_full_disk_changes_are_written_again() {
    let folder = TempDir::new().unwrap();
    let Some(disk) = Disk::mount(folder.path()) else {
        // Written to stderr directly, because the test runner captures other output: scripts/test.sh looks for this
        // word.
        writeln!(
            std::io::stderr(),
            "SKIPPED: a full disk was not tried, because nothing can be mounted here"
        )
        .unwrap();
        return;
    };
    let url = format!("sqlite://{}", disk.0.join("claviger.db").display());
    let claviger = impatient(&url, &disk.0).await;
    sign_up(&claviger).await;
    claviger.check_writing().await.unwrap();

    let filler = disk.fill();
    assert!(claviger.check_writing().await.is_err(), "a full disk is no place to write to");
    let mut refused = None;
    // For a while, the database still finds free space inside its own files.
    for _ in 0..100 {
        if let Err(error) = sign_in(&claviger).await {
            refused = Some(error);
            break;
        }
    }
    assert!(
        matches!(refused, Some(SignInError::InternalError(InternalError::Store(StoreError::Unavailable(_))))),
        "{refused:?}"
    );
    claviger.check_writing().await.unwrap_err();

    std::fs::remove_file(filler).unwrap();
    claviger.check_writing().await.unwrap();
    sign_in(&claviger).await.unwrap();
    claviger.close().await;
}

/// A PostgreSQL server for one test.
struct Server {
    programs: String,
    folder: TempDir,
    port: u16,
}

const MAKE: &str = r#"
if [ "$(id -u)" = 0 ]; then chown postgres .; as="runuser -u postgres --"; else as=; fi
$as "$1/initdb" -D "$PWD/data" -A trust -U postgres -E UTF8 --no-sync
"#;
const START: &str = r#"
if [ "$(id -u)" = 0 ]; then as="runuser -u postgres --"; else as=; fi
$as "$1/pg_ctl" -D "$PWD/data" -l "$PWD/log" -w -o "-p $2 -k $PWD -c listen_addresses=127.0.0.1 -c fsync=off" start
"#;
const STOP: &str = r#"
if [ "$(id -u)" = 0 ]; then as="runuser -u postgres --"; else as=; fi
$as "$1/pg_ctl" -D "$PWD/data" -m immediate -w stop
"#;

impl Server {
    /// `None` without PostgreSQL.
    fn new() -> Option<Self> {
        let programs = postgres_programs()?;
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { programs, folder: TempDir::new().unwrap(), port };
        server.shell(MAKE);
        server.shell(START);
        Some(server)
    }

    fn shell(&self, script: &str) {
        // The output goes to a file: the server would keep a pipe open.
        let log = std::fs::File::create(self.folder.path().join("shell")).unwrap();
        let done = Command::new("bash")
            .args(["-e", "-c", script, "bash", &self.programs, &self.port.to_string()])
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .status()
            .unwrap();
        let said = std::fs::read_to_string(self.folder.path().join("shell")).unwrap();
        assert!(done.success(), "{said}");
    }

    fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Stops every process of the server, so that it accepts connections but never answers, or continues them.
    fn signal(&self, signal: &str) {
        let file = std::fs::read_to_string(self.folder.path().join("data/postmaster.pid")).unwrap();
        let postmaster = file.lines().next().unwrap().to_owned();
        let script = format!("kill -{signal} {postmaster} $(ps -o pid= --ppid {postmaster})");
        self.shell(&script);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shell(STOP);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgresql_that_stops_or_hangs_is_told_in_time_and_used_again_afterwards() {
    let Some(server) = Server::new() else { return };
    let data = TempDir::new().unwrap();
    let claviger = impatient(&server.url(), data.path()).await;
    sign_up(&claviger).await;
    sign_in(&claviger).await.unwrap();

    server.signal("STOP");
    expect_outage(&claviger).await;
    server.signal("CONT");
    claviger.check_writing().await.unwrap();
    sign_in(&claviger).await.unwrap();

    server.shell(STOP);
    expect_outage(&claviger).await;
    server.shell(START);
    claviger.check_writing().await.unwrap();
    sign_in(&claviger).await.unwrap();
    claviger.close().await;
}
