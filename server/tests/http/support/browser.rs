//! A browser: keeps cookies, knows its page's CSRF token, and sends what a page of the installation would send.

use super::{Answer, TestApp};
use axum::{
    body::Body,
    http::{Method, Request, header, request::Builder},
};
use claviger_app::api::{
    credential::{Access, CredentialSummary, CredentialsPage},
    session::Viewer,
};
use std::collections::BTreeMap;

/// The origin of the pages.
pub(crate) const HERE: &str = "http://localhost:3000";

/// One method a server function.
#[derive(Clone)]
pub(crate) struct Browser<'a> {
    app: &'a TestApp,
    cookies: BTreeMap<String, String>,
    pub(crate) csrf: String,
    origin: String,
    colleague: Option<String>,
}

/// The cookies of a browser, and the CSRF token of its page.
pub(crate) struct SavedBrowser {
    cookies: BTreeMap<String, String>,
    csrf: String,
}

impl SavedBrowser {
    pub(crate) fn on<'a>(&self, app: &'a TestApp) -> Browser<'a> {
        Browser { cookies: self.cookies.clone(), csrf: self.csrf.clone(), ..Browser::new(app) }
    }
}

impl<'a> Browser<'a> {
    pub(super) fn new(app: &'a TestApp) -> Self {
        Self { app, cookies: BTreeMap::new(), csrf: String::new(), origin: HERE.to_owned(), colleague: None }
    }

    /// Its cookies, to go on with in an installation that has the same data.
    pub(crate) fn save(&self) -> SavedBrowser {
        SavedBrowser { cookies: self.cookies.clone(), csrf: self.csrf.clone() }
    }

    /// The same, on pages that browsers reach at another address.
    pub(crate) fn on(mut self, origin: &str) -> Self {
        origin.clone_into(&mut self.origin);
        self
    }

    pub(crate) async fn sign_up(
        &mut self,
        organisation: &str,
        name: &str,
        email: &str,
        password: &str,
    ) -> Answer {
        let fields =
            [("organisation", organisation), ("name", name), ("email", email), ("password", password)];
        self.call("sign_up", &fields).await
    }

    pub(crate) async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.call("sign_in", &[("email", email), ("password", password), ("next", "")]).await
    }

    pub(crate) async fn sign_out(&mut self) -> Answer {
        let csrf = self.csrf.clone();
        self.call("sign_out", &[("csrf", &csrf)]).await
    }

    pub(crate) async fn viewer(&mut self) -> Answer {
        self.call("viewer", &[]).await
    }

    pub(crate) async fn credentials(&mut self) -> Answer {
        self.call("credentials", &[]).await
    }

    pub(crate) async fn view_credential(&mut self, kind: &str, password: &str) -> Answer {
        let csrf = self.csrf.clone();
        self.call("view_credential", &[("csrf", &csrf), ("kind", kind), ("password", password)]).await
    }

    pub(crate) async fn copy_credential(&mut self, kind: &str, password: &str) -> Answer {
        let csrf = self.csrf.clone();
        self.call("copy_credential", &[("csrf", &csrf), ("kind", kind), ("password", password)]).await
    }

    pub(crate) async fn reset_credential(&mut self, kind: &str, generation: &str, password: &str) -> Answer {
        let csrf = self.csrf.clone();
        let fields =
            [("csrf", csrf.as_str()), ("kind", kind), ("generation", generation), ("password", password)];
        self.call("reset_credential", &fields).await
    }

    pub(crate) async fn reset_both_credentials(
        &mut self,
        api_key: &str,
        bundle_key: &str,
        password: &str,
    ) -> Answer {
        let csrf = self.csrf.clone();
        let fields = [
            ("csrf", csrf.as_str()),
            ("api_key_generation", api_key),
            ("bundle_key_generation", bundle_key),
            ("password", password),
        ];
        self.call("reset_both_credentials", &fields).await
    }

    /// What a function of the members' pages answers to these fields and the CSRF token.
    pub(crate) async fn change(&mut self, function: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf.clone();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.call(function, &all).await
    }

    /// The id of a member of Ada's organisation who may do nothing, added at the first call.
    pub(crate) async fn colleague(&mut self) -> String {
        if self.colleague.is_none() {
            self.colleague = Some(self.app.add("Carol", "carol@example.org", &[]).await);
        }
        self.colleague.clone().unwrap_or_default()
    }

    /// The token of the session.
    pub(crate) fn session_token(&self) -> Option<&str> {
        let session = self.cookies.iter().find(|(name, _)| name.contains("session"));
        session.map(|(_, value)| value.as_str())
    }

    pub(crate) async fn registration(&mut self) -> Answer {
        self.call("registration", &[]).await
    }

    pub(crate) async fn form_draft(&mut self) -> Answer {
        self.call("form_draft", &[]).await
    }

    /// The API key and the bundle key as the page shows them to somebody with the permission.
    pub(crate) async fn summaries(&mut self) -> (CredentialSummary, CredentialSummary) {
        let page: CredentialsPage = self.credentials().await.json();
        match page.access {
            Access::Permitted { api_key, bundle_key, .. } => (api_key, bundle_key),
            refused @ Access::Refused { .. } => panic!("{refused:?}"),
        }
    }

    /// Takes the CSRF token from who is signed in, as the page does.
    pub(crate) async fn learn_csrf(&mut self) {
        let viewer: Viewer = self.viewer().await.json();
        self.csrf = viewer.csrf;
    }

    /// What the page's script sends.
    pub(crate) async fn call(&mut self, function: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self
            .request(&Method::POST, &format!("/api/{function}"))
            .header(header::ACCEPT, "application/json")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(form(fields).into()).unwrap()).await
    }

    /// What a form sends where no script runs.
    pub(crate) async fn submit(&mut self, page: &str, function: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self
            .request(&Method::POST, &format!("/api/{function}"))
            .header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
            .header(header::REFERER, format!("{HERE}{page}"));
        self.send(request.body(form(fields).into()).unwrap()).await
    }

    /// What the address bar sends.
    pub(crate) async fn open(&mut self, path: &str) -> Answer {
        let request = self.request(&Method::GET, path).header(header::ACCEPT, "text/html");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A request with what every request of this browser carries.
    pub(crate) fn request(&self, method: &Method, path: &str) -> Builder {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost:3000");
        if method != Method::GET {
            request = request
                .header(header::ORIGIN, &self.origin)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<_> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        request
    }

    /// Keeps the cookies that the answer sets.
    pub(crate) async fn send(&mut self, request: Request<Body>) -> Answer {
        let answer = self.app.send(request).await;
        for cookie in answer.cookies() {
            if cookie.is_removal() {
                self.cookies.remove(&cookie.name);
            } else {
                self.cookies.insert(cookie.name, cookie.value);
            }
        }
        answer
    }

    /// Puts something of the same form in place of each cookie's value.
    pub(crate) fn make_up_cookies(&mut self) {
        for value in self.cookies.values_mut() {
            *value = "A".repeat(value.len());
        }
    }

    pub(crate) fn has_same_cookies(&self, other: &Self) -> bool {
        self.cookies == other.cookies
    }
}

/// As browsers encode a form.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    let encoded = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
                other => format!("%{other:02X}"),
            })
            .collect()
    };
    fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}
