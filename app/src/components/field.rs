//! A form's fields and what became of its submission. Inputs are uncontrolled: what was typed before the page was
//! hydrated stays, and nothing here holds a password.

use super::{boxed::BoxedView, browser, text, wait::Wait};
use crate::wire::error::ApiError;
use claviger_types::Field;
use leptos::{prelude::*, task::spawn_local};
use std::future::Future;
use web_sys::{FormData, HtmlFormElement, HtmlInputElement, SubmitEvent};

/// What became of a form.
#[derive(Clone, Copy)]
pub(crate) struct FormState {
    /// Why it was refused.
    pub(crate) error: RwSignal<Option<ApiError>>,
    /// Whether an answer is on its way.
    pub(crate) pending: RwSignal<bool>,
    /// The wait before the next attempt.
    pub(crate) wait: Wait,
    /// What the ids of its fields begin with, where another form of the page has such fields too.
    scope: &'static str,
}

impl FormState {
    /// `error` is what the server refused before this page was drawn.
    pub(crate) fn new(error: Option<ApiError>) -> Self {
        let error = RwSignal::new(error);
        Self { error, pending: RwSignal::new(false), wait: Wait::after(error), scope: "" }
    }

    /// Whether its button does nothing for now.
    pub(crate) fn is_held(self) -> Signal<bool> {
        Signal::derive(move || self.pending.get() || self.wait.is_running())
    }

    /// One of several forms of a page.
    pub(crate) fn one_of_several(scope: &'static str, error: Option<ApiError>) -> Self {
        Self { scope, ..Self::new(error) }
    }

    fn id(self, field: Field) -> String {
        format!("{}{}", self.scope, name(field))
    }

    /// An error of the form as a whole; those of fields stand under their fields.
    pub(crate) fn general_error(self) -> Signal<Option<ApiError>> {
        Signal::derive(move || self.error.get().filter(|error| !matches!(error, ApiError::Invalid(_))))
    }

    /// What is wrong with one field, in words.
    fn problem(self, field: Field) -> Option<String> {
        self.error.with(|error| match error {
            Some(ApiError::Invalid(errors)) => errors
                .iter()
                .find(|error| error.field == field)
                .map(|error| text::problem(field, error.problem)),
            _ => None,
        })
    }

    /// Sends what is in the form instead of the browser. On success the answer has led on to another page; until
    /// that is there, the form stays busy.
    pub(crate) fn send<F>(self, event: &SubmitEvent, call: impl FnOnce(Typed) -> F)
    where
        F: Future<Output = Result<(), ApiError>> + 'static,
    {
        event.prevent_default();
        let form: HtmlFormElement = event_target(event);
        let Ok(data) = FormData::new_with_form(&form) else { return };
        if self.pending.get_untracked() || self.wait.is_running_now() {
            return;
        }
        self.error.set(None);
        self.pending.set(true);
        let answer = call(Typed(data));
        spawn_local(async move {
            if let Err(error) = answer.await {
                self.refuse(error);
            }
        });
    }

    /// Shows why the form was refused. A password stays unless it is what was wrong.
    pub(crate) fn refuse(self, error: ApiError) {
        let wrong = first_wrong(&error);
        let refused_passwords =
            [Field::Password, Field::NewPassword].map(|field| (field, refuses(&error, field)));
        // The page may have been left meanwhile.
        if self.error.try_set(Some(error)).is_some() {
            return;
        }
        let _ = self.pending.try_set(false);
        for (field, _) in refused_passwords.into_iter().filter(|(_, is_refused)| *is_refused) {
            if let Some(input) = browser::element::<HtmlInputElement>(&self.id(field)) {
                input.set_value("");
            }
        }
        browser::focus_soon(self.id(wrong));
    }

    /// Takes away what was wrong with a field, because it is being corrected.
    fn corrected(self, field: Field) {
        if self.problem_now(field) {
            self.error.update(|error| {
                if let Some(ApiError::Invalid(errors)) = error {
                    errors.retain(|error| error.field != field);
                    if errors.is_empty() {
                        *error = None;
                    }
                }
            });
        }
    }

    fn problem_now(self, field: Field) -> bool {
        self.error.with_untracked(|error| {
            matches!(error, Some(ApiError::Invalid(errors)) if errors.iter().any(|error| error.field == field))
        })
    }
}

/// Whether what was typed into this password field is of no more use.
fn refuses(error: &ApiError, field: Field) -> bool {
    match error {
        ApiError::Invalid(errors) => errors.iter().any(|error| error.field == field),
        ApiError::WrongCredentials { .. } | ApiError::ProofRefused { .. } => field == Field::Password,
        _ => false,
    }
}

