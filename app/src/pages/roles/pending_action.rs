//! The pending actions for a role, their words, and the dialog that confirms them.

use crate::{
    api::role::{CreateRole, DeleteRole, EditRole, Role},
    components::{
        bidi::isolate,
        browser,
        field::FormState,
        messages::Done,
        password_prompt::{Confirmation, PasswordPrompt, Question, Ticket},
        post,
    },
    done::RolesDone,
    wire::error::ApiError,
};
use claviger_types::{Field, FieldError, FieldProblem, Permission};
use leptos::{prelude::*, server_fn::ServerFn, task::spawn_local};
use leptos_router::params::ParamsMap;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlButtonElement, HtmlFormElement, SubmitEvent};

/// A change that needs the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum PendingAction {
    /// Creates a role with this name and these permissions.
    Create(String, Vec<Permission>),
    /// Replaces the permissions of the role with this id.
    Edit(String, Vec<Permission>),
    /// Deletes the role with this id.
    Delete(String),
}

impl PendingAction {
    /// Reads the pending action from the fields of a form or of an address.
    fn of(get: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let text = |name: &str| get(name).unwrap_or_default();
        let permissions =
            Permission::ALL.into_iter().filter(|permission| get(permission.as_str()).is_some()).collect();
        match text("ask").as_str() {
            "create" => Some(Self::Create(text("role_name"), permissions)),
            "edit" => Some(Self::Edit(text("role"), permissions)),
            "delete" => Some(Self::Delete(text("role"))),
            _ => None,
        }
    }

    /// The pending action that an address names.
    pub(super) fn from_query(query: &ParamsMap) -> Option<Self> {
        Self::of(|name| query.get(name))
    }

    fn opener(&self) -> String {
        match self {
            Self::Create(..) => "create".to_owned(),
            Self::Edit(role, _) => format!("edit-{role}"),
            Self::Delete(role) => format!("delete-{role}"),
        }
    }

    fn function(&self) -> &'static str {
        match self {
            Self::Create(..) => CreateRole::url(),
            Self::Edit(..) => EditRole::url(),
            Self::Delete(_) => DeleteRole::url(),
        }
    }

    /// The exact effect of the action; `None` if there is no such role.
    fn sentence(&self, roles: &[Role]) -> Option<String> {
        let name = |id: &str| roles.iter().find(|role| role.id == id).map(|role| isolate(&role.name));
        Some(match self {
            Self::Create(name, permissions) => {
                format!("The role {} will permit {}.", isolate(name.trim()), all_of(permissions))
            }
            Self::Edit(id, permissions) => {
                format!("From now on the role {} will permit {}.", name(id)?, all_of(permissions))
            }
            Self::Delete(id) => format!("The role {} will be deleted.", name(id)?),
        })
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        let (mut fields, permissions) = match self {
            Self::Create(name, permissions) => (vec![("role_name", name.clone())], permissions.as_slice()),
            Self::Edit(role, permissions) => (vec![("role", role.clone())], permissions.as_slice()),
            Self::Delete(role) => (vec![("role", role.clone())], [].as_slice()),
        };
        if !matches!(self, Self::Delete(_)) {
            let names: Vec<_> = permissions.iter().map(|permission| permission.as_str()).collect();
            fields.push(("permissions", names.join(" ")));
        }
        fields
    }

    /// The problem of the name of a new role, as far as the page can find it before the dialog asks for the password.
    fn problem(&self, roles: &[Role]) -> Option<FieldProblem> {
        let Self::Create(name, _) = self else { return None };
        let name = name.trim();
        if name.is_empty() {
            return Some(FieldProblem::Missing);
        }
        let same = |role: &Role| role.name.to_lowercase() == name.to_lowercase();
        roles.iter().any(same).then_some(FieldProblem::Taken)
    }

    const fn done(&self) -> RolesDone {
        match self {
            Self::Create(..) => RolesDone::Created,
            Self::Edit(..) => RolesDone::Edited,
            Self::Delete(_) => RolesDone::Deleted,
        }
    }
}

/// The message after an action is done.
pub(super) fn done(done: RolesDone) -> Done {
    Done::visible(match done {
        RolesDone::Created => "Role created.",
        RolesDone::Edited => "Role changed.",
        RolesDone::Deleted => "Role deleted.",
    })
}

