//! Keeps what leptos holds for one request apart from all others. It must not know what is asked for.

use axum::{extract::Request, middleware::Next, response::Response};
use leptos::{prelude::Owner, reactive::computed::ScopedFuture};

/// Gives the request an owner of its own whenever it is worked on.
///
/// While a page waits for its data, leptos leaves the page's owner in a variable of the thread (`Owner::new_root` of
/// `reactive_graph` 0.2). The next request on that thread would take it for its own: a file then went out with the
/// headers of the page, and the page without its policy or its cookies.
pub(super) async fn isolate(request: Request, next: Next) -> Response {
    ScopedFuture { owner: Owner::new_root(None), observer: None, fut: next.run(request) }.await
}
