//! Whether the server serves at all, for whatever watches over it.

/// Answers as soon as requests are served. It looks at nothing else: a database that is away for a moment is no
/// reason to restart the server.
pub(super) async fn alive() -> &'static str {
    "ok"
}
