//! The links that this installation creates: how a link is composed, and how it reaches a page without a script.

use super::{
    caller::{Caller, RequestFacts},
    cookies,
};
use crate::route::Route;
use axum::http::request::Parts;
use claviger_core::crypto::token::Token;
use leptos::prelude::use_context;

const COOKIE: &str = "__Host-claviger-link";
const SECONDS: u32 = 60;

/// The destination of a link.
#[derive(Clone, Copy)]
pub(crate) enum Destination {
    /// The page that accepts an invitation.
    Join,
    /// The page on which a member chooses a new password.
    Password,
    /// The page that confirms a new e-mail address.
    Email,
}

impl Destination {
    fn path(self) -> &'static str {
        match self {
            Self::Join => Route::Join.prefix(),
            Self::Password => Route::NewPassword.prefix(),
            Self::Email => Route::Email.prefix(),
        }
    }
}

/// Composes the complete link.
pub(crate) fn link_to(caller: &Caller, destination: Destination, token: &Token) -> String {
    format!("{}{}{}", caller.facts.base_url, destination.path(), token.expose())
}

/// Composes the complete link and prepares it for display. After a plain form, the browser keeps the link in a cookie for a
/// minute, until the page that follows has shown it. So the link is not in the address of the page or in the browser's history.
pub(crate) fn give(caller: &Caller, destination: Destination, token: &Token) -> String {
    let link = link_to(caller, destination, token);
    if caller.is_plain_form() {
        cookies::set(COOKIE, &link, Some(SECONDS));
    }
    link
}

/// Returns the link that was kept for this page, and removes it from the browser.
pub(crate) fn take() -> Option<String> {
    let parts = use_context::<Parts>()?;
    let link = cookies::read(&parts, COOKIE)?;
    cookies::set(COOKIE, "", Some(0));
    let base_url = &parts.extensions.get::<RequestFacts>()?.base_url;
    is_ours(&link, base_url).then_some(link)
}

/// Whether the link has the form of a link of this installation. An attacker who can set cookies must not be able to put another
/// link in its place.
fn is_ours(link: &str, base_url: &str) -> bool {
    let path = link.strip_prefix(base_url).unwrap_or_default();
    let token_of = |destination: Destination| path.strip_prefix(destination.path());
    [Destination::Join, Destination::Password]
        .into_iter()
        .filter_map(token_of)
        .any(|token| Token::parse(token).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_link_that_was_given_out_here_is_shown() {
        let (here, token) = ("https://keys.example.org", "A".repeat(43));
        assert!(is_ours(&format!("{here}/join/{token}"), here));
        assert!(is_ours(&format!("{here}/password/{token}"), here));
        for link in [
            format!("https://evil.example/join/{token}"),
            format!("{here}.evil.example/join/{token}"),
            format!("https://evil.example/{here}/join/{token}"),
            format!("{here}/join/{token}/x"),
            format!("{here}/login"),
            String::new(),
        ] {
            assert!(!is_ours(&link, here), "{link}");
        }
    }
}
