//! The state of the page: both keys in the form that the page shows, the values that it holds temporarily, and the last messages.
//! It must not call a function that needs the password.

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

/// A handle on the state of the page. Copies refer to the same state.
#[derive(Clone, Copy)]
pub(super) struct CredentialsState {
    csrf: StoredValue<String>,
    api_key: Key,
    bundle_key: Key,
    /// A value that the browser did not allow on the clipboard, until the member copies it with another click.
    pub(super) held: Disclosure,
    /// The kind of the held key.
    pub(super) held_kind: StoredValue<CredentialKind>,
    /// Whether the browser refused to copy.
    pub(super) copy_refused: RwSignal<bool>,
    /// The last completed action.
    pub(super) status: RwSignal<Option<Done>>,
    /// The last error outside the dialog.
    pub(super) error: RwSignal<Option<ApiError>>,
    pub(super) prompt: PasswordPrompt,
    /// Whether the countdown runs.
    is_ticking: StoredValue<bool>,
}

/// The state of one key.
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
    /// Creates the initial state. A page without WebAssembly shows this state.
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

    /// The masked form of a key, which needs no password.
    pub(super) fn summary(self, kind: CredentialKind) -> RwSignal<CredentialSummary> {
        self.key(kind).summary
    }

    /// The disclosure of a key.
    pub(super) fn disclosure(self, kind: CredentialKind) -> Disclosure {
        self.key(kind).disclosure
    }

    /// The generation that the page shows.
    pub(super) fn generation(self, kind: CredentialKind) -> Generation {
        self.summary(kind).with_untracked(|key| key.generation)
    }

    /// The CSRF token, which every request that changes something carries.
    pub(super) fn csrf(self) -> String {
        self.csrf.get_value()
    }

    /// Clears the errors, and the value that the page held because of a refused copy.
    pub(super) fn forget_errors(self) {
        self.error.set(None);
        self.copy_refused.set(false);
        self.held.hide();
    }

    /// Shows a key, unless the page is hidden.
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

    /// Hides a key when the member presses Hide.
    pub(super) fn hide(self, kind: CredentialKind) {
        if self.disclosure(kind).hide() {
            self.say_hidden(kind);
            browser::focus(PendingAction::View(kind).name());
        }
    }

    /// Removes all values.
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

    /// Removes expired values. Returns whether the page still holds a value; after the page was left, it holds none.
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

    /// Replaces the message that a key is shown. The message about a reset stays.
    fn say_hidden(self, kind: CredentialKind) {
        if self.status.try_get_untracked() == Some(Some(PendingAction::View(kind).done())) {
            self.status.set(Some(match kind {
                CredentialKind::ApiKey => Done::screen_reader_only("API key hidden."),
                CredentialKind::BundleKey => Done::screen_reader_only("Bundle key hidden."),
            }));
        }
    }

    /// Loads the current masked form of both keys from the server.
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
            // The page keeps its data. The next action will report the error.
            Err(_) => {}
        }
    }
}
