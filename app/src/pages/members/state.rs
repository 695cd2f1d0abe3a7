//! The state of the page: the members in the last answer of the server, the last messages, and the dialog.

use super::{
    PageData, departure,
    pending_action::{self, PendingAction, Whose},
};
use crate::{
    api::{
        invitation::InviteMember,
        member::{Member, Members, MembersAccess, members_page},
    },
    components::{
        browser,
        messages::Done,
        password_prompt::{Confirmation, PasswordPrompt, Question},
        post,
    },
    route::Route,
    wire::error::ApiError,
};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, server_fn::ServerFn, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{HtmlButtonElement, SubmitEvent};

/// The pause in typing after which the page asks the server.
const PAUSE_MS: u32 = 150;

/// A handle on the state of the page. Copies refer to the same state.
#[derive(Clone, Copy)]
pub(super) struct MembersState {
    pub(super) csrf: StoredValue<String>,
    /// The current page of members.
    pub(super) members: RwSignal<Members>,
    /// A newly created link.
    pub(super) link: RwSignal<Option<String>>,
    /// The last completed action.
    pub(super) status: RwSignal<Option<Done>>,
    /// The last error outside the dialog.
    pub(super) error: RwSignal<Option<ApiError>>,
    pub(super) prompt: PasswordPrompt,
    /// A counter that increases with each change of the search text.
    typed: StoredValue<u32>,
}

impl MembersState {
    /// Creates the initial state. A page without WebAssembly shows this state.
    pub(super) fn new(members: Members, data: &PageData) -> Self {
        let address = &data.address;
        let mut state = Self {
            csrf: StoredValue::new(data.page.viewer.csrf.clone()),
            members: RwSignal::new(members),
            link: RwSignal::new(data.page.link.clone()),
            status: RwSignal::new(
                address.done.map(|done| pending_action::done_text(done, None, address.reset)),
            ),
            error: RwSignal::new(None),
            prompt: PasswordPrompt::new(None, None),
            typed: StoredValue::new(0),
        };
        let question = PendingAction::named(&address.ask, &address.role)
            .and_then(|ask| state.question(&address.member, ask));
        let refused = data.refused.as_ref().filter(|refused| refused.path != InviteMember::url());
        let error = refused.map(|refused| refused.error.clone());
        if question.is_some() {
            state.prompt = PasswordPrompt::new(question, error);
        } else {
            state.error.set(error);
        }
        state
    }

    /// Opens the dialog for the button that was pressed in a member's row.
    pub(super) fn submitted(self, member: &str, event: &SubmitEvent) {
        let button = event.submitter().and_then(|element| element.dyn_into::<HtmlButtonElement>().ok());
        // Without a running script, the form would request the same action with its address.
        event.prevent_default();
        if let Some(ask) = button.and_then(|button| PendingAction::named(&button.value(), "")) {
            self.ask_for(member, ask);
        }
    }

    /// Opens the dialog for a pending action.
    pub(super) fn ask_for(self, member: &str, ask: PendingAction) {
        if let Some(question) = self.question(member, ask) {
            self.status.set(None);
            self.error.set(None);
            self.prompt.ask(question);
        }
    }

    fn question(self, id: &str, ask: PendingAction) -> Option<Question> {
        self.members.with_untracked(|members| {
            let member = members.members.iter().find(|member| member.id == id)?;
            Some(self.question_about(members, member, ask))
        })
    }

    fn question_about(self, members: &Members, member: &Member, ask: PendingAction) -> Question {
        let mut hidden = vec![("csrf", self.csrf.get_value()), ("member", member.id.clone())];
        match &ask {
            PendingAction::Grant(permission) | PendingAction::Revoke(permission) => {
                hidden.push(("permission", permission.as_str().to_owned()));
            }
            PendingAction::Role(role) => hidden.push(("role", role.clone())),
            _ => {}
        }
        let whose = Whose::of(member);
        let mut sentence = ask.sentence(member, members);
        if let Some(warning) = departure::warning(&ask, member, members) {
            sentence = format!("{sentence} {warning}");
        }
        Question {
            sentence,
            offers: departure::offers(&ask, member, members),
            opener: ask.control(&member.id),
            action: ask.function(),
            hidden: hidden.clone(),
            confirm: Callback::new(move |confirmation| {
                self.confirm(&ask, &whose, hidden.clone(), confirmation);
            }),
        }
    }

    /// Sends the pending action after the dialog has confirmed it.
    fn confirm(
        self,
        ask: &PendingAction,
        whose: &Whose,
        mut fields: Vec<(&'static str, String)>,
        Confirmation { proof, accepted, ticket }: Confirmation,
    ) {
        let (function, done) =
            (ask.function(), pending_action::done_text(ask.done(), Some(whose), !accepted.is_empty()));
        fields.extend(accepted);
        fields.push(proof.into_field());
        spawn_local(async move {
            match post::send(function, &fields).await {
                Ok(Some(made)) => ticket.show_link(made.link),
                Ok(None) => {
                    self.say(done);
                    self.refresh().await;
                    ticket.close().await;
                }
                Err(error) => {
                    if error.outdates_page() {
                        let _ = self.link.try_set(None);
                    }
                    ticket.refuse(error);
                }
            }
        });
    }

    /// Reports a completed action.
    pub(super) fn say(self, done: Done) {
        let _ = self.error.try_set(None);
        let _ = self.status.try_set(Some(done));
    }

    /// Shows the members that the server finds, after a pause in typing.
    pub(super) fn search(self, text: String) {
        self.typed.update_value(|typed| *typed = typed.wrapping_add(1));
        let last = self.typed.get_value();
        let is_last = move || self.typed.try_get_value() == Some(last);
        spawn_local(async move {
            TimeoutFuture::new(PAUSE_MS).await;
            if !is_last() {
                return;
            }
            // The page keeps its members. The next action will report the error.
            let Ok(page) = members_page(text, 1, 1).await else { return };
            if let (MembersAccess::Permitted(members), true) = (page.access, is_last()) {
                let _ = self.members.try_set(members);
            }
        });
    }

    /// Loads the current data of the same page of members from the server.
    pub(super) async fn refresh(self) {
        let shown = |members: &Members| (members.search.clone(), members.page, members.invitation_page);
        let Some((search, page, invitations)) = self.members.try_with_untracked(shown) else { return };
        match members_page(search, page, invitations).await {
            Ok(page) => match page.access {
                MembersAccess::Permitted(members) => {
                    let _ = self.members.try_set(members);
                }
                MembersAccess::Refused { .. } => browser::reload(),
            },
            Err(ApiError::SignedOut) => browser::reload(),
            // The page keeps its data. The next action will report the error.
            Err(_) => {}
        }
    }
}

/// The address of a page of members, with a page of invitations.
pub(super) fn address(search: &str, page: u32, invitations: u32) -> String {
    let path = Route::Members.path();
    let mut address = format!("{path}?page={page}");
    if !search.is_empty() {
        address = format!("{path}?search={}&page={page}", leptos_router::location::Url::escape(search));
    }
    if invitations > 1 { format!("{address}&invitations={invitations}") } else { address }
}
