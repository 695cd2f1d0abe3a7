//! The questions of the page: the question that the dialog asks before each action, and how the dialog opens. It must not know
//! the effect of a correct password.

use super::{PageData, confirm, pending_action::PendingAction, state::CredentialsState};
use crate::{
    api::credential::{ResetBothCredentials, ResetCredential},
    components::password_prompt::{PasswordPrompt, Question},
    wire::error::ApiError,
};
use claviger_types::CredentialKind;
use leptos::{prelude::*, server_fn::ServerFn};

impl CredentialsState {
    /// Reports the completed action, opens the dialog if the address names an action, and shows the error of a form that was
    /// refused without JavaScript.
    pub(super) fn with_address(mut self, data: &PageData) -> Self {
        self.status.set(data.done.map(PendingAction::from).map(PendingAction::done));
        let ask = data.ask.as_deref().and_then(PendingAction::from_query);
        let Some(refused) = &data.refused else {
            self.prompt = PasswordPrompt::new(ask.map(|ask| self.question(ask)), None);
            return self;
        };
        let of_prompt =
            [ResetCredential::url(), ResetBothCredentials::url()].contains(&refused.path.as_str());
        match &refused.error {
            ApiError::Stale { kind, .. } => {
                // An attacker can write any address. So the time and the name come from the key itself, not from the address.
                let error = self.summary(*kind).with_untracked(|key| ApiError::Stale {
                    kind: *kind,
                    at: key.created_at.clone(),
                    by: key.created_by.clone(),
                });
                self.error.set(Some(error));
            }
            error if of_prompt && ask.is_some() => {
                self.prompt = PasswordPrompt::new(ask.map(|ask| self.question(ask)), Some(error.clone()));
            }
            error => self.error.set(Some(error.clone())),
        }
        self
    }

    /// Opens the dialog for a pending action.
    pub(super) fn ask(self, ask: PendingAction) {
        self.status.set(None);
        self.forget_errors();
        self.prompt.ask(self.question(ask));
    }

    fn question(self, ask: PendingAction) -> Question {
        let mut hidden = vec![("csrf", self.csrf())];
        let action = match ask {
            PendingAction::ResetBoth => {
                hidden.push((
                    "api_key_generation",
                    self.generation(CredentialKind::ApiKey).number().to_string(),
                ));
                hidden.push((
                    "bundle_key_generation",
                    self.generation(CredentialKind::BundleKey).number().to_string(),
                ));
                ResetBothCredentials::url()
            }
            PendingAction::View(kind) | PendingAction::Copy(kind) | PendingAction::Reset(kind) => {
                hidden.push(("kind", kind.as_str().to_owned()));
                hidden.push(("generation", self.generation(kind).number().to_string()));
                ResetCredential::url()
            }
        };
        Question {
            sentence: ask.sentence().to_owned(),
            offers: Vec::new(),
            opener: ask.name().to_owned(),
            action,
            hidden,
            confirm: Callback::new(move |confirmation| confirm::run(self, ask, confirmation)),
        }
    }
}
