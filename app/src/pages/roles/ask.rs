//! What can be asked for a role, the words for it, and the dialog that it goes through.

use crate::{
    api::{
        error::Permission,
        role::{CreateRole, DeleteRole, EditRole, Role},
    },
    components::{
        browser,
        messages::Done,
        password_prompt::{Confirmation, PasswordPrompt, Question},
        post, words,
    },
};
use leptos::{prelude::*, server_fn::ServerFn, task::spawn_local};
use leptos_router::params::ParamsMap;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlButtonElement, HtmlFormElement, SubmitEvent};

/// A change that needs the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Ask {
    /// Makes a role of this name.
    Create(String, Vec<Permission>),
    /// Gives the role of this id these permissions.
    Edit(String, Vec<Permission>),
    /// Deletes the role of this id.
    Delete(String),
}

impl Ask {
    /// From the fields of a form, as it or an address holds them.
    fn of(get: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let text = |name: &str| get(name).unwrap_or_default();
        let permissions =
            Permission::ALL.into_iter().filter(|permission| get(permission.word()).is_some()).collect();
        match text("ask").as_str() {
            "create" => Some(Self::Create(text("role_name"), permissions)),
            "edit" => Some(Self::Edit(text("role"), permissions)),
            "delete" => Some(Self::Delete(text("role"))),
            _ => None,
        }
    }

    /// What an address asks for.
    pub(super) fn in_address(query: &ParamsMap) -> Option<Self> {
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

    /// What exactly will happen; nothing where there is no such role.
    fn sentence(&self, roles: &[Role]) -> Option<String> {
        let name = |id: &str| roles.iter().find(|role| role.id == id).map(|role| role.name.clone());
        Some(match self {
            Self::Create(name, permissions) => {
                format!("The role {} will permit {}.", name.trim(), all_of(permissions))
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
        fields.extend(permissions.iter().map(|permission| (permission.word(), "on".to_owned())));
        fields
    }

    /// Where the page says that it was done.
    const fn done(&self) -> &'static str {
        match self {
            Self::Create(..) => "/members/roles?done=created",
            Self::Edit(..) => "/members/roles?done=edited",
            Self::Delete(_) => "/members/roles?done=deleted",
        }
    }
}

/// What an address says that was done.
pub(super) fn done(name: &str) -> Option<Done> {
    Some(Done::Seen(match name {
        "created" => "Role created.",
        "edited" => "Role changed.",
        "deleted" => "Role deleted.",
        _ => return None,
    }))
}

fn all_of(permissions: &[Permission]) -> String {
    let titles: Vec<_> = permissions.iter().map(|permission| words::permission_title(*permission)).collect();
    if titles.is_empty() { "nothing".to_owned() } else { titles.join(" and ") }
}

/// The dialog of the page, and what it sends along.
#[derive(Clone, Copy)]
pub(super) struct Board {
    csrf: StoredValue<String>,
    pub(super) prompt: PasswordPrompt,
}

impl Board {
    pub(super) fn new(csrf: String) -> Self {
        Self { csrf: StoredValue::new(csrf), prompt: PasswordPrompt::new(None, None) }
    }

    /// What a form of the page asks for.
    pub(super) fn submitted(self, roles: &[Role], event: &SubmitEvent) {
        event.prevent_default();
        let form: HtmlFormElement = event_target(event);
        let Ok(data) = FormData::new_with_form(&form) else { return };
        let button = event.submitter().and_then(|element| element.dyn_into::<HtmlButtonElement>().ok());
        let pressed = button.map(|button| button.value());
        let ask = Ask::of(|name| if name == "ask" { pressed.clone() } else { data.get(name).as_string() });
        if let Some(question) = ask.and_then(|ask| self.question(roles, ask)) {
            self.prompt.ask(question);
        }
    }

    pub(super) fn question(self, roles: &[Role], ask: Ask) -> Option<Question> {
        let mut hidden = ask.fields();
        hidden.push(("csrf", self.csrf.get_value()));
        Some(Question {
            sentence: ask.sentence(roles)?,
            offers: Vec::new(),
            opener: ask.opener(),
            action: ask.function(),
            hidden: hidden.clone(),
            confirm: Callback::new(move |Confirmation { password, ticket, .. }| {
                let (function, done) = (ask.function(), ask.done());
                let mut fields = hidden.clone();
                fields.push(("password", password));
                spawn_local(async move {
                    match post::send(function, &fields).await {
                        // The page that follows shows the roles as they are then.
                        Ok(_) => browser::go(done),
                        Err(error) => ticket.refuse(error),
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
    fn what_a_form_holds_is_read_back_from_its_fields() {
        let permissions = vec![Permission::ApiCredentialsManagement, Permission::AuditLog];
        for (name, ask) in [
            ("create", Ask::Create("Support".to_owned(), permissions.clone())),
            ("edit", Ask::Edit("1".to_owned(), permissions)),
            ("delete", Ask::Delete("1".to_owned())),
        ] {
            let mut fields = ask.fields();
            fields.push(("ask", name.to_owned()));
            let read = Ask::of(|name| {
                fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value.clone())
            });
            assert_eq!(read, Some(ask));
        }
        assert_eq!(Ask::of(|_| None), None);
    }
}
