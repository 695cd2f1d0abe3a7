//! Loads the data of a page. It must not know what the data is.

use super::{boxed::BoxedView, frame, messages::Alert, response};
use crate::{route::Route, wire::error::ApiError};
use leptos::{
    prelude::*,
    server::codee::{Decoder, Encoder, string::JsonSerdeCodec},
    server_fn::{Bytes, Decodes, codec::JsonEncoding},
};
use serde::{Serialize, de::DeserializeOwned};

/// Data that a page needs before it is rendered. If the server renders the page, the page contains the data.
pub(crate) type Awaited<T> = Resource<T, Json>;

/// The data of a page, as the server function returned it.
pub(crate) type Loaded<T> = Awaited<Result<T, ApiError>>;

/// JSON, decoded with the same code as the answers of server functions. The default of Leptos would decode every type with a
/// second code, which adds 40 kB of WebAssembly and no function.
pub(crate) struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = <JsonSerdeCodec as Encoder<T>>::Error;
    type Encoded = <JsonSerdeCodec as Encoder<T>>::Encoded;

    fn encode(value: &T) -> Result<Self::Encoded, Self::Error> {
        JsonSerdeCodec::encode(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = <JsonEncoding as Decodes<T>>::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Self::Error> {
        JsonEncoding::decode(Bytes::copy_from_slice(text.as_bytes()))
    }
}

/// Loads data once, before the server sends any part of the page.
pub(crate) fn load<T, F>(fetch: impl Fn() -> F + Send + Sync + 'static) -> Awaited<T>
where
    T: Send + Sync + Serialize + DeserializeOwned + 'static,
    F: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(|| (), move |()| fetch(), true)
}

/// Renders a page for members after its data has arrived. Without a session it redirects to the log-in page. If the server
/// renders the page, the server sends that redirect.
pub(crate) fn signed_in<T>(data: Loaded<T>, route: Route, draw: fn(&T) -> AnyView) -> AnyView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
{
    drawn(async move {
        match data.await {
            Ok(data) => draw(&data),
            Err(ApiError::SignedOut) => response::redirect_to(route.log_in()),
            Err(error) => error_view(error),
        }
    })
}

/// Shows a view after its future has completed.
pub(crate) fn drawn(view: impl Future<Output = AnyView> + Send + 'static) -> AnyView {
    view! { <Suspense>{Suspend::new(view)}</Suspense> }.boxed()
}

/// The page that is shown if the data could not be loaded.
fn error_view(error: ApiError) -> AnyView {
    response::failed(&error);
    frame::signed_out(
        view! {
            <h1 id="title" tabindex="-1">"This page could not be shown"</h1>
            <Alert error=Some(error)/>
        }
        .boxed(),
    )
}
