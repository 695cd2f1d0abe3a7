//! PostgreSQL over TLS, on a server for one test with a certificate from a test authority.

use crate::{
    postgres_server::{PostgresServer, free_port},
    support::*,
};
use claviger_core::{
    installation::{OpenError, Refusal, opening::Opening},
    settings::{PlainConnections, Settings},
};
use std::{path::Path, sync::Arc};
use tempfile::TempDir;

/// Creates two authorities and a certificate of the first for localhost, and has the server accept TLS only.
const ONLY_TLS: &str = r#"
for authority in ca other; do
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$authority" -keyout "$authority.key" -out "$authority.crt"
done
openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr
echo "subjectAltName=DNS:localhost" >names
openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.crt
chmod 600 server.key
if [ "$(id -u)" = 0 ]; then chown postgres server.key; fi
echo "hostssl all all 127.0.0.1/32 trust" >data/pg_hba.conf
printf "ssl = on\nssl_cert_file = '$PWD/server.crt'\nssl_key_file = '$PWD/server.key'\n" >>data/postgresql.conf
"#;

fn url(server: &PostgresServer, mode: &str, authority: &str) -> String {
    let (port, folder) = (server.port, server.folder().display());
    format!(
        "postgres://postgres@localhost:{port}/postgres?sslmode={mode}&sslrootcert={folder}/{authority}.crt"
    )
}

async fn opened(settings: Settings) -> Result<(), OpenError> {
    let opened = open_as(settings, Opening::Making, Arc::new(ManualClock::at_noon())).await?;
    opened.claviger.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_is_verified_before_anything_is_said() {
    let Some(server) = PostgresServer::start_configured(ONLY_TLS) else { return };
    let data = TempDir::new().unwrap();
    let open = |url: &str, data: &Path| opened(settings(url, data, None));
    open(&url(&server, "verify-full", "ca"), data.path()).await.unwrap();
    let wrong = open(&url(&server, "verify-full", "other"), data.path()).await.unwrap_err().to_string();
    assert!(wrong.contains("certificate"), "{wrong}");
    // The certificate is valid for localhost, not for this address.
    let by_address = url(&server, "verify-full", "ca").replace("localhost", "127.0.0.1");
    let wrong = open(&by_address, data.path()).await.unwrap_err().to_string();
    assert!(wrong.contains("certificate"), "{wrong}");
    let plain = open(&url(&server, "disable", "ca"), data.path()).await.unwrap_err().to_string();
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
