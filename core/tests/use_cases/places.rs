//! The place of a test's installation: a copy of a prepared one, so that only the first test of a run creates the tables.

use crate::support::{ManualClock, open};
use sqlx::{AnyPool, any::AnyPoolOptions};
use std::{
    env, fs,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    sync::{
        Arc, Once,
        atomic::{AtomicU32, Ordering},
    },
};
use tempfile::TempDir;
use tokio::sync::OnceCell;

pub(crate) const SQLITE_FILE: &str = "claviger.db";
const URL: &str = "CLAVIGER_TEST_POSTGRES_URL";
const BINARIES: &str = "CLAVIGER_TEST_POSTGRES_BIN";
const DEMAND: &str = "CLAVIGER_TEST_DEMANDS_POSTGRES";

/// The place of one installation.
pub(crate) struct Place {
    pub(crate) url: String,
    pub(crate) folder: TempDir,
    /// `None` on SQLite.
    pub(crate) on_server: Option<OnServer>,
}

/// A database to drop from its server.
pub(crate) struct OnServer {
    server: String,
    name: String,
}

impl OnServer {
    pub(crate) async fn drop_database(self) {
        run_on(&self.server, format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

/// The files of the prepared installation.
type Files = Vec<(String, Vec<u8>)>;

/// A copy on SQLite.
pub(crate) async fn on_sqlite() -> Place {
    static MADE: OnceCell<Files> = OnceCell::const_new();
    let made = MADE.get_or_init(|| async {
        let folder = TempDir::new().unwrap();
        make(&sqlite_in(folder.path()), folder.path()).await
    });
    let folder = folder_with(made.await);
    Place { url: sqlite_in(folder.path()), folder, on_server: None }
}

/// A copy on PostgreSQL; `None` without a server. The database that it copies stays on the server.
pub(crate) async fn on_postgres() -> Option<Place> {
    static MADE: OnceCell<Files> = OnceCell::const_new();
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = of_postgres(URL)?;
    let (before, _) = server.rsplit_once('/').unwrap();
    let process = std::process::id();
    let template = format!("store_{process}_template");
    let made = MADE.get_or_init(|| async {
        run_on(&server, format!("CREATE DATABASE {template}")).await;
        make(&format!("{before}/{template}"), TempDir::new().unwrap().path()).await
    });
    let folder = folder_with(made.await);
    let name = format!("store_{process}_{}", NEXT.fetch_add(1, Ordering::SeqCst));
    // The other strategy writes every page to the write-ahead log, which takes twice the time.
    run_on(&server, format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")).await;
    let url = format!("{before}/{name}");
    Some(Place { url, folder, on_server: Some(OnServer { server, name }) })
}

/// The folder with the programs of PostgreSQL; `None` if the environment does not name it.
pub(crate) fn postgres_programs() -> Option<String> {
    of_postgres(BINARIES)
}

/// A variable that locates PostgreSQL. Without it, prints once that tests are skipped, or fails if they are demanded.
fn of_postgres(variable: &str) -> Option<String> {
    static SAID: Once = Once::new();
    if let Ok(value) = env::var(variable) {
        return Some(value);
    }
    assert!(env::var_os(DEMAND).is_none(), "{DEMAND} is set, but {variable} is not");
    // The test runner captures `println!`, but not this. scripts/test.sh looks for the word.
    SAID.call_once(|| {
        let line =
            format!("SKIPPED: the tests on PostgreSQL: set {URL} and {BINARIES}, or run `make test`\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    });
    None
}

/// Makes an installation and returns its files.
async fn make(url: &str, folder: &Path) -> Files {
    open(url, folder, None, Arc::new(ManualClock::at_noon())).await.unwrap().close().await;
    let files = fs::read_dir(folder).unwrap().map(|entry| {
        let entry = entry.unwrap();
        (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
    });
    files.collect()
}

fn folder_with(files: &Files) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).unwrap();
        file.write_all(content).unwrap();
    }
    folder
}

fn sqlite_in(folder: &Path) -> String {
    format!("sqlite://{}", folder.join(SQLITE_FILE).display())
}

pub(crate) async fn pool(url: &str) -> AnyPool {
    sqlx::any::install_default_drivers();
    AnyPoolOptions::new().max_connections(1).connect(url).await.unwrap()
}

async fn run_on(server: &str, statement: String) {
    let pool = pool(server).await;
    sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&pool).await.unwrap();
    pool.close().await;
}
