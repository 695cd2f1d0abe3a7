//! One member in the table: the member's permissions, the source of each permission, and the controls. Each control is the button
//! of a form that requests the page with the dialog open, so that it works without WebAssembly.

use super::{pending_action::PendingAction, state::MembersState};
use crate::{
    api::member::{Member, Members},
    components::{
        bidi::{self, isolate},
        boxed::BoxedView,
    },
    route::Route,
};
use claviger_types::{CredentialKind, Permission};
use leptos::{ev::Event, prelude::*};
use web_sys::HtmlSelectElement;

pub(super) fn row(state: MembersState, members: &Members, member: &Member) -> AnyView {
    let form = format!("changes-{}", member.id);
    let permissions = Permission::ALL
        .into_iter()
        .map(|permission| switch(members, member, &form, permission))
        .collect_view();
    view! {
        <tr role="row" class:disabled-member=!member.is_active>
            <th scope="row" role="rowheader">{who(member)}</th>
            <td role="cell">{role(state, members, member, &form)}</td>
            <td role="cell"><div class="switches">{permissions}</div></td>
            <td role="cell">{changes(state, members, member, form)}</td>
        </tr>
    }
    .boxed()
}

fn who(member: &Member) -> AnyView {
    let badge =
        |shown: bool, words: &'static str| shown.then(|| view! { <span class="badge">{words}</span> });
    let seen = match member.seen.as_slice() {
        [] => None,
        [CredentialKind::ApiKey] => Some("Has seen the API key"),
        [CredentialKind::BundleKey] => Some("Has seen the bundle key"),
        _ => Some("Has seen both keys"),
    };
    view! {
        <p class="name">
            {bidi::name(&member.name)} " " {badge(member.is_self, "You")} {badge(!member.is_active, "Disabled")}
            {badge(member.is_waiting, "Wrong passwords")}
        </p>
        <p class="soft">{member.email.clone()}</p>
        {seen.map(|words| view! { <p class="hint">{words}</p> })}
    }
    .boxed()
}

/// The select element shows the current role of the member. It shows another role only after the signed-in member has confirmed
/// the change.
fn role(state: MembersState, members: &Members, member: &Member, form: &str) -> AnyView {
    let current = member.role.clone().unwrap_or_default();
    let options = members
        .roles
        .iter()
        .map(|choice| {
            let selected = choice.id == current;
            view! {
                <option value=choice.id.clone() dir="auto" selected=selected disabled=!choice.may_give && !selected>
                    {choice.name.clone()}
                </option>
            }
        })
        .collect_view();
    let id = member.id.clone();
    let shown = current.clone();
    let chosen = move |event: Event| {
        let select: HtmlSelectElement = event_target(&event);
        let role = select.value();
        select.set_value(&current);
        state.ask_for(&id, PendingAction::Role(role));
    };
    let fixed = !member.may_change || member.is_last_admin;
    let note = member.is_last_admin.then(|| view! { <p class="hint">"The last admin must stay one."</p> });
    view! {
        <div class="role">
            <select
                name="role"
                id=PendingAction::Role(String::new()).control(&member.id)
                form=form.to_owned()
                aria-label="Role"
                disabled=fixed
                // The browser ignores the attribute `selected` after the first choice in the select element.
                prop:value=shown
                on:change=chosen
            >
                <option value="" selected=member.role.is_none()>"No role"</option>
                {options}
            </select>
            <button type="submit" class="button without-script" form=form.to_owned() name="ask" value="role" disabled=fixed>
                "Change role"
            </button>
            {note}
        </div>
    }
    .boxed()
}

/// The switch of one permission. A press opens the dialog. The switch changes only after the confirmation.
fn switch(members: &Members, member: &Member, form: &str, permission: Permission) -> AnyView {
    let grant = member.grants.iter().find(|grant| grant.permission == permission);
    let by_role = member.by_role.contains(&permission);
    let ask =
        if grant.is_some() { PendingAction::Revoke(permission) } else { PendingAction::Grant(permission) };
    let mut sources = Vec::new();
    if by_role {
        let role = members.roles.iter().find(|choice| Some(&choice.id) == member.role.as_ref());
        sources.push(format!("By the role {}", isolate(role.map_or("", |role| role.name.as_str()))));
    }
    if let Some(grant) = grant {
        sources.push(format!("Given by {}, {}", isolate(&grant.by), grant.at.text));
    }
    let may_give = members.own.contains(&permission);
    let fixed = !member.may_change || (grant.is_none() && (by_role || !may_give));
    if sources.is_empty() && member.may_change && !may_give {
        sources.push("You cannot give what you do not have".to_owned());
    }
    let id = ask.control(&member.id);
    let note_id = format!("{id}-source");
    let title = permission.title();
    view! {
        <div class="permission">
            <button
                type="submit"
                role="switch"
                class="switch"
                id=id
                form=form.to_owned()
                name="ask"
                value=ask.name()
                aria-label=title
                aria-checked=if by_role || grant.is_some() { "true" } else { "false" }
                aria-describedby=note_id.clone()
                disabled=fixed
            >
                <span class="track" aria-hidden="true"></span>
                {title}
            </button>
            <p class="hint" id=note_id>{bidi::sentence(&sources.join(". "))}</p>
        </div>
    }
    .boxed()
}

fn changes(state: MembersState, members: &Members, member: &Member, form: String) -> AnyView {
    let button = |ask: PendingAction, class: &'static str, disabled: bool| {
        let (id, name, label) = (ask.control(&member.id), ask.name(), ask.label());
        view! {
            <button type="submit" class=class id=id name="ask" value=name disabled=disabled>{label}</button>
        }
        .boxed()
    };
    let fixed = !member.may_change || member.is_last_admin;
    let status = if member.is_active { PendingAction::Disable } else { PendingAction::Enable };
    let more = members.is_admin.then(|| {
        view! {
            <details>
                <summary>"More"</summary>
                <div>
                    {button(PendingAction::PasswordLink, "button quiet", !member.is_active)}
                    {button(PendingAction::EndSessions, "button quiet", false)}
                    {button(PendingAction::Unlock, "button quiet", false)}
                </div>
            </details>
        }
    });
    let id = member.id.clone();
    view! {
        <form
            id=form
            class="changes"
            method="get"
            action=Route::Members.path()
            on:submit=move |event| state.submitted(&id, &event)
        >
            <input type="hidden" name="member" value=member.id.clone()/>
            <input type="hidden" name="search" value=members.search.clone()/>
            <input type="hidden" name="page" value=members.page.to_string()/>
            <div class="main-changes">
                {button(status, "button", fixed)}
                {button(PendingAction::Remove, "button danger", fixed)}
            </div>
            {more}
        </form>
    }
    .boxed()
}
