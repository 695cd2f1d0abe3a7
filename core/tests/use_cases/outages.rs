//! A database that is locked, stopped or out of disk space: the errors that people get, and the recovery afterwards.

use crate::{postgres_server::PostgresServer, support::*};
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgresql_that_stops_or_hangs_is_told_in_time_and_used_again_afterwards() {
    let Some(server) = PostgresServer::start_new() else { return };
    let data = TempDir::new().unwrap();
    let url = format!("postgres://postgres@127.0.0.1:{}/postgres", server.port);
    let claviger = impatient(&url, data.path()).await;
    sign_up(&claviger).await;
    sign_in(&claviger).await.unwrap();

    server.signal("STOP");
    expect_outage(&claviger).await;
    server.signal("CONT");
    claviger.check_writing().await.unwrap();
    sign_in(&claviger).await.unwrap();

    server.stop();
    expect_outage(&claviger).await;
    server.start();
    claviger.check_writing().await.unwrap();
    sign_in(&claviger).await.unwrap();
    claviger.close().await;
}
