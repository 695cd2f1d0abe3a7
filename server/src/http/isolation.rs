//! Isolates the state that leptos keeps for one request from all other requests. It must not know what is requested.

use axum::{extract::Request, middleware::Next, response::Response};
use leptos::{prelude::Owner, reactive::computed::ScopedFuture};

/// Gives the request its own reactive owner whenever it is polled.
///
/// While a page waits for its data, leptos leaves the page's owner in a variable of the thread (`Owner::new_root` of
/// `reactive_graph` 0.2). The next request on that thread would use it as its own: a file was then sent with the
/// headers of the page, and the page without its content security policy or its cookies.
pub(super) async fn isolate(request: Request, next: Next) -> Response {
    ScopedFuture { owner: Owner::new_root(None), observer: None, fut: next.run(request) }.await
}
