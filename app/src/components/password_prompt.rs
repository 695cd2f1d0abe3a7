//! The dialog that asks for the password before an action. It must not know the action: it passes the password on, and stays open
//! until the page reports that it shows the result. If the result is a new link, the dialog itself can show it.

use super::{
    bidi,
    boxed::BoxedView,
    browser,
    field::SubmitButton,
    link::{self, LinkKind},
    messages::Alert,
    wait::{Countdown, Wait},
};
use crate::wire::{error::ApiError, proof::Proof};
use claviger_types::{Field, FieldError, FieldProblem};
use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};
use web_sys::{Event, HtmlDialogElement, HtmlInputElement, MouseEvent, SubmitEvent};

const DIALOG: &str = "prompt";
const PASSWORD: &str = "prompt-password";

/// The question that the dialog asks.
#[derive(Clone)]
pub(crate) struct Question {
    /// The exact effect of the action. The names in the sentence are isolated.
    pub(crate) sentence: String,
    /// The additional changes that can be made in the same step.
    pub(crate) offers: Vec<Offer>,
    /// The id of the control that opened the dialog. It gets the focus back.
    pub(crate) opener: String,
    /// The address to which a plain form sends the password.
    pub(crate) action: &'static str,
    /// The other fields that a plain form sends.
    pub(crate) hidden: Vec<(&'static str, String)>,
    /// The callback of the page. The dialog calls it in the submit handler itself, because the clipboard requires that.
    pub(crate) confirm: Callback<Confirmation>,
}

/// An additional change that is made if its box is checked.
#[derive(Clone)]
pub(crate) struct Offer {
    /// The name of the field.
    pub(crate) name: &'static str,
    /// The value that the form sends if the box is checked.
    pub(crate) value: String,
    /// The label of the box.
    pub(crate) label: String,
}

impl Offer {
    fn is_accepted(&self) -> bool {
        browser::element::<HtmlInputElement>(self.name).is_some_and(|input| input.checked())
    }
}

/// The proof that the member entered, and the opening of the dialog in which the member entered it.
pub(crate) struct Confirmation {
    pub(crate) proof: Proof,
    /// The fields of the offers that the member accepted.
    pub(crate) accepted: Vec<(&'static str, String)>,
    /// The ticket with which the page delivers the answer.
    pub(crate) ticket: Ticket,
}

/// The state of the dialog of a page.
#[derive(Clone, Copy)]
pub(crate) struct PasswordPrompt {
    question: RwSignal<Option<Question>>,
    error: RwSignal<Option<ApiError>>,
    pending: RwSignal<bool>,
    wait: Wait,
    /// A new link, shown in place of the question.
    link: RwSignal<Option<String>>,
    /// Whether the page must be reloaded after the dialog is closed.
    outdated: StoredValue<bool>,
    /// A counter that increases each time the dialog opens or closes.
    round: StoredValue<u32>,
}

impl PasswordPrompt {
    /// Creates the state. `question` is the question that the address of the page names. `error` is the reason why the server
    /// refused the previous attempt.
    pub(crate) fn new(question: Option<Question>, error: Option<ApiError>) -> Self {
        let error = RwSignal::new(error);
        Self {
            question: RwSignal::new(question),
            error,
            pending: RwSignal::new(false),
            wait: Wait::after(error),
            link: RwSignal::new(None),
            outdated: StoredValue::new(false),
            round: StoredValue::new(0),
        }
    }

    /// Opens the dialog.
    pub(crate) fn ask(self, question: Question) {
        self.next_round();
        empty_password();
        self.forget_error();
        self.link.set(None);
        self.question.set(Some(question));
        spawn_local(async {
            // The sentence must be on the page before a screen reader reads the dialog.
            tick().await;
            show_modal();
        });
    }

    /// Clears the typed password.
    pub(crate) fn forget(self) {
        empty_password();
    }

