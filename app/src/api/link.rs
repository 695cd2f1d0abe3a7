//! The links that are given out: how they are put together, and how one reaches a page where no script runs.

use super::caller::{self, Caller};
use axum::http::request::Parts;
use claviger_core::token::Token;
use leptos::prelude::use_context;

const COOKIE: &str = "__Host-claviger-link";
const SECONDS: u32 = 60;

/// Where a link leads.
#[derive(Clone, Copy)]
pub(super) enum Destination {
    /// To accept an invitation.
    Join,
    /// To choose a new password.
    Password,
    /// To confirm a new e-mail address.
    Email,
}

impl Destination {
    const fn path(self) -> &'static str {
        match self {
            Self::Join => "/join/",
            Self::Password => "/password/",
            Self::Email => "/email/",
        }
    }
}

/// The whole link.
pub(super) fn link_to(caller: &Caller, destination: Destination, token: &Token) -> String {
    format!("{}{}{}", caller.facts.base_url, destination.path(), token.expose())
}

/// The same, to be shown. For a plain form the browser keeps it for a minute, out of the address and of its history, until the
/// page that follows has shown it.
pub(super) fn give(caller: &Caller, destination: Destination, token: &Token) -> String {
    let link = link_to(caller, destination, token);
    if caller.is_plain_form() {
        caller::set_cookie(COOKIE, &link, Some(SECONDS));
    }
    link
}

/// The link that was kept for this page, which is then forgotten.
pub(super) fn take() -> Option<String> {
    let link = use_context::<Parts>().and_then(|parts| caller::cookie(&parts, COOKIE))?;
    caller::set_cookie(COOKIE, "", Some(0));
    // Whoever can set cookies must not be able to put another address in its place.
    let is_ours = [Destination::Join, Destination::Password].iter().any(|to| link.contains(to.path()));
    (is_ours && link.starts_with("http")).then_some(link)
}
