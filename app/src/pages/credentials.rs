//! `/credentials`: both keys, masked, and the actions on them. Only this page holds the value of a key, and only while it shows
//! the value.

mod confirm;
mod disclosure;
mod pending_action;
mod question;
mod section;
mod state;

use crate::{
    api::credential::{self, Access},
    components::{
        boxed::BoxedView,
        browser, frame, loading,
        messages::{self, Messages},
        password_prompt::PasswordDialog,
        refusal::{self, Refused},
        text,
    },
    done::CredentialsDone,
    route::Route,
    wire::error::ApiError,
};
use claviger_types::{CredentialKind, Permission};
use leptos::{ev, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use pending_action::PendingAction;
use section::{AskButton, KeySection};
use serde::{Deserialize, Serialize};
use state::CredentialsState;

/// The data of the page, and the data from its address.
#[derive(Clone, Serialize, Deserialize)]
struct PageData {
    page: credential::CredentialsPage,
    ask: Option<String>,
    done: Option<CredentialsDone>,
    refused: Option<Refused>,
}

#[component]
pub(crate) fn CredentialsPage() -> impl IntoView {
    let refused = refusal::from_query();
    let (ask, done) = use_query_map().with_untracked(|query| (query.get("ask"), query.get("done")));
    let done = done.and_then(|name| CredentialsDone::parse(&name));
    let data = loading::load(move || {
        let (ask, refused) = (ask.clone(), refused.clone());
        async move {
            let page = credential::credentials_page().await?;
            Ok::<_, ApiError>(PageData { page, ask, done, refused })
        }
    });
    view! {
        <Title text="API credentials"/>
        {loading::signed_in(data, Route::Credentials, draw)}
    }
    .boxed()
}

fn draw(data: &PageData) -> AnyView {
    let viewer = &data.page.viewer;
    let content = match &data.page.access {
        Access::Permitted { api_key, bundle_key, report } => {
            let state = CredentialsState::new(viewer.csrf.clone(), api_key.clone(), bundle_key.clone())
                .with_address(data);
            keys(state, report)
        }
        Access::Refused { admins } => {
            let missing = text::no_permission(Permission::ApiCredentialsManagement);
            frame::refused("API credentials", &missing, admins)
        }
    };
    frame::signed_in(viewer, Route::Credentials, content)
}

fn keys(state: CredentialsState, report: &str) -> AnyView {
    guard_secrets(state);
    let copy_now = move || {
        state.held.is_shown().then(|| {
            view! {
                <button type="button" class="button" on:click=move |_| confirm::copy_now(state)>"Copy now"</button>
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
        <Messages status=state.status error=state.error>
            <div class="toast">
                <p class="message alert" role="alert">
                    {move || state.copy_refused.get().then(|| view! { <span>"The browser did not allow copying"</span> })}
                </p>
                {messages::close(move || state.copy_refused.get(), move || state.forget_errors())}
            </div>
            {copy_now}
        </Messages>
        // With JavaScript, the HTML parser reads the content of `noscript` as text. So this content must not be hydrated.
        <noscript inner_html="<p class=\"message note\">Viewing and copying a key need JavaScript.</p>"></noscript>
        <div class="keys">
            <KeySection state kind=CredentialKind::ApiKey/>
            <KeySection state kind=CredentialKind::BundleKey/>
        </div>
        <div class="both">
            <p>"If both may have been seen by somebody else, replace them together."</p>
            <AskButton state ask=PendingAction::ResetBoth/>
        </div>
        <div class="report" inner_html=report.to_owned()></div>
        <PasswordDialog prompt=state.prompt home=Route::Credentials.path()/>
    }
    .boxed()
}

/// Hides all values when the browser leaves the page or the page becomes hidden.
fn guard_secrets(state: CredentialsState) {
    Effect::new(move |_| {
        browser::forget_query(Route::Credentials.path());
        let hidden = window_event_listener(ev::visibilitychange, move |_| {
            if document().hidden() {
                state.hide_all();
            }
        });
        let left = window_event_listener(ev::pagehide, move |_| {
            state.hide_all();
            state.prompt.forget();
        });
        on_cleanup(move || {
            hidden.remove();
            left.remove();
        });
    });
}
