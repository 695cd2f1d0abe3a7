//! A point in time, formatted by the server.

use serde::{Deserialize, Serialize};

/// A point in time. The server formats it, so that the rendered page and the hydrated page show exactly the same text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormattedTime {
    /// For a machine: RFC 3339, UTC, whole seconds.
    pub iso: String,
    /// For a person: `23 November 2026, 04:46 UTC`.
    pub text: String,
}
