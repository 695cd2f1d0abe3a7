//! The addresses: one for pages, one for machines, one for monitoring. And the socket for commands.

use crate::support::{application, try_application};
use claviger::application::StartError;
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
};

async fn get(address: SocketAddr, path: &str) -> String {
    let mut connection = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn machines_and_monitoring_can_have_addresses_of_their_own() {
    let variables = [("CLAVIGER_VERIFY_ADDR", "127.0.0.1:0"), ("CLAVIGER_METRICS_ADDR", "127.0.0.1:0")];
    let (application, _clock, _folder) = application(&variables).await;
    let (pages, machines, monitoring) = (
        application.address(),
        application.verify_address().unwrap(),
        application.metrics_address().unwrap(),
    );
    application.claviger().load_keys().await.unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(application.run(async move { stopped.await.unwrap() }));

    assert!(get(machines, "/v1/authorize").await.contains("401 Unauthorized"));
    assert!(get(machines, "/readyz").await.ends_with("ready"));
    assert!(get(machines, "/login").await.contains("404 Not Found"));
    assert!(get(pages, "/v1/authorize").await.contains("404 Not Found"));
    assert!(get(pages, "/metrics").await.contains("404 Not Found"));
    let metrics = get(monitoring, "/metrics").await;
    for line in [
        "claviger_verifications_total{outcome=\"api_key_invalid\"} 1",
        "claviger_verifications_total{outcome=\"passed\"} 0",
        "claviger_verification_seconds_count 1",
        "claviger_verification_seconds_bucket{le=\"+Inf\"} 1",
        "claviger_password_checks 0",
        "claviger_sessions 0",
        "claviger_accounts 0",
        "claviger_build_info{version=",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    for address in [pages, machines, monitoring] {
        assert!(TcpStream::connect(address).await.is_err());
    }
}

#[tokio::test]
async fn of_two_servers_on_one_data_folder_the_second_does_not_start() {
    let (_application, _clock, folder) = application(&[]).await;
    let data = folder.path().join("data");
    let same_folder = ("CLAVIGER_DATA_DIR", data.to_str().unwrap());
    let problem = try_application(&[same_folder]).await.err().unwrap();
    assert!(matches!(problem, StartError::Open(_)), "{problem}");
    assert!(problem.to_string().contains("another server runs on"), "{problem}");
}
