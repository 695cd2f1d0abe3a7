//! The state of the page: both keys as they may be shown, the values that are held for a while, and what was last
//! said. It must not call anything that needs the password.

use super::{disclosure::Disclosure, pending_action::PendingAction};
use crate::{
    api::credential::{Access, CredentialSummary, credentials_page},
    components::{browser, messages::Done, password_prompt::PasswordPrompt},
    wire::error::ApiError,
};
use claviger_types::{CredentialKind, Generation};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};

const TICK_MS: u32 = 200;

/// A handle on the state; copies are the same state.
#[derive(Clone, Copy)]
pub(super) struct CredentialsState {
    csrf: StoredValue<String>,
    api_key: Key,
    bundle_key: Key,
    /// A value that the browser did not let onto the clipboard, until it is asked for again.
    pub(super) held: Disclosure,
    /// The key that is held.
    pub(super) held_kind: StoredValue<CredentialKind>,
    /// Whether the browser refused to copy.
    pub(super) copy_refused: RwSignal<bool>,
    /// What was done last.
    pub(super) status: RwSignal<Option<Done>>,
    /// What went wrong last, outside the dialog.
    pub(super) error: RwSignal<Option<ApiError>>,
    /// The dialog.
    pub(super) prompt: PasswordPrompt,
    /// Whether the countdown runs.
    is_ticking: StoredValue<bool>,
}

/// One key.
#[derive(Clone, Copy)]
struct Key {
    summary: RwSignal<CredentialSummary>,
    disclosure: Disclosure,
}

impl Key {
    fn new(summary: CredentialSummary) -> Self {
        Self { summary: RwSignal::new(summary), disclosure: Disclosure::new() }
    }
}

impl CredentialsState {
    /// The state to start with, which is also what a page without WebAssembly shows.
    pub(super) fn new(csrf: String, api_key: CredentialSummary, bundle_key: CredentialSummary) -> Self {
        Self {
            csrf: StoredValue::new(csrf),
            api_key: Key::new(api_key),
            bundle_key: Key::new(bundle_key),
            held: Disclosure::new(),
            held_kind: StoredValue::new(CredentialKind::ApiKey),
            copy_refused: RwSignal::new(false),
            status: RwSignal::new(None),
            error: RwSignal::new(None),
            prompt: PasswordPrompt::new(None, None),
            is_ticking: StoredValue::new(false),
        }
    }

    fn key(self, kind: CredentialKind) -> Key {
        match kind {
            CredentialKind::ApiKey => self.api_key,
            CredentialKind::BundleKey => self.bundle_key,
        }
    }

    /// A key as it may be shown without a password.
    pub(super) fn summary(self, kind: CredentialKind) -> RwSignal<CredentialSummary> {
        self.key(kind).summary
    }

    /// A key's value.
    pub(super) fn disclosure(self, kind: CredentialKind) -> Disclosure {
        self.key(kind).disclosure
    }

    /// The generation that the page shows.
    pub(super) fn generation(self, kind: CredentialKind) -> Generation {
        self.summary(kind).with_untracked(|key| key.generation)
    }

    /// What every request that changes something carries.
    pub(super) fn csrf(self) -> String {
        self.csrf.get_value()
    }

    /// Forgets what went wrong, and a value that was held because of it.
    pub(super) fn forget_errors(self) {
        self.error.set(None);
        self.copy_refused.set(false);
        self.held.hide();
    }

    /// Shows a key, unless nobody is looking.
    pub(super) fn show(self, disclosure: Disclosure, value: String) {
        if document().hidden() {
            return;
        }
        disclosure.show(value, js_sys::Date::now());
        if !self.is_ticking.get_value() {
            self.is_ticking.set_value(true);
            spawn_local(async move {
                while self.tick() {
                    TimeoutFuture::new(TICK_MS).await;
                }
                self.is_ticking.try_set_value(false);
            });
        }
    }

    /// Hides a key on request.
    pub(super) fn hide(self, kind: CredentialKind) {
        if self.disclosure(kind).hide() {
            self.say_hidden(kind);
            browser::focus(PendingAction::View(kind).name());
        }
    }

    /// Forgets every value.
    pub(super) fn hide_all(self) {
        for kind in CredentialKind::ALL {
            if self.disclosure(kind).hide() {
                self.say_hidden(kind);
            }
        }
        if self.held.hide() {
            let _ = self.copy_refused.try_set(false);
        }
    }

    /// Says whether a value is still held. When the page has been left there is none.
    fn tick(self) -> bool {
        let now = js_sys::Date::now();
        for kind in CredentialKind::ALL {
            if self.disclosure(kind).tick(now) {
                self.say_hidden(kind);
            }
        }
        if self.held.tick(now) {
            let _ = self.copy_refused.try_set(false);
        }
        let held = [self.api_key.disclosure, self.bundle_key.disclosure, self.held];
        held.into_iter().any(Disclosure::is_shown_now)
    }

    /// Replaces the word that a key is shown; a word on a reset stays.
    fn say_hidden(self, kind: CredentialKind) {
        if self.status.try_get_untracked() == Some(Some(PendingAction::View(kind).done())) {
            self.status.set(Some(match kind {
                CredentialKind::ApiKey => Done::screen_reader_only("API key hidden."),
                CredentialKind::BundleKey => Done::screen_reader_only("Bundle key hidden."),
            }));
        }
    }

    /// Asks the server for both keys, masked, as they are now.
    pub(super) async fn refresh(self) {
        match credentials_page().await {
            Ok(page) => match page.access {
                Access::Permitted { api_key, bundle_key, .. } => {
                    let _ = self.api_key.summary.try_set(api_key);
                    let _ = self.bundle_key.summary.try_set(bundle_key);
                }
                Access::Refused { .. } => browser::reload(),
            },
            Err(ApiError::SignedOut) => browser::reload(),
            // The page shows what it knew; the next action will say what is wrong.
            Err(_) => {}
        }
    }
}
