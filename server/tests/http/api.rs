//! `/api/…`: the server functions, a test a refusal. The refusals that several share are declared once, and each
//! function says which it has.

use crate::support::{ADA, Answer, BOB, Browser, PASSWORD, TestApp, form};
use axum::{
    body::Body,
    http::{Method, header, request::Builder},
};

mod copy_credential;
mod credentials;
mod form_draft;
mod invitations;
mod member_changes;
mod members;
mod password_links;
mod passwords;
mod profile;
mod refusals;
mod registration;
mod reset_both_credentials;
mod reset_credential;
mod roles;
mod sign_in;
mod sign_out;
mod sign_up;
mod view_credential;
mod viewer;

use passwords::asks_for_the_password;
use refusals::{
    refuses_forms_of_other_sessions, refuses_other_sites, refuses_unreadable_bodies,
    refuses_who_is_signed_out,
};

/// The names and values of a form.
type Fields = Vec<(&'static str, String)>;

/// Makes a form that a server function accepts from this browser.
type FieldsOf = fn(&Browser<'_>) -> Fields;

fn fields(pairs: &[(&'static str, &str)]) -> Fields {
    pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

/// Stands, in the fields of a form, for the id of a colleague who may do nothing.
const COLLEAGUE: &str = "colleague";

/// The fields with that colleague in them, who is added where one is needed.
async fn with_colleague(mut fields: Fields, browser: &mut Browser<'_>) -> Fields {
    for (_, value) in fields.iter_mut().filter(|(_, value)| value == COLLEAGUE) {
        *value = browser.colleague().await;
    }
    fields
}

fn borrowed(fields: &Fields) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// A request that is right but for the headers.
async fn with_headers(
    browser: &Browser<'_>,
    app: &TestApp,
    function: &str,
    fields: &Fields,
    headers: &[(&str, &str)],
) -> Answer {
    let mut request = post(browser, function);
    if let Some(all) = request.headers_mut() {
        all.remove(header::ORIGIN);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(form(&borrowed(fields)).into()).unwrap()).await
}

/// A request that is right but for the body.
async fn with_body(browser: &Browser<'_>, app: &TestApp, function: &str, body: impl Into<Body>) -> Answer {
    app.send(post(browser, function).body(body.into()).unwrap()).await
}

fn post(browser: &Browser<'_>, function: &str) -> Builder {
    browser.request(&Method::POST, &format!("/api/{function}")).header(header::ACCEPT, "application/json")
}

async fn with_method(browser: &Browser<'_>, app: &TestApp, function: &str, method: Method) -> Answer {
    app.send(browser.request(&method, &format!("/api/{function}")).body(Body::empty()).unwrap()).await
}
