//! The encoding of the errors of server functions, and the answer to a request whose arguments cannot be read.

use crate::wire::error::ApiError;
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        #[cfg(feature = "ssr")]
        {
            crate::server::caller::answer_unreadable_request(&error)
        }
        #[cfg(not(feature = "ssr"))]
        {
            let _ = error;
            Self::Unreachable
        }
    }
}