    fn next_round(self) {
        self.round.update_value(|round| *round = round.wrapping_add(1));
    }

    /// Clears the error. A wait that is still running continues, and the dialog shows it when it opens again.
    fn forget_error(self) {
        if !self.wait.is_running_now() {
            self.error.set(None);
        }
    }

    fn submit(self, event: &SubmitEvent) {
        event.prevent_default();
        if self.pending.get_untracked() || self.wait.is_running_now() {
            return;
        }
        let Some(question) = self.question.get_untracked() else { return };
        let password =
            browser::element::<HtmlInputElement>(PASSWORD).map(|input| input.value()).unwrap_or_default();
        let proof = Proof::Password { password };
        if proof.is_missing() {
            let missing = FieldError { field: Field::Password, problem: FieldProblem::Missing };
            self.refuse(ApiError::Invalid(vec![missing]));
            return;
        }
        self.error.set(None);
        self.pending.set(true);
        let accepted = question.offers.iter().filter(|offer| offer.is_accepted());
        question.confirm.run(Confirmation {
            proof,
            accepted: accepted.map(|offer| (offer.name, offer.value.clone())).collect(),
            ticket: Ticket { prompt: self, round: self.round.get_value() },
        });
    }

    fn refuse(self, error: ApiError) {
        if error.outdates_page() {
            self.outdated.set_value(true);
        }
        self.error.set(Some(error));
        self.pending.set(false);
        empty_password();
        browser::focus(PASSWORD);
    }

    fn cancel(self, event: &MouseEvent) {
        event.prevent_default();
        close();
    }

    fn after_close(self) {
        // The browser sends this event a short time after it has closed the dialog. The dialog may have been opened again since.
        if dialog().is_some_and(|dialog| dialog.open()) {
            return;
        }
        self.next_round();
        empty_password();
        self.pending.set(false);
        self.forget_error();
        self.link.set(None);
        if self.outdated.get_value() {
            browser::reload();
        }
        let opener =
            self.question.with_untracked(|question| question.as_ref().map(|asked| asked.opener.clone()));
        self.question.set(None);
        if let Some(opener) = opener {
            browser::focus(&opener);
        }
    }
}

/// One opening of the dialog. An answer that arrives after the dialog was closed must not show anything.
#[derive(Clone, Copy)]
pub(crate) struct Ticket {
    prompt: PasswordPrompt,
    round: u32,
}

impl Ticket {
    /// Whether the dialog is still open in the same opening.
    pub(crate) fn is_open(self) -> bool {
        self.prompt.round.try_get_value() == Some(self.round)
    }

    /// Shows in the dialog why the action was refused. If the page shows more than the server would show now, the page is
    /// reloaded when the dialog closes, or at once if the dialog is already closed.
    pub(crate) fn refuse(self, error: ApiError) {
        if self.is_open() {
            self.prompt.refuse(error);
        } else if error.outdates_page() {
            browser::reload();
        }
    }

    /// Shows a link in the dialog. The member closes the dialog after taking the link. If the dialog is already closed, the link
    /// is lost; the member can create another link.
    pub(crate) fn show_link(self, link: String) {
        if self.is_open() {
            self.prompt.pending.set(false);
            empty_password();
            let kind = LinkKind::of(&link);
            self.prompt.link.set(Some(link));
            link::focus_link(kind);
        }
    }

    /// Closes the dialog and moves the focus to the element that must be corrected on the page.
    pub(crate) async fn close_to(self, id: &str) {
        if self.is_open() {
            self.prompt.question.update(|question| {
                if let Some(question) = question {
                    id.clone_into(&mut question.opener);
                }
            });
            self.close().await;
        }
    }

