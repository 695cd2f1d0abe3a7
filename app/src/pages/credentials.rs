//! `/credentials`: both keys, masked, and what can be done with them. A key's value is held by this page alone, only
//! while it is shown.

mod ask;
mod confirm;
mod disclosure;
mod keyring;
mod section;

use crate::{
    api::{
        credential::{self, Access},
        error::ApiError,
    },
    components::{
        browser,
        erase::Erase,
        frame, loading,
        messages::{self, Messages},
        password_prompt::PasswordDialog,
        refusal::{self, Refused},
        words,
    },
    done::CredentialsDone,
    route::Route,
};
use ask::Ask;
use claviger_types::{CredentialKind, Permission};
use keyring::Keyring;
use leptos::{ev, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use section::{AskButton, KeySection};
use serde::{Deserialize, Serialize};

/// What the page shows, with what its address says.
#[derive(Clone, Serialize, Deserialize)]
struct Data {
    page: credential::CredentialsPage,
    ask: Option<String>,
    done: Option<CredentialsDone>,
    refused: Option<Refused>,
}

#[component]
pub(crate) fn CredentialsPage() -> impl IntoView {
    let refused = refusal::in_address();
    let (ask, done) = use_query_map().with_untracked(|query| (query.get("ask"), query.get("done")));
    let done = done.and_then(|name| CredentialsDone::parse(&name));
    let data = loading::load(move || {
        let (ask, refused) = (ask.clone(), refused.clone());
        async move {
            let page = credential::credentials_page().await?;
            Ok::<_, ApiError>(Data { page, ask, done, refused })
        }
    });
    view! {
        <Title text="API credentials"/>
        {loading::signed_in(data, Route::Credentials, draw)}
    }
    .erase()
}

fn draw(data: &Data) -> AnyView {
    let viewer = &data.page.viewer;
    let content = match &data.page.access {
        Access::Permitted { api_key, bundle_key, report } => {
            let keyring = Keyring::new(viewer.csrf.clone(), api_key.clone(), bundle_key.clone(), data);
            keys(keyring, report)
        }
        Access::Refused { admins } => {
            let missing = words::no_permission(Permission::ApiCredentialsManagement);
            frame::refused("API credentials", &missing, admins)
        }
    };
    frame::signed_in(viewer, Route::Credentials, content)
}

fn keys(keyring: Keyring, report: &str) -> AnyView {
    guard_secrets(keyring);
    let copy_now = move || {
        keyring.held.is_shown().then(|| {
            view! {
                <button type="button" class="button" on:click=move |_| confirm::copy_now(keyring)>"Copy now"</button>
            }
        })
    };
    view! {
        <h1 id="title" tabindex="-1">"API credentials"</h1>
        <p class="lead">
            "Each request to the API carries both keys: the API key says who calls, the bundle key says what your \
            organisation has bought. Treat both as secrets; the "
            <a href=Route::Guide.path()>"guide"</a>
            " shows how to send them."
        </p>
        <Messages status=keyring.status error=keyring.error>
            <div class="toast">
                <p class="message alert" role="alert">
                    {move || keyring.copy_refused.get().then(|| view! { <span>"The browser did not allow copying"</span> })}
                </p>
                {messages::close(move || keyring.copy_refused.get(), move || keyring.forget_errors())}
            </div>
            {copy_now}
        </Messages>
        // The parser reads what is in here as text where there is JavaScript, so it must not be hydrated.
        <noscript inner_html="<p class=\"message note\">Viewing and copying a key need JavaScript.</p>"></noscript>
        <div class="keys">
            <KeySection keyring kind=CredentialKind::ApiKey/>
            <KeySection keyring kind=CredentialKind::BundleKey/>
        </div>
        <div class="both">
            <p>"If both may have been seen by somebody else, replace them together."</p>
            <AskButton keyring ask=Ask::ResetBoth/>
        </div>
        <div class="report" inner_html=report.to_owned()></div>
        <PasswordDialog prompt=keyring.prompt home=Route::Credentials.path()/>
    }
    .erase()
}

/// Values leave the page when it does, and when nobody looks at it.
fn guard_secrets(keyring: Keyring) {
    Effect::new(move |_| {
        browser::forget_query(Route::Credentials.path());
        let hidden = window_event_listener(ev::visibilitychange, move |_| {
            if document().hidden() {
                keyring.hide_all();
            }
        });
        let left = window_event_listener(ev::pagehide, move |_| {
            keyring.hide_all();
            keyring.prompt.forget();
        });
        on_cleanup(move || {
            hidden.remove();
            left.remove();
        });
    });
}
