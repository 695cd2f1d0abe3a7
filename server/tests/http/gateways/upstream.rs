//! The API behind a gateway: it answers everything, and remembers what it was asked.

use axum::{
    Router,
    body::Bytes,
    extract::{Request, State},
};
use http_body_util::BodyExt;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::net::TcpListener;

/// What reached the API.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) method: String,
    pub(super) target: String,
    headers: Vec<(String, String)>,
    body: Bytes,
    /// How many trailers came after the body.
    pub(super) trailers: usize,
}

impl Seen {
    /// Every value of a header.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    }
}

type Log = Arc<Mutex<Vec<Seen>>>;

pub(super) struct Upstream {
    pub(super) address: SocketAddr,
    log: Log,
}

impl Upstream {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let log = Log::default();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&log));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, log }
    }

    pub(super) fn requests(&self) -> usize {
        self.log.lock().unwrap().len()
    }

    #[track_caller]
    pub(super) fn only_request(&self) -> Seen {
        let log = self.log.lock().unwrap();
        assert_eq!(log.len(), 1);
        log[0].clone()
    }

    pub(super) fn all_requests(&self) -> Vec<Seen> {
        self.log.lock().unwrap().clone()
    }

    pub(super) fn last_request(&self) -> Seen {
        self.log.lock().unwrap().last().unwrap().clone()
    }

    pub(super) fn last_body(&self) -> String {
        let log = self.log.lock().unwrap();
        String::from_utf8(log.last().unwrap().body.to_vec()).unwrap()
    }
}

async fn answer(State(log): State<Log>, request: Request) -> &'static str {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap();
    let trailers = body.trailers().map_or(0, axum::http::HeaderMap::len);
    let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let seen = Seen {
        method: parts.method.to_string(),
        target: parts.uri.to_string(),
        headers: parts.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: body.to_bytes(),
        trailers,
    };
    log.lock().unwrap().push(seen);
    "from the API"
}