fn all_of(permissions: &[Permission]) -> String {
    let titles: Vec<_> = permissions.iter().map(|permission| permission.title()).collect();
    if titles.is_empty() { "nothing".to_owned() } else { titles.join(" and ") }
}

/// Whether the server refused the name of a new role. The page shows this error beside the name field, where the member can
/// correct it.
pub(super) fn is_about_name(error: &ApiError) -> bool {
    matches!(error, ApiError::Invalid(errors) if errors.iter().any(|error| error.field == Field::RoleName))
}

/// The dialog of the page, the CSRF token that it sends, and the form for a new role.
#[derive(Clone, Copy)]
pub(super) struct RolesState {
    csrf: StoredValue<String>,
    pub(super) prompt: PasswordPrompt,
    pub(super) form: FormState,
}

impl RolesState {
    /// Creates the state. `error` is the error with which the server refused the form before it rendered this page.
    pub(super) fn new(csrf: String, error: Option<ApiError>) -> Self {
        Self {
            csrf: StoredValue::new(csrf),
            prompt: PasswordPrompt::new(None, None),
            form: FormState::new(error),
        }
    }

    /// Opens the dialog for a form of the page, unless the name of a new role has a problem.
    pub(super) fn submitted(self, roles: &[Role], event: &SubmitEvent) {
        event.prevent_default();
        let form: HtmlFormElement = event_target(event);
        let Ok(data) = FormData::new_with_form(&form) else { return };
        let button = event.submitter().and_then(|element| element.dyn_into::<HtmlButtonElement>().ok());
        let pressed = button.map(|button| button.value());
        let ask = PendingAction::of(
            |name| if name == "ask" { pressed.clone() } else { data.get(name).as_string() },
        );
        if let Some(problem) = ask.as_ref().and_then(|ask| ask.problem(roles)) {
            self.form.refuse(ApiError::Invalid(vec![FieldError { field: Field::RoleName, problem }]));
        } else if let Some(question) = ask.and_then(|ask| self.question(roles, ask)) {
            self.prompt.ask(question);
        }
    }

    async fn refused(self, error: ApiError, ticket: Ticket) {
        if is_about_name(&error) {
            self.form.error.set(Some(error));
            ticket.close_to("role_name").await;
        } else {
            ticket.refuse(error);
        }
    }

    pub(super) fn question(self, roles: &[Role], ask: PendingAction) -> Option<Question> {
        let mut hidden = ask.fields();
        hidden.push(("csrf", self.csrf.get_value()));
        Some(Question {
            sentence: ask.sentence(roles)?,
            offers: Vec::new(),
            opener: ask.opener(),
            action: ask.function(),
            hidden: hidden.clone(),
            confirm: Callback::new(move |Confirmation { proof, ticket, .. }| {
                let (function, done) = (ask.function(), ask.done());
                let mut fields = hidden.clone();
                fields.push(proof.into_field());
                spawn_local(async move {
                    match post::send(function, &fields).await {
                        // The page that follows shows the changed roles.
                        Ok(_) => browser::go(&done.address()),
                        Err(error) => self.refused(error, ticket).await,
                    }
                });
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boxes_of_a_form_are_sent_as_the_names_of_the_permissions() {
        let sent = |boxes: &[Permission]| {
            let read = PendingAction::of(|name| match name {
                "ask" => Some("edit".to_owned()),
                "role" => Some("1".to_owned()),
                name => boxes.iter().any(|each| each.as_str() == name).then(|| "on".to_owned()),
            });
            read.unwrap().fields()
        };
        let with = |names: &str| vec![("role", "1".to_owned()), ("permissions", names.to_owned())];
        assert_eq!(sent(&[]), with(""));
        assert_eq!(
            sent(&[Permission::AuditLog, Permission::ApiCredentialsManagement]),
            with("api_credentials_management audit_log")
        );
        assert_eq!(PendingAction::of(|_| None), None);
    }

    #[test]
    fn a_name_that_is_there_already_is_told_before_the_password() {
        let admin = Role {
            id: "admin".to_owned(),
            name: "Admin".to_owned(),
            built_in: true,
            permissions: Vec::new(),
            members: 1,
        };
        let problem = |name: &str| {
            PendingAction::Create(name.to_owned(), Vec::new()).problem(std::slice::from_ref(&admin))
        };
        assert_eq!(problem(" ADMIN "), Some(FieldProblem::Taken));
        assert_eq!(problem("  "), Some(FieldProblem::Missing));
        assert_eq!(problem("Support"), None);
    }
}
