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

use passwords::{asks_for_the_password, discloses_nothing_to_a_plain_form};
use refusals::{
    refuses_forms_of_other_sessions, refuses_other_sites, refuses_unreadable_bodies,
    refuses_who_is_signed_out,
};

/// The names and values of a form.
type Fields = Vec<(&'static str, String)>;

/// Makes a form that a server function accepts from this browser, once its stand-ins are replaced.
type FieldsOf = fn(&Browser<'_>) -> Fields;

fn fields(pairs: &[(&'static str, &str)]) -> Fields {
    pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

/// Stands in a form for the id of a colleague who may do nothing.
const COLLEAGUE: &str = "<colleague>";
/// Stands for the id of a role of the organisation's own.
const ROLE: &str = "<role>";
/// Stands for the id of an invitation that was not used yet.
const INVITATION: &str = "<invitation>";
/// Stands for the id of another session of the admin.
const OTHER_SESSION: &str = "<other session>";
/// Stand for the tokens of links that work.
const JOIN_TOKEN: &str = "<token to join>";
const PASSWORD_TOKEN: &str = "<token to choose a password>";
const EMAIL_TOKEN: &str = "<token to confirm an address>";

/// The form, with what its stand-ins stand for made and put in.
async fn acceptable(right: FieldsOf, browser: &mut Browser<'_>) -> Fields {
    let mut fields = right(browser);
    for (_, value) in &mut fields {
        let made = match value.as_str() {
            COLLEAGUE => browser.colleague().await,
            ROLE => browser.own_role().await,
            INVITATION => browser.open_invitation().await,
            OTHER_SESSION => browser.other_session().await,
            JOIN_TOKEN => browser.join_token().await,
            PASSWORD_TOKEN => browser.password_token().await,
            EMAIL_TOKEN => browser.email_token().await,
            _ => continue,
        };
        *value = made;
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
