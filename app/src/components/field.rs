//! The fields of a form and the state of its submission. The inputs are uncontrolled: text that was typed before hydration stays,
//! and nothing here holds a password.

use super::{boxed::BoxedView, browser, text, wait::Wait};
use crate::wire::error::ApiError;
use claviger_types::Field;
use leptos::{prelude::*, task::spawn_local};
use std::future::Future;
use web_sys::{FormData, HtmlFormElement, HtmlInputElement, SubmitEvent};

/// The state of the submission of a form.
#[derive(Clone, Copy)]
pub(crate) struct FormState {
    /// The reason why the server refused the form.
    pub(crate) error: RwSignal<Option<ApiError>>,
    /// Whether the form waits for an answer.
    pub(crate) pending: RwSignal<bool>,
    /// The wait before the next attempt.
    pub(crate) wait: Wait,
    /// The prefix of the ids of the fields, if another form of the page has fields with the same names.
    scope: &'static str,
}

impl FormState {
    /// Creates the state. `error` is the error with which the server refused the form before it rendered this page.
    pub(crate) fn new(error: Option<ApiError>) -> Self {
        let error = RwSignal::new(error);
        Self { error, pending: RwSignal::new(false), wait: Wait::after(error), scope: "" }
    }

    /// Whether the button of the form is temporarily without effect.
    pub(crate) fn is_held(self) -> Signal<bool> {
        Signal::derive(move || self.pending.get() || self.wait.is_running())
    }

    /// Creates the state for one of several forms of a page.
    pub(crate) fn one_of_several(scope: &'static str, error: Option<ApiError>) -> Self {
        Self { scope, ..Self::new(error) }
    }

    fn id(self, field: Field) -> String {
        format!("{}{}", self.scope, name(field))
    }

    /// The error of the form as a whole. The errors of single fields are shown under those fields.
    pub(crate) fn general_error(self) -> Signal<Option<ApiError>> {
        Signal::derive(move || self.error.get().filter(|error| !matches!(error, ApiError::Invalid(_))))
    }

    /// The problem of one field, in words.
    fn problem(self, field: Field) -> Option<String> {
        self.error.with(|error| match error {
            Some(ApiError::Invalid(errors)) => errors
                .iter()
                .find(|error| error.field == field)
                .map(|error| text::problem(field, error.problem)),
            _ => None,
        })
    }

    /// Sends the form in place of the browser. After a success another page follows; the form stays busy until then.
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

    /// Shows why the server refused the form. A password field keeps its text unless that password was refused.
    pub(crate) fn refuse(self, error: ApiError) {
        let wrong = first_wrong(&error);
        let refused_passwords =
            [Field::Password, Field::NewPassword].map(|field| (field, refuses(&error, field)));
        // The visitor may have left the page in the meantime.
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

    /// Removes the error of a field, because the visitor is correcting the field.
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

/// Whether the error makes the text of this password field useless.
fn refuses(error: &ApiError, field: Field) -> bool {
    match error {
        ApiError::Invalid(errors) => errors.iter().any(|error| error.field == field),
        ApiError::WrongCredentials { .. } | ApiError::ProofRefused { .. } => field == Field::Password,
        _ => false,
    }
}

/// All fields, in the order in which the forms show them.
const FIELDS: [Field; 6] =
    [Field::Organisation, Field::RoleName, Field::Name, Field::Email, Field::Password, Field::NewPassword];

/// The field that gets the focus after a refusal.
fn first_wrong(error: &ApiError) -> Field {
    match error {
        ApiError::Invalid(errors) => FIELDS
            .into_iter()
            .find(|field| errors.iter().any(|error| error.field == *field))
            .unwrap_or(Field::Password),
        _ => Field::Password,
    }
}

/// The text that was typed into a form.
pub(crate) struct Typed(FormData);

impl Typed {
    /// One value, by the name of its field. The value is empty if there is no such field.
    pub(crate) fn get(&self, name: &str) -> String {
        self.0.get(name).as_string().unwrap_or_default()
    }

    /// The value of one field.
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

/// A field with its label, its hint and its error. `value` is never a password: the server sends no password back, so without a
/// script the visitor must type it again after any refusal.
#[component]
pub(crate) fn TextField(
    field: Field,
    /// Its accessible name.
    label: &'static str,
    /// The kind of value that the browser may fill in.
    autocomplete: &'static str,
    /// The state of the form that contains the field.
    form: FormState,
    /// The value that the server kept for this field.
    #[prop(optional)]
    value: String,
    /// The hint to read before typing.
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
    // Without WebAssembly, this attribute moves the focus.
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
                // The first strong character of a name decides its direction.
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

/// The submit button of a form. It stays focusable while it has no effect.
#[component]
pub(crate) fn SubmitButton(
    /// Its accessible name.
    label: &'static str,
    /// Whether the button is temporarily without effect, because the form waits for an answer or a wait is running.
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
