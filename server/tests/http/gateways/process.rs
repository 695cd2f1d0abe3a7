//! A program that listens on a port of its own for as long as a test needs it.

use crate::support::machine::search_path;
use std::{
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};

/// An address that nobody listens on.
pub(super) async fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

/// A folder that a program may read that was started by root and goes on as somebody else.
pub(super) fn folder_for_all() -> TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

pub(super) fn program(name: &str, home: &Path) -> Command {
    let mut command = Command::new(name);
    command.env("PATH", search_path()).env("HOME", home);
    command.env("XDG_DATA_HOME", home).env("XDG_CONFIG_HOME", home);
    command
}

pub(super) struct Process {
    child: Option<Child>,
    folder: TempDir,
}

impl Process {
    /// Starts it with its log in this folder, and waits until it listens.
    pub(super) async fn start(mut command: Command, address: SocketAddr, folder: TempDir) -> Self {
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let child = command.spawn().unwrap_or_else(|problem| {
            panic!("{:?} does not start ({problem}); `make test` installs it", command.get_program())
        });
        let mut process = Self { child: Some(child), folder };
        process.await_listening(address).await;
        process
    }

    async fn await_listening(&mut self, address: SocketAddr) {
        let listening = async {
            while TcpStream::connect(address).await.is_err() {
                let ended = self.child.as_mut().and_then(|child| child.try_wait().unwrap());
                assert!(ended.is_none(), "it ended: {}", self.log());
                tokio::task::yield_now().await;
            }
        };
        let listens = tokio::time::timeout(Duration::from_secs(30), listening).await;
        assert!(listens.is_ok(), "it does not listen");
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    pub(super) async fn stop(mut self) {
        let child = self.child.take();
        tokio::task::spawn_blocking(move || end(child)).await.unwrap();
    }
}

/// Where a test fails, the program ends, too.
impl Drop for Process {
    fn drop(&mut self) {
        if self.child.is_some() && std::thread::panicking() {
            eprintln!("the program said: {}", self.log());
        }
        end(self.child.take());
    }
}

/// Told to stop, and not killed: nginx would leave its workers behind.
fn end(child: Option<Child>) {
    if let Some(mut child) = child {
        let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        if !told.is_ok_and(|told| told.success()) {
            let _ = child.kill();
        }
        let _ = child.wait();
    }
}
