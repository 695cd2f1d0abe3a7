//! Forms that the server functions accept, and requests that differ from an accepted one in one thing.

use super::{
    prepared::Prepared,
    table::{ServerFunction, server_functions},
};
use crate::support::{Answer, Browser, PASSWORD, TestApp, form};
use axum::{
    body::Body,
    http::{Method, header, request::Builder},
};

/// The fields of a form that is accepted from one browser, and the function that accepts it.
pub(super) struct Filled {
    pub(super) function: &'static ServerFunction,
    fields: Vec<(&'static str, String)>,
}

impl Filled {
    pub(super) fn new(function: &'static ServerFunction, prepared: &Prepared, browser: &Browser<'_>) -> Self {
        let mut fields = Vec::new();
        if function.demands_form_token() {
            fields.push(("csrf", browser.csrf.clone()));
        }
        fields.extend(function.fields.iter().map(|(name, value)| (*name, prepared.text(value).to_owned())));
        if function.demands_password() {
            fields.push(("password", PASSWORD.to_owned()));
        }
        Self { function, fields }
    }

    /// The forms of all functions that are asked for.
    pub(super) fn all(
        prepared: &Prepared,
        browser: &Browser<'_>,
        wanted: impl Fn(&ServerFunction) -> bool,
    ) -> Vec<Self> {
        let functions = server_functions().filter(|function| wanted(function));
        functions.map(|function| Self::new(function, prepared, browser)).collect()
    }

    pub(super) fn fields(&self) -> Vec<(&str, &str)> {
        self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    /// The same form with another value of a field, or without the field.
    pub(super) fn but_for(&self, field: &str, value: Option<&str>) -> Self {
        let mut fields = self.fields.clone();
        fields.retain_mut(|(name, old)| {
            if *name == field {
                value.unwrap_or_default().clone_into(old);
            }
            *name != field || value.is_some()
        });
        Self { function: self.function, fields }
    }

    /// Sends it as the script of a page does.
    pub(super) async fn call(&self, browser: &mut Browser<'_>) -> Answer {
        browser.call(self.function.name, &self.fields()).await
    }

    /// Sends it with these headers, and with no Origin if it is not among them.
    pub(super) async fn send_with_headers(
        &self,
        app: &TestApp,
        browser: &Browser<'_>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = post(browser, self.function);
        if let Some(all) = request.headers_mut() {
            all.remove(header::ORIGIN);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        app.send(request.body(form(&self.fields()).into()).unwrap()).await
    }
}

/// Calls a function with this body.
pub(super) async fn send_body(
    app: &TestApp,
    browser: &Browser<'_>,
    function: &ServerFunction,
    body: impl Into<Body>,
) -> Answer {
    app.send(post(browser, function).body(body.into()).unwrap()).await
}

/// Calls a function by another method than its own.
pub(super) async fn send_method(
    app: &TestApp,
    browser: &Browser<'_>,
    function: &ServerFunction,
    method: &Method,
) -> Answer {
    app.send(browser.request(method, &function.path()).body(Body::empty()).unwrap()).await
}

fn post(browser: &Browser<'_>, function: &ServerFunction) -> Builder {
    browser.request(&Method::POST, &function.path()).header(header::ACCEPT, "application/json")
}
