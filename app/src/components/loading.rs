//! Loads what a page shows. It must not know what that is.

use super::{frame, messages::Alert, response};
use crate::api::error::ApiError;
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

/// What a page shows, as the server function gave it.
pub(crate) type Loaded<T> = Resource<Result<T, ApiError>>;

/// Draws a signed-in page once its data are there. Who is signed out is led to the log-in, from the server where the
/// page comes from there.
pub(crate) fn signed_in<T>(data: Loaded<T>, place: response::Place, draw: fn(&T) -> AnyView) -> AnyView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
{
    drawn(async move {
        match data.await {
            Ok(data) => draw(&data),
            Err(ApiError::SignedOut) => response::lead_to(place.log_in()),
            Err(error) => trouble(error),
        }
    })
}

/// Shows a view once it is made.
pub(crate) fn drawn(view: impl Future<Output = AnyView> + Send + 'static) -> AnyView {
    view! { <Suspense>{Suspend::new(view)}</Suspense> }.into_any()
}

/// A page whose data could not be had.
fn trouble(error: ApiError) -> AnyView {
    response::failed();
    frame::signed_out(
        view! {
            <h1 id="title" tabindex="-1">"This page could not be shown"</h1>
            <Alert error=Some(error)/>
        }
        .into_any(),
    )
}
