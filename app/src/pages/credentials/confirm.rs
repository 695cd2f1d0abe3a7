//! Runs an action after the member has entered the password: makes one call, and shows its answer on the page. It must not keep
//! the password or a value longer than that.

use super::{pending_action::PendingAction, state::CredentialsState};
use crate::{
    api::credential::{
        DisclosedKey, copy_credential, reset_both_credentials, reset_credential, view_credential,
    },
    components::{
        clipboard,
        password_prompt::{Confirmation, Ticket},
    },
    wire::{error::ApiError, proof::Proof},
};
use claviger_types::CredentialKind;
use leptos::{prelude::*, task::spawn_local};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// Runs the pending action.
pub(super) fn run(
    state: CredentialsState,
    ask: PendingAction,
    Confirmation { proof, ticket, .. }: Confirmation,
) {
    if let PendingAction::Copy(kind) = ask {
        return copy(state, kind, proof, ticket);
    }
    spawn_local(async move {
        let csrf = state.csrf();
        let answer = match ask {
            PendingAction::View(kind) | PendingAction::Copy(kind) => {
                view_credential(csrf, kind, proof).await.map(|key| vec![key])
            }
            PendingAction::Reset(kind) => reset_credential(csrf, kind, state.generation(kind), proof).await,
            PendingAction::ResetBoth => {
                let (api_key, bundle_key) =
                    (state.generation(CredentialKind::ApiKey), state.generation(CredentialKind::BundleKey));
                reset_both_credentials(csrf, api_key, bundle_key, proof).await
            }
        };
        match answer {
            Ok(keys) => disclosed(state, ask, keys, ticket).await,
            Err(error) => refused(state, error, ticket).await,
        }
    });
}

/// Shows the disclosed keys. After Cancel it shows no value, but it still reports a reset.
async fn disclosed(state: CredentialsState, ask: PendingAction, keys: Vec<DisclosedKey>, ticket: Ticket) {
    let open = ticket.is_open();
    let reset = !ask.needs_script();
    if open || reset {
        let _ = state.status.try_set(Some(ask.done()));
    }
    for key in keys {
        if reset {
            let _ =
                state.summary(key.kind).try_update(|summary| summary.generation = summary.generation.next());
        }
        if open {
            state.show(state.disclosure(key.kind), key.value);
        }
    }
    ticket.close().await;
    if reset {
        state.refresh().await;
    }
}

/// Shows why the server refused the action.
async fn refused(state: CredentialsState, error: ApiError, ticket: Ticket) {
    match error {
        ApiError::Stale { .. } => {
            let _ = state.error.try_set(Some(error));
            state.refresh().await;
            ticket.close().await;
        }
        error => {
            // A member who may no longer see the keys must not continue to see a value that was shown before.
            if error.outdates_page() {
                state.hide_all();
            }
            ticket.refuse(error);
        }
    }
}

/// Copies a key. The function calls the clipboard at once, with the promise of a value. The browser allows a copy only for a
/// short time after the click, and the check of the password may take longer.
fn copy(state: CredentialsState, kind: CredentialKind, proof: Proof, ticket: Ticket) {
    let answer = Rc::new(RefCell::new(None));
    let text = future_to_promise({
        let answer = Rc::clone(&answer);
        let csrf = state.csrf();
        async move {
            let key = copy_credential(csrf, kind, proof).await;
            // After Cancel, the clipboard does not change.
            let text = match &key {
                Ok(key) if ticket.is_open() => clipboard::blob(&key.value),
                _ => Err(JsValue::NULL),
            };
            *answer.borrow_mut() = Some(key);
            text
        }
    });
    // From here on the program handles both promises. A rejected promise without a handler is an error in the console.
    let written = clipboard::write_promised(&text).map(JsFuture::from);
    let text = JsFuture::from(text);
    spawn_local(async move {
        let _ = text.await;
        let written = match written {
            Ok(written) => written.await.is_ok(),
            Err(_) => false,
        };
        let key = answer.borrow_mut().take();
        match key {
            Some(Err(error)) => refused(state, error, ticket).await,
            Some(Ok(key)) if ticket.is_open() => {
                if written {
                    state.status.set(Some(PendingAction::Copy(kind).done()));
                } else {
                    hold(state, key);
                }
                ticket.close().await;
            }
            _ => {}
        }
    });
}

/// Keeps a value that the browser did not allow on the clipboard, for one more click.
fn hold(state: CredentialsState, key: DisclosedKey) {
    state.held_kind.set_value(key.kind);
    state.copy_refused.set(true);
    state.show(state.held, key.value);
}

/// Copies the held value after a separate click.
pub(super) fn copy_now(state: CredentialsState) {
    let Some(value) = state.held.value_now() else { return };
    let kind = state.held_kind.get_value();
    state.copy_refused.set(false);
    let written = clipboard::write(&value).map(JsFuture::from);
    spawn_local(async move {
        let copied = match written {
            Ok(written) => written.await.is_ok(),
            Err(_) => false,
        };
        if copied {
            state.forget_errors();
            state.status.set(Some(PendingAction::Copy(kind).done()));
        } else {
            let _ = state.copy_refused.try_set(true);
        }
    });
}
