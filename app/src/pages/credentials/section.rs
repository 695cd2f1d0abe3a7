//! One key on the page. It must not know where a value comes from.

use super::{ask::Ask, keyring::Keyring};
use crate::{
    api::{credential::LastUse, error::Moment},
    components::{bidi, browser, erase::Erase, words},
    route::Route,
};
use claviger_types::CredentialKind;
use leptos::prelude::*;
use web_sys::SubmitEvent;

/// A key: its value, masked or for a while in clear, where it comes from, and what can be done with it.
#[component]
pub(super) fn KeySection(
    /// The state of the page.
    keyring: Keyring,
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
    let summary = keyring.summary(kind);
    let disclosure = keyring.disclosure(kind);
    let value = move || disclosure.value().unwrap_or_else(|| summary.with(|key| key.masked.clone()));
    let countdown = move || {
        disclosure.is_shown().then(|| {
            view! {
                <p class="countdown" aria-hidden="true">{move || format!("Hides in {} s", disclosure.seconds())}</p>
                <button type="button" class="button quiet" on:click=move |_| keyring.hide(kind)>"Hide"</button>
            }
            .erase()
        })
    };

    view! {
        <section class="key" aria-labelledby=id>
            <div class="key-head">
                <h2 id=id>{words::key_title(kind)}</h2>
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
                <AskButton keyring ask=Ask::View(kind)/>
                <AskButton keyring ask=Ask::Copy(kind)/>
                <AskButton keyring ask=Ask::Reset(kind)/>
            </div>
        </section>
    }
    .erase()
}

fn made(at: &Moment, by: &str) -> AnyView {
    view! { {time(at)} " by " {bidi::name(by)} }.erase()
}

fn used(last: Option<&LastUse>) -> AnyView {
    let Some(last) = last else { return view! { "Never" }.erase() };
    let moment = Moment { iso: last.at.iso.clone(), text: last.ago.clone() };
    view! { {time(&moment)} {format!(" from {}", last.from)} }.erase()
}

fn time(moment: &Moment) -> AnyView {
    view! { <time datetime=moment.iso.clone()>{moment.text.clone()}</time> }.erase()
}

/// A button that opens the dialog. A reset works before and without WebAssembly: there the button is that of a form
/// which asks for the page with the dialog open.
#[component]
pub(super) fn AskButton(
    /// The state of the page.
    keyring: Keyring,
    /// What it asks for.
    ask: Ask,
) -> impl IntoView {
    if ask.needs_script() {
        let hydrated = browser::hydrated();
        return view! {
            <button
                type="button"
                id=ask.name()
                class="button needs-script"
                disabled=move || !hydrated.get()
                on:click=move |_| keyring.ask(ask)
            >
                {ask.label()}
            </button>
        }
        .erase();
    }
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        keyring.ask(ask);
    };
    view! {
        <form method="get" action=Route::Credentials.path() on:submit=submit>
            <button type="submit" id=ask.name() class="button danger" name="ask" value=ask.name()>{ask.label()}</button>
        </form>
    }
    .erase()
}
