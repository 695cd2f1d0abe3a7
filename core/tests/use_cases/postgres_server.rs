//! A PostgreSQL server for one test, which the test may stop or configure. It is stopped when it is dropped.

use crate::places::postgres_programs;
use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// Lets a script run a program of PostgreSQL, which refuses to run as root. Debian's package creates a user for it.
const AS_POSTGRES: &str = r#"
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
"#;
const CREATE: &str = r#"
if [ "$(id -u)" = 0 ]; then chown postgres .; fi
as_postgres "$1/initdb" -D "$PWD/data" -A trust -U postgres -E UTF8 --no-sync
"#;
const START: &str = r#"
as_postgres "$1/pg_ctl" -D "$PWD/data" -l "$PWD/log" -w -o "-p $2 -k $PWD -c listen_addresses=127.0.0.1 -c fsync=off" start
"#;
const STOP: &str = r#"
as_postgres "$1/pg_ctl" -D "$PWD/data" -m immediate -w stop
"#;

pub(crate) struct PostgresServer {
    programs: String,
    folder: TempDir,
    pub(crate) port: u16,
}

impl PostgresServer {
    /// Creates a server and starts it; `None` without PostgreSQL.
    pub(crate) fn start_new() -> Option<Self> {
        Self::start_configured("")
    }

    /// Creates a server, runs a script in its folder, which may write into `data/postgresql.conf` or `data/pg_hba.conf`, and starts
    /// the server; `None` without PostgreSQL.
    pub(crate) fn start_configured(script: &str) -> Option<Self> {
        let server =
            Self { programs: postgres_programs()?, folder: TempDir::new().unwrap(), port: free_port() };
        server.shell(CREATE);
        server.shell(script);
        server.start();
        Some(server)
    }

    pub(crate) fn start(&self) {
        self.shell(START);
    }

    pub(crate) fn stop(&self) {
        self.shell(STOP);
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Sends a signal to every process of the server. After `STOP` it accepts connections, but does not answer.
    pub(crate) fn signal(&self, signal: &str) {
        let file = fs::read_to_string(self.folder().join("data/postmaster.pid")).unwrap();
        let postmaster = file.lines().next().unwrap().to_owned();
        self.shell(&format!("kill -{signal} {postmaster} $(ps -o pid= --ppid {postmaster})"));
    }

    fn shell(&self, script: &str) {
        // The output goes to a file: the server would keep a pipe open.
        let output = self.folder().join("shell");
        let file = fs::File::create(&output).unwrap();
        let script = format!("{AS_POSTGRES}{script}");
        let done = Command::new("bash")
            .args(["-e", "-c", &script, "bash", &self.programs, &self.port.to_string()])
            .current_dir(self.folder())
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .status()
            .unwrap();
        assert!(done.success(), "{}", fs::read_to_string(output).unwrap());
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        self.stop();
    }
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