/// In the order of the forms.
const FIELDS: [Field; 6] =
    [Field::Organisation, Field::RoleName, Field::Name, Field::Email, Field::Password, Field::NewPassword];

/// The field to start with after a refusal.
fn first_wrong(error: &ApiError) -> Field {
    match error {
        ApiError::Invalid(errors) => FIELDS
            .into_iter()
            .find(|field| errors.iter().any(|error| error.field == *field))
            .unwrap_or(Field::Password),
        _ => Field::Password,
    }
}

/// What was typed into a form.
pub(crate) struct Typed(FormData);

impl Typed {
    /// One value by the name of its field; empty where there is none.
    pub(crate) fn get(&self, name: &str) -> String {
        self.0.get(name).as_string().unwrap_or_default()
    }

    /// One value.
    pub(crate) fn field(&self, field: Field) -> String {
        self.get(name(field))
    }
}

/// The name of a field in its form.
const fn name(field: Field) -> &'static str {
    match field {
        Field::Organisation => "organisation",
        Field::Name => "name",
        Field::Email => "email",
        Field::Password => "password",
        Field::NewPassword => "new_password",
        Field::RoleName => "role_name",
    }
}

/// A field with its label, its hint and what is wrong with it. `value` is never a password: where no script runs, the server
/// sends none back, so it has to be typed again whatever was wrong.
#[component]
pub(crate) fn TextField(
    field: Field,
    /// Its accessible name.
    label: &'static str,
    /// What the browser may fill in.
    autocomplete: &'static str,
    /// The form that it belongs to.
    form: FormState,
    /// What the server kept of it.
    #[prop(optional)]
    value: String,
    /// What to know before typing.
    #[prop(optional)]
    hint: Option<&'static str>,
) -> impl IntoView {
    let (id, name) = (form.id(field), name(field));
    let error_id = format!("{id}-error");
    let hint_id = format!("{id}-hint");
    let described_by = if hint.is_some() { format!("{hint_id} {error_id}") } else { error_id.clone() };
    let kind = match field {
        Field::Email => "email",
        Field::Password | Field::NewPassword => "password",
        Field::Organisation | Field::Name | Field::RoleName => "text",
    };
    // Without WebAssembly this is what moves the focus.
    let autofocus =
        form.error.with_untracked(|error| error.as_ref().is_some_and(|error| first_wrong(error) == field));
    let problem = move || form.problem(field).map(|words| view! { <span>{words}</span> });
    let invalid = move || form.problem(field).is_some().then_some("true");

    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                name=name
                type=kind
                autocomplete=autocomplete
                autocapitalize=if kind == "text" { "words" } else { "off" }
                spellcheck="false"
                required=true
                autofocus=autofocus
                // A name decides by itself which way it runs.
                dir=(kind == "text").then_some("auto")
                value=Some(value).filter(|value| !value.is_empty())
                aria-describedby=described_by
                aria-invalid=invalid
                on:input=move |_| form.corrected(field)
            />
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            <p class="field-error" id=error_id role="alert">{problem}</p>
        </div>
    }
    .boxed()
}

/// The button that sends a form. It stays focusable while it is held.
#[component]
pub(crate) fn SubmitButton(
    /// Its accessible name.
    label: &'static str,
    /// Whether it does nothing for now: an answer is on its way, or a wait is not over.
    #[prop(into)]
    held: Signal<bool>,
) -> impl IntoView {
    view! {
        <button type="submit" class="button primary" aria-disabled=move || held.get().then_some("true")>
            {label}
        </button>
    }
    .boxed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use claviger_types::{FieldError, FieldProblem};

    #[test]
    fn a_password_is_thrown_away_only_where_it_was_refused_itself() {
        let taken = ApiError::Invalid(vec![FieldError { field: Field::Email, problem: FieldProblem::Taken }]);
        let short = ApiError::Invalid(vec![FieldError {
            field: Field::Password,
            problem: FieldProblem::TooShort(15),
        }]);
        let wrong = ApiError::WrongCredentials { wait_seconds: 0 };
        for (error, is_thrown_away) in [
            (taken, false),
            (short, true),
            (wrong, true),
            (ApiError::Waiting { seconds: 30 }, false),
            (ApiError::Busy, false),
            (ApiError::Unreachable, false),
        ] {
            assert_eq!(refuses(&error, Field::Password), is_thrown_away, "{error:?}");
        }
    }
}
