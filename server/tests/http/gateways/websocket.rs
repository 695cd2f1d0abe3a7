//! An API that opens WebSockets and sends back whatever comes, and a caller of it.

use super::caller::{Answer, read_head};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy, split},
    net::{TcpListener, TcpStream},
};

/// The key of RFC 6455, section 1.3, and what a server answers to it.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

pub(super) struct EchoingApi {
    pub(super) address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl EchoingApi {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&heads);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, Arc::clone(&seen)));
            }
        });
        Self { address, heads }
    }

    /// The heads of the requests that reached it, in lower case.
    pub(super) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

async fn serve(mut connection: TcpStream, heads: Arc<Mutex<Vec<String>>>) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await?);
    }
    heads.lock().unwrap().push(String::from_utf8_lossy(&head).to_lowercase());
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {ACCEPT}\r\n\r\n"
    );
    connection.write_all(answer.as_bytes()).await?;
    let (mut from, mut to) = split(connection);
    copy(&mut from, &mut to).await.map(|_| ())
}

/// A connection that was asked to become a WebSocket.
pub(super) struct WebSocket {
    connection: TcpStream,
    pub(super) answer: Answer,
}

impl WebSocket {
    pub(super) async fn open(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Self {
        let mut request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n"
        );
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += "\r\n";
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(request.as_bytes()).await.unwrap();
        let answer = read_head(&mut connection).await;
        Self { connection, answer }
    }

    /// Sends a frame, and answers as many bytes as come back.
    pub(super) async fn echo(&mut self, frame: &[u8]) -> Vec<u8> {
        self.connection.write_all(frame).await.unwrap();
        let mut answer = vec![0; frame.len()];
        self.connection.read_exact(&mut answer).await.unwrap();
        answer
    }
}
