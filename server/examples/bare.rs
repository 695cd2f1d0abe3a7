//! A bare handler that answers 204 to everything, as the measure of what `make bench` compares: `bare ADDRESS`.

use axum::{Router, http::StatusCode, serve::ListenerExt};
use std::error::Error;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).ok_or("bare ADDRESS")?;
    let listener = tokio::net::TcpListener::bind(address).await?.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    let router = Router::new().fallback(async || StatusCode::NO_CONTENT);
    Ok(axum::serve(listener, router).await?)
}
