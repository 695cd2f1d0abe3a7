//! The section of one key on the page. It must not know the source of a value.

use super::{pending_action::PendingAction, state::CredentialsState};
use crate::{
    api::credential::LastUse,
    components::{bidi, boxed::BoxedView, browser, text},
    route::Route,
    wire::formatted_time::FormattedTime,
};
use claviger_types::CredentialKind;
use leptos::prelude::*;
use web_sys::SubmitEvent;

/// A key: its value (masked, or temporarily in clear), its origin, and its actions.
#[component]
pub(super) fn KeySection(
    /// The state of the page.
    state: CredentialsState,
    kind: CredentialKind,
) -> impl IntoView {
    let id = match kind {
        CredentialKind::ApiKey => "api-key",
        CredentialKind::BundleKey => "bundle-key",
    };
    let about = match kind {
        CredentialKind::ApiKey => "Says who calls.",
        CredentialKind::BundleKey => "Says what was bought.",
    };
    let summary = state.summary(kind);
    let disclosure = state.disclosure(kind);
    let value = move || disclosure.value().unwrap_or_else(|| summary.with(|key| key.masked.clone()));
    let countdown = move || {
        disclosure.is_shown().then(|| {
            view! {
                <p class="countdown" aria-hidden="true">{move || format!("Hides in {} s", disclosure.seconds())}</p>
                <button type="button" class="button quiet" on:click=move |_| state.hide(kind)>"Hide"</button>
            }
            .boxed()
        })
    };

    view! {
        <section class="key" aria-labelledby=id>
            <div class="key-head">
                <h2 id=id>{text::key_title(kind)}</h2>
                <p>{about}</p>
            </div>
            <div class="key-value" class:shown=move || disclosure.is_shown()>
                <code>{value}</code>
                <div class="key-left">{countdown}</div>
            </div>
            <dl class="key-facts">
                <div>
                    <dt>"Made"</dt>
                    <dd>{move || summary.with(|key| made(&key.created_at, &key.created_by))}</dd>
                </div>
                <div>
                    <dt>"Last used"</dt>
                    <dd>{move || summary.with(|key| used(key.last_used.as_ref()))}</dd>
                </div>
            </dl>
            <div class="key-buttons">
                <AskButton state ask=PendingAction::View(kind)/>
                <AskButton state ask=PendingAction::Copy(kind)/>
                <AskButton state ask=PendingAction::Reset(kind)/>
            </div>
        </section>
    }
    .boxed()
}

fn made(at: &FormattedTime, by: &str) -> AnyView {
    view! { {time(at)} " by " {bidi::name(by)} }.boxed()
}

fn used(last: Option<&LastUse>) -> AnyView {
    let Some(last) = last else { return view! { "Never" }.boxed() };
    let moment = FormattedTime { iso: last.at.iso.clone(), text: last.ago.clone() };
    view! { {time(&moment)} {format!(" from {}", last.from)} }.boxed()
}

fn time(moment: &FormattedTime) -> AnyView {
    view! { <time datetime=moment.iso.clone()>{moment.text.clone()}</time> }.boxed()
}

/// A button that opens the dialog. A reset works before hydration and without WebAssembly: there the button submits a form that
/// requests the page with the dialog open.
#[component]
pub(super) fn AskButton(
    state: CredentialsState,
    /// The pending action of the button.
    ask: PendingAction,
) -> impl IntoView {
    if ask.needs_script() {
        let hydrated = browser::hydrated();
        return view! {
            <button
                type="button"
                id=ask.name()
                class="button needs-script"
                disabled=move || !hydrated.get()
                on:click=move |_| state.ask(ask)
            >
                {ask.label()}
            </button>
        }
        .boxed();
    }
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        state.ask(ask);
    };
    view! {
        <form method="get" action=Route::Credentials.path() on:submit=submit>
            <button type="submit" id=ask.name() class="button danger" name="ask" value=ask.name()>{ask.label()}</button>
        </form>
    }
    .boxed()
}
