//! A gateway of an example configuration, on a port of its own.

use super::{
    caller::send,
    process::{Process, folder_for_all, free_address, program},
};
use crate::support::machine::has_program;
use std::{net::SocketAddr, path::Path, process::Command};

/// What the examples are written with, to be replaced by what is free here.
const GATEWAY: &str = "127.0.0.1:8080";
const CLAVIGER: &str = "127.0.0.1:3000";
const UPSTREAM: &str = "127.0.0.1:9000";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Nginx,
    Caddy,
    Haproxy,
    Traefik,
    Envoy,
}

impl Kind {
    fn folder(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
            Self::Haproxy => "haproxy",
            Self::Traefik => "traefik",
            Self::Envoy => "envoy",
        }
    }

    /// If it is not installed, its tests are skipped.
    pub(super) fn is_installed(self) -> bool {
        has_program(self.folder())
    }

    fn command(self, folder: &Path) -> Command {
        let in_folder = |name| folder.join(name).display().to_string();
        let arguments = match self {
            Self::Nginx => vec!["-p".to_owned(), in_folder(""), "-c".to_owned(), in_folder("nginx.conf")],
            Self::Caddy => ["run", "--adapter", "caddyfile", "--config"]
                .map(str::to_owned)
                .into_iter()
                .chain([in_folder("Caddyfile")])
                .collect(),
            Self::Haproxy => {
                vec!["-C".to_owned(), in_folder(""), "-f".to_owned(), "haproxy.cfg".to_owned()]
            }
            Self::Traefik => vec!["--configFile=traefik.yaml".to_owned()],
            Self::Envoy => ["--use-dynamic-base-id", "-c"]
                .map(str::to_owned)
                .into_iter()
                .chain([in_folder("envoy.yaml")])
                .collect(),
        };
        let mut command = program(self.folder(), folder);
        command.args(arguments).current_dir(folder);
        command
    }
}

pub(super) struct Gateway {
    pub(super) address: SocketAddr,
    process: Process,
}

impl Gateway {
    /// Starts it, and waits until it listens.
    pub(super) async fn start(kind: Kind, claviger: SocketAddr, upstream: SocketAddr) -> Self {
        let address = free_address().await;
        let folder = folder_for_all();
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/gateways").join(kind.folder());
        for file in std::fs::read_dir(examples).unwrap() {
            let file = file.unwrap();
            let text = std::fs::read_to_string(file.path()).unwrap();
            std::fs::write(folder.path().join(file.file_name()), located(&text, address, claviger, upstream))
                .unwrap();
        }
        let command = kind.command(folder.path());
        let process = Process::start(command, address, folder).await;
        // Traefik listens before it has read its routes. Without keys the answer is then a 401.
        while kind == Kind::Traefik && send(address, "GET", "/geo/", &[], "").await.status == 404 {
            tokio::task::yield_now().await;
        }
        Self { address, process }
    }

    pub(super) async fn stop(self) {
        self.process.stop().await;
    }
}

/// An example with the addresses of a test in it, however it writes them.
fn located(example: &str, gateway: SocketAddr, claviger: SocketAddr, upstream: SocketAddr) -> String {
    let mut text = example.to_owned();
    for (written, address) in [(GATEWAY, gateway), (CLAVIGER, claviger), (UPSTREAM, upstream)] {
        let (host, port) = written.split_once(':').unwrap();
        let apart = |port: &str| format!("address: {host}, port_value: {port} ");
        text = text
            .replace(written, &address.to_string())
            .replace(&apart(port), &apart(&address.port().to_string()))
            .replace(&format!("//:{port}"), &format!("//:{}", address.port()));
    }
    text
}
