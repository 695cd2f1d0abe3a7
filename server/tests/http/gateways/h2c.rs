//! A caller that has a connection upgraded to HTTP/2 without encryption (RFC 7540, section 3.2) and asks within it, and a
//! server that takes such upgrades.

use super::{
    caller::read_head,
    process::{Process, folder_for_all, free_address, program},
};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const SETTINGS: u8 = 0x4;
const HEADERS: u8 = 0x1;
/// `END_STREAM` and `END_HEADERS`.
const WHOLE_REQUEST: u8 = 0x5;
/// The first stream that a client opens after the upgrade, whose request has the stream 1.
const SECOND_REQUEST: u32 = 3;

/// nghttpx, which takes `Upgrade: h2c`, in front of a server.
pub(super) struct Nghttpx {
    pub(super) address: SocketAddr,
    process: Process,
}

impl Nghttpx {
    pub(super) async fn start(server: SocketAddr) -> Self {
        let address = free_address().await;
        let folder = folder_for_all();
        let mut command = program("nghttpx", folder.path());
        command.args([
            "--conf=/dev/null",
            "--workers=1",
            "--accesslog-file=/dev/null",
            "--errorlog-file=/dev/stderr",
        ]);
        command.arg(format!("--frontend={},{};no-tls", address.ip(), address.port()));
        command.arg(format!("--backend={},{}", server.ip(), server.port()));
        Self { address, process: Process::start(command, address, folder).await }
    }

    pub(super) async fn stop(self) {
        self.process.stop().await;
    }
}

/// Sends one request with headers that ask for an upgrade to h2c. If the answer is 101, sends another one without keys in
/// the tunnel, with these headers, and waits for its answer. Answers the status of the first.
pub(super) async fn smuggle(
    address: SocketAddr,
    first: &[(&str, &str)],
    path: &str,
    second: &[(&str, &str)],
) -> u16 {
    let mut connection = TcpStream::connect(address).await.unwrap();
    let mut request =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n");
    for (name, value) in first {
        request += &format!("{name}: {value}\r\n");
    }
    request += "\r\n";
    connection.write_all(request.as_bytes()).await.unwrap();
    let status = read_head(&mut connection).await.status;
    if status == 101 {
        let mut bytes = PREFACE.to_vec();
        bytes.extend(frame(SETTINGS, 0, 0, &[]));
        bytes.extend(frame(HEADERS, WHOLE_REQUEST, SECOND_REQUEST, &fields(address, path, second)));
        connection.write_all(&bytes).await.unwrap();
        await_answer(&mut connection).await;
    }
    status
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// The fields of a request, each spelled out (RFC 7541, section 6.2.2): no table, no Huffman code.
fn fields(address: SocketAddr, path: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let authority = address.to_string();
    let first = [(":method", "GET"), (":scheme", "http"), (":authority", &*authority), (":path", path)];
    let mut block = Vec::new();
    for (name, value) in first.iter().chain(more) {
        block.push(0);
        for text in [name, value] {
            // One byte holds a length below 127.
            block.push(u8::try_from(text.len()).ok().filter(|length| *length < 127).unwrap());
            block.extend(text.as_bytes());
        }
    }
    block
}

/// Reads frames until the second request is answered, or the connection closed.
async fn await_answer(connection: &mut TcpStream) {
    let mut head = [0; 9];
    while connection.read_exact(&mut head).await.is_ok() {
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        connection.read_exact(&mut payload).await.unwrap();
        let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        if stream == SECOND_REQUEST && head[3] == HEADERS {
            return;
        }
    }
}
