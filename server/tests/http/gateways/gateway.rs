//! A gateway of an example configuration, on a port of its own, and a caller that asks it.

use std::{
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What the examples are written with, to be replaced by what is free here.
const GATEWAY: &str = "127.0.0.1:8080";
const CLAVIGER: &str = "127.0.0.1:3000";
const UPSTREAM: &str = "127.0.0.1:9000";

#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Nginx,
    Caddy,
    Haproxy,
}

impl Kind {
    fn folder(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
            Self::Haproxy => "haproxy",
        }
    }

    fn command(self, folder: &Path) -> Command {
        let in_folder = |name| folder.join(name).display().to_string();
        let (program, arguments) = match self {
            Self::Nginx => {
                ("nginx", vec!["-p".to_owned(), in_folder(""), "-c".to_owned(), in_folder("nginx.conf")])
            }
            Self::Caddy => (
                "caddy",
                ["run", "--adapter", "caddyfile", "--config"]
                    .map(str::to_owned)
                    .into_iter()
                    .chain([in_folder("Caddyfile")])
                    .collect(),
            ),
            Self::Haproxy => {
                ("haproxy", vec!["-C".to_owned(), in_folder(""), "-f".to_owned(), "haproxy.cfg".to_owned()])
            }
        };
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new(program);
        // Debian installs servers where only the administrator looks.
        command.args(arguments).env("PATH", format!("{path}:/usr/sbin")).env("HOME", folder);
        command.env("XDG_DATA_HOME", folder).env("XDG_CONFIG_HOME", folder);
        command
    }
}

pub(super) struct Gateway {
    pub(super) address: SocketAddr,
    process: Option<Child>,
    folder: TempDir,
}

impl Gateway {
    /// Starts it, and waits until it listens.
    pub(super) async fn start(kind: Kind, claviger: SocketAddr, upstream: SocketAddr) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let folder = tempfile::tempdir().unwrap();
        open_to_all(folder.path());
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/gateways").join(kind.folder());
        for file in std::fs::read_dir(examples).unwrap() {
            let file = file.unwrap();
            let text = std::fs::read_to_string(file.path()).unwrap();
            let text = text.replace(GATEWAY, &address.to_string()).replace(CLAVIGER, &claviger.to_string());
            // Caddy serves names, and this one without its port.
            let text = text.replace(UPSTREAM, &upstream.to_string());
            std::fs::write(folder.path().join(file.file_name()), text).unwrap();
        }
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let process = kind
            .command(folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|problem| panic!("{kind:?} does not start ({problem}); `make test` installs it"));
        let mut gateway = Self { address, process: Some(process), folder };
        gateway.await_listening().await;
        gateway
    }

    async fn await_listening(&mut self) {
        let listening = async {
            while TcpStream::connect(self.address).await.is_err() {
                let ended = self.process.as_mut().and_then(|process| process.try_wait().unwrap());
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
        let process = self.process.take();
        tokio::task::spawn_blocking(move || end(process)).await.unwrap();
    }
}

/// Where a test fails, the gateway ends, too.
impl Drop for Gateway {
    fn drop(&mut self) {
        if self.process.is_some() {
            eprintln!("the gateway said: {}", self.log());
        }
        end(self.process.take());
    }
}

/// Told to stop, and not killed: nginx would leave its workers behind.
fn end(process: Option<Child>) {
    if let Some(mut process) = process {
        let told = Command::new("kill").args(["-TERM", &process.id().to_string()]).status();
        if !told.is_ok_and(|told| told.success()) {
            let _ = process.kill();
        }
        let _ = process.wait();
    }
}

/// Gateways that are started by root go on as somebody else.
fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// What the caller gets.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Sends a request over a connection of its own.
pub(super) async fn send(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let mut request = format!("{method} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() {
        request += &format!("Content-Length: {}\r\n", body.len());
    }
    request += &format!("\r\n{body}");
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.unwrap();
    read(&String::from_utf8_lossy(&answer))
}

fn read(text: &str) -> Answer {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(": "));
    Answer {
        status: status.unwrap_or_else(|| panic!("no answer: {text:?}")),
        headers: headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect(),
        body: body.to_owned(),
    }
}
