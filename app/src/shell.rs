//! The HTML document, and the routes of the pages in it. It must not know the content of a page.

use crate::{
    components::browser,
    pages::{
        credentials::CredentialsPage, email::EmailPage, guide::GuidePage, home::HomePage, join::JoinPage,
        login::LogInPage, members::MembersPage, missing::MissingPage, new_password::NewPasswordPage,
        profile::ProfilePage, roles::RolesPage, signup::SignUpPage,
    },
    route::segments,
};
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
};

/// The document around every page.
#[must_use]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#f6f7f9"/>
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0f1318"/>
                <link rel="icon" type="image/svg+xml" href="/favicon.svg"/>
                <HashedStylesheet id="leptos" options=options.clone()/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// All pages, and the parts that they share.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    browser::provide_hydration();
    browser::reload_when_restored();

    view! {
        <Title formatter=|page: String| page + " · Claviger"/>
        <a class="skip" href="#main" rel="external">"Skip to content"</a>
        <Router>
            <FlatRoutes fallback=MissingPage>
                <Route path=segments::home() view=HomePage ssr=SsrMode::Async/>
                <Route path=segments::sign_up() view=SignUpPage ssr=SsrMode::Async/>
                <Route path=segments::log_in() view=LogInPage ssr=SsrMode::Async/>
                <Route path=segments::credentials() view=CredentialsPage ssr=SsrMode::Async/>
                <Route path=segments::members() view=MembersPage ssr=SsrMode::Async/>
                <Route path=segments::roles() view=RolesPage ssr=SsrMode::Async/>
                <Route path=segments::join() view=JoinPage ssr=SsrMode::Async/>
                <Route path=segments::new_password() view=NewPasswordPage ssr=SsrMode::Async/>
                <Route path=segments::email() view=EmailPage ssr=SsrMode::Async/>
                <Route path=segments::profile() view=ProfilePage ssr=SsrMode::Async/>
                <Route path=segments::guide() view=GuidePage ssr=SsrMode::Async/>
            </FlatRoutes>
        </Router>
    }
}