    /// Closes the dialog after the current changes are on the page.
    pub(crate) async fn close(self) {
        tick().await;
        if self.is_open() {
            close();
        }
    }
}

/// The dialog. `asked` is true if the address of the page opens it.
#[component]
pub(crate) fn PasswordDialog(
    /// The state of the dialog.
    prompt: PasswordPrompt,
    /// The address to which Cancel leads without WebAssembly.
    home: &'static str,
) -> impl IntoView {
    let asked = prompt.question.with_untracked(Option::is_some);
    Effect::new(move |_| {
        if asked && let Some(dialog) = dialog() {
            // `close` would count as Cancel.
            dialog.set_open(false);
            show_modal();
        }
    });
    let sentence = move || {
        prompt.question.with(|question| question.as_ref().map(|asked| bidi::sentence(&asked.sentence)))
    };
    let action = move || prompt.question.with(|question| question.as_ref().map_or("", |asked| asked.action));
    let hidden = move || {
        let fields = prompt.question.with(|question| question.as_ref().map(|asked| asked.hidden.clone()));
        fields
            .unwrap_or_default()
            .into_iter()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
            .collect_view()
    };
    let offers = move || {
        let offers = prompt.question.with(|question| question.as_ref().map(|asked| asked.offers.clone()));
        offers.unwrap_or_default().into_iter().map(offer).collect_view()
    };
    let busy = move || prompt.pending.get().then_some("true");
    let held = Signal::derive(move || prompt.pending.get() || prompt.wait.is_running());
    let has_link = move || prompt.link.with(Option::is_some);
    let title = move || if has_link() { "Link made" } else { "Confirm your password" };
    let made = move || prompt.link.get().map(made);

    view! {
        <dialog
            id=DIALOG
            class="dialog"
            open=asked
            aria-labelledby="prompt-title"
            aria-describedby="prompt-sentence"
            on:close=move |_: Event| prompt.after_close()
        >
            <h2 id="prompt-title">{title}</h2>
            <p id="prompt-sentence" hidden=has_link>{sentence}</p>
            {made}
            <form
                method="post"
                action=action
                novalidate=true
                hidden=has_link
                aria-busy=busy
                on:submit=move |event| prompt.submit(&event)
            >
                {hidden}
                {offers}
                <div class="field">
                    <label for=PASSWORD>"Password"</label>
                    <input
                        id=PASSWORD
                        name="password"
                        type="password"
                        autocomplete="current-password"
                        required=true
                        autofocus=true
                        aria-describedby="prompt-error"
                    />
                </div>
                <div id="prompt-error"><Alert error=prompt.error wait=prompt.wait/></div>
                <Countdown wait=prompt.wait/>
                <div class="dialog-buttons">
                    <SubmitButton label="Confirm" held/>
                    // This button belongs to the form below, so that Cancel works without WebAssembly and sends no password.
                    <button type="submit" class="button" form="prompt-cancel" on:click=move |event| prompt.cancel(&event)>
                        "Cancel"
                    </button>
                </div>
            </form>
            <form id="prompt-cancel" method="get" action=home></form>
        </dialog>
    }
    .boxed()
}

/// The second step: the dialog shows the new link.
fn made(link: String) -> AnyView {
    view! {
        {link::field(link)}
        <div class="dialog-buttons">
            <button type="button" class="button" on:click=move |_| close()>"Done"</button>
        </div>
    }
    .boxed()
}

fn offer(offer: Offer) -> AnyView {
    view! {
        <label class="check">
            <input type="checkbox" id=offer.name name=offer.name value=offer.value/>
            {offer.label}
        </label>
    }
    .boxed()
}

fn dialog() -> Option<HtmlDialogElement> {
    browser::element(DIALOG)
}

fn show_modal() {
    if let Some(dialog) = dialog()
        && !dialog.open()
    {
        let _ = dialog.show_modal();
        browser::focus(PASSWORD);
    }
}

fn close() {
    if let Some(dialog) = dialog() {
        dialog.close();
    }
}

fn empty_password() {
    if let Some(input) = browser::element::<HtmlInputElement>(PASSWORD) {
        input.set_value("");
    }
}
