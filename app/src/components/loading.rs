//! Loads what a page shows. It must not know what that is.

use super::{boxed::BoxedView, frame, messages::Alert, response};
use crate::{route::Route, wire::error::ApiError};
use leptos::{
    prelude::*,
    server::codee::{Decoder, Encoder, string::JsonSerdeCodec},
    server_fn::{Bytes, Decodes, codec::JsonEncoding},
};
use serde::{Serialize, de::DeserializeOwned};

/// What a page waits for before it is drawn. It comes with the page where that comes from the server.
pub(crate) type Awaited<T> = Resource<T, Json>;

/// What a page shows, as the server function gave it.
pub(crate) type Loaded<T> = Awaited<Result<T, ApiError>>;

/// JSON that is read just as the answers of server functions are. What Leptos takes by default would have every type
/// read in a second way, 40 kB of WebAssembly that do nothing new.
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

/// Loads something once, before the server sends anything of the page.
pub(crate) fn load<T, F>(fetch: impl Fn() -> F + Send + Sync + 'static) -> Awaited<T>
where
    T: Send + Sync + Serialize + DeserializeOwned + 'static,
    F: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(|| (), move |()| fetch(), true)
}

/// Draws a page for members once its data has arrived. Without a session it redirects to the log-in; if the server renders
/// the page, the server sends that redirect.
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

/// Shows a view once it is made.
pub(crate) fn drawn(view: impl Future<Output = AnyView> + Send + 'static) -> AnyView {
    view! { <Suspense>{Suspend::new(view)}</Suspense> }.boxed()
}

/// A page whose data could not be had.
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
