//! The frame around the content of a page. It must not know the content.

use super::{bidi, boxed::BoxedView, browser};
use crate::{
    api::session::{SignOut, Viewer},
    route::Route,
};
use leptos::{prelude::*, server_fn::ServerFn};

const LOGO: &str = r#"<svg viewBox="0 0 32 32" width="28" height="28" focusable="false"><rect width="32" height="32" rx="9" fill="currentColor"/><g fill="none" stroke="var(--on-accent)" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"><circle cx="12" cy="20" r="4.7"/><path d="m15.4 16.6 8.1-8.1M20 12l3.4 3.4"/></g></svg>"#;

/// The frame of a page for a signed-in member.
pub(crate) fn signed_in(viewer: &Viewer, here: Route, content: AnyView) -> AnyView {
    browser::focus_heading();
    view! {
        <header class="bar">
            <div class="bar-inner">
                {brand()}
                <nav class="bar-nav" aria-label="Main">
                    {link(Route::Credentials, "API credentials", here)}
                    {viewer.manages_members.then(|| link(Route::Members, "Members", here))}
                    {link(Route::Guide, "Guide", here)}
                    {link(Route::Profile, "Profile", here)}
                </nav>
                <div class="bar-who">
                    <p>
                        // The page cuts off long names. The title contains the whole name.
                        <strong title=viewer.organisation.clone()>{bidi::name(&viewer.organisation)}</strong>
                        <span title=viewer.name.clone()>{bidi::name(&viewer.name)}</span>
                    </p>
                    // The browser itself sends this form. The page load that follows leaves no data of the session in memory.
                    <form method="post" action=SignOut::url()>
                        <input type="hidden" name="csrf" value=viewer.csrf.clone()/>
                        <button type="submit" class="button quiet">"Log out"</button>
                    </form>
                </div>
            </div>
        </header>
        <main id="main" class="page" tabindex="-1">{content}</main>
    }
    .boxed()
}

/// The frame of a page that needs no session: one card.
pub(crate) fn signed_out(content: AnyView) -> AnyView {
    browser::focus_heading();
    view! {
        <header class="bar bare">
            <div class="bar-inner">{brand()}</div>
        </header>
        <main id="main" class="card-page" tabindex="-1">
            <div class="card">{content}</div>
        </main>
    }
    .boxed()
}

/// The content of a page for a member who lacks the permission: it names the missing permission and the admins who can grant it.
pub(crate) fn refused(heading: &'static str, missing: &str, admins: &[String]) -> AnyView {
    let names = admins.iter().map(|name| view! { <li>{bidi::name(name)}</li> }).collect_view();
    view! {
        <h1 id="title" tabindex="-1">{heading}</h1>
        <div class="refused">
            <p class="lead">{missing.to_owned()}</p>
            <p>"These admins of your organisation can give it to you:"</p>
            <ul>{names}</ul>
        </div>
    }
    .boxed()
}

fn brand() -> AnyView {
    view! {
        <a class="brand" href=Route::Credentials.path()>
            <span class="brand-mark" aria-hidden="true" inner_html=LOGO></span>
            "Claviger"
        </a>
    }
    .boxed()
}

fn link(place: Route, words: &'static str, here: Route) -> AnyView {
    view! {
        <a href=place.path() aria-current=(place == here).then_some("page")>{words}</a>
    }
    .boxed()
}
