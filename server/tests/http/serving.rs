//! The server on a real port.

use crate::support::{Usurper, application, postgres_schema};
use claviger::application::StartError;
use claviger_core::verification::{Presented, Reason};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
    time::timeout,
};

/// All that comes back before the server closes the connection.
async fn ask(address: std::net::SocketAddr, request: &str) -> String {
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn it_serves_until_it_is_told_to_stop() {
    let (application, _clock, _folder) = application(&[]).await;
    let address = application.address();
    assert_ne!(address.port(), 0);
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(application.run(async move { stopped.await.unwrap() }));
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let answer = ask(address, &request).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("ok"), "{answer}");
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn the_first_start_makes_a_master_key() {
    let (application, _clock, folder) = application(&[]).await;
    assert_eq!(application.new_master_key_file(), Some(folder.path().join("data/master.key").as_path()));
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap();
    let error =
        crate::support::try_application(&[("LEPTOS_SITE_ADDR", &address.to_string())]).await.err().unwrap();
    assert!(matches!(error, StartError::Listen { .. }), "{error}");
    assert!(error.to_string().contains(&address.to_string()), "{error}");
}

#[tokio::test]
async fn a_server_stops_when_another_has_taken_over_its_database() {
    let Some(url) = postgres_schema().await else { return };
    let (application, _clock, _folder) = application(&[("CLAVIGER_DATABASE_URL", &url)]).await;
    let claviger = application.claviger().clone();
    claviger.load_keys().await.unwrap();
    let serving = tokio::spawn(application.run(std::future::pending()));
    let usurper = Usurper::take_over(&url).await;
    let ended = timeout(Duration::from_secs(20), serving).await.expect("it stops").unwrap();
    assert_eq!(ended.unwrap_err().to_string(), "another server has taken over the database");
    let address = "203.0.113.9".parse().unwrap();
    let asked = Presented { api_key: Some("x"), bundle_key: Some("y"), service: None, address };
    assert!(matches!(claviger.verify(&asked), Err(refused) if refused.reason == Reason::NotReady));
    drop(usurper);
}
