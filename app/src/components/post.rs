//! Sends a form to a server function in the same way as the browser, but stays on the page. It must not know which function it
//! calls.
//!
//! The pages with many changes call many functions that return nothing or a link. One common way to call them adds less code in
//! the browser than a typed call for each function.

use crate::wire::{error::ApiError, mailed::MadeLink};

/// The answer of a server function to a form: nothing, or a new link.
pub(crate) type Answer = Option<MadeLink>;

/// Sends the fields. The error is the error of the function.
#[cfg(not(feature = "ssr"))]
pub(crate) async fn send(action: &str, fields: &[(&str, String)]) -> Result<Answer, ApiError> {
    use leptos::server_fn::{
        Decodes,
        client::{Client, browser::BrowserClient},
        codec::JsonEncoding,
        error::FromServerFnError,
        request::{ClientReq, browser::BrowserRequest},
        response::{ClientRes, browser::BrowserResponse},
    };
    type Response = BrowserResponse;

    let body = encode(fields);
    let kind = "application/x-www-form-urlencoded";
    let request =
        <BrowserRequest as ClientReq<ApiError>>::try_new_post(action, kind, "application/json", body)?;
    let response = <BrowserClient as Client<ApiError>>::send(request).await?;
    let status = <Response as ClientRes<ApiError>>::status(&response);
    let body = <Response as ClientRes<ApiError>>::try_into_bytes(response).await?;
    if status >= 400 {
        return Err(ApiError::de(body));
    }
    <JsonEncoding as Decodes<Answer>>::decode(body).map_err(|_| ApiError::Unreachable)
}

/// The server never calls this, because only a browser sends forms.
#[cfg(feature = "ssr")]
pub(crate) async fn send(_: &str, _: &[(&str, String)]) -> Result<Answer, ApiError> {
    Err(ApiError::Unreachable)
}

#[cfg(not(feature = "ssr"))]
fn encode(fields: &[(&str, String)]) -> String {
    let encoded = |text: &str| String::from(js_sys::encode_uri_component(text));
    fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}
