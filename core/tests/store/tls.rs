//! PostgreSQL over TLS, on a server for one test with a certificate from a test authority.

use crate::{places::postgres_programs, support::*};
use claviger_core::{
    installation::{OpenError, Refusal, opening::Opening},
    settings::{PlainConnections, Settings},
};
use std::{
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};
use tempfile::TempDir;

/// Creates two authorities and a certificate of the first for localhost, and starts a server with it that accepts TLS
/// only. PostgreSQL refuses to run as root; Debian's package creates a user for it.
const START: &str = r#"
set -e
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
for authority in ca other; do
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$authority" -keyout "$authority.key" -out "$authority.crt"
done
openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr
echo "subjectAltName=DNS:localhost" >names
openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.crt
chmod 600 server.key
if [ "$(id -u)" = 0 ]; then chown postgres . server.key; fi
as_postgres "$1/initdb" -D "$PWD/data" -A trust -U postgres -E UTF8 --no-sync
echo "hostssl all all 127.0.0.1/32 trust" >"$PWD/data/pg_hba.conf"
as_postgres "$1/pg_ctl" -D "$PWD/data" -l "$PWD/log" -w -o "-p $2 -k $PWD -c listen_addresses=127.0.0.1 -c fsync=off" \
    -o "-c ssl=on -c ssl_cert_file=$PWD/server.crt -c ssl_key_file=$PWD/server.key" start
"#;
const STOP: &str = r#"kill -INT "$(head -n 1 data/postmaster.pid)""#;

struct Server {
    folder: TempDir,
    port: u16,
}

impl Server {
    /// `None` without PostgreSQL.
    fn start() -> Option<Self> {
        let programs = postgres_programs()?;
        let server = Self { folder: TempDir::new().unwrap(), port: free_port() };
        server.shell(START, &[&programs, &server.port.to_string()]);
        Some(server)
    }

    fn shell(&self, script: &str, arguments: &[&str]) {
        // The output goes to a file: the server would keep a pipe open.
        let log = std::fs::File::create(self.folder.path().join("shell")).unwrap();
        let done = Command::new("bash")
            .args(["-c", script, "bash"])
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .status()
            .unwrap();
        let said = std::fs::read_to_string(self.folder.path().join("shell")).unwrap();
        assert!(done.success(), "{said}");
    }

    fn url(&self, mode: &str, authority: &str) -> String {
        let folder = self.folder.path().display();
        format!(
            "postgres://postgres@localhost:{}/postgres?sslmode={mode}&sslrootcert={folder}/{authority}.crt",
            self.port
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shell(STOP, &[]);
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn opened(settings: Settings) -> Result<(), OpenError> {
    let opened = open_as(settings, Opening::Making, Arc::new(ManualClock::at_noon())).await?;
    opened.claviger.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_is_verified_before_anything_is_said() {
    let Some(server) = Server::start() else { return };
    let data = TempDir::new().unwrap();
    let open = |url: &str, data: &Path| opened(settings(url, data, None));
    open(&server.url("verify-full", "ca"), data.path()).await.unwrap();
    let wrong = open(&server.url("verify-full", "other"), data.path()).await.unwrap_err().to_string();
    assert!(wrong.contains("certificate"), "{wrong}");
    // The certificate is valid for localhost, not for this address.
    let by_address = server.url("verify-full", "ca").replace("localhost", "127.0.0.1");
    let wrong = open(&by_address, data.path()).await.unwrap_err().to_string();
    assert!(wrong.contains("certificate"), "{wrong}");
    let plain = open(&server.url("disable", "ca"), data.path()).await.unwrap_err().to_string();
    assert!(plain.contains("no encryption"), "{plain}");
}

#[tokio::test]
async fn a_remote_database_without_a_verified_certificate_is_refused_before_it_is_asked() {
    let data = TempDir::new().unwrap();
    // A connection to this address would time out, because it is reserved and never answers (RFC 5737).
    for mode in ["disable", "prefer", "require", "verify-ca"] {
        let url = format!("postgres://postgres@192.0.2.1/claviger?sslmode={mode}");
        let refused = opened(settings(&url, data.path(), None)).await.unwrap_err();
        assert!(
            matches!(&refused, OpenError::Refused(refusal) if matches!(**refusal, Refusal::Exposed { .. }))
        );
        assert!(refused.to_string().contains("sslmode=verify-full"), "{refused}");
    }
    // 0.0.0.0 reaches this machine, but the program does not recognise it as this machine.
    let url = format!("postgres://postgres@0.0.0.0:{}/claviger?sslmode=disable", free_port());
    let insisting =
        Settings { plain_connections: PlainConnections::Allowed, ..settings(&url, data.path(), None) };
    let asked = opened(insisting).await.unwrap_err();
    assert!(matches!(asked, OpenError::Store(_)), "{asked}");
}
