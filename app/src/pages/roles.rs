//! `/members/roles`: the permissions of each role, and the organisation's own roles. The controls are only a hint: the server
//! decides.

mod pending_action;

use crate::{
    api::role::{self, Role, RolesAccess},
    components::{
        bidi,
        boxed::BoxedView,
        browser,
        field::TextField,
        frame, loading,
        messages::Messages,
        password_prompt::{PasswordDialog, PasswordPrompt},
        refusal::{self, Refused},
        text,
    },
    done::RolesDone,
    route::Route,
    wire::error::ApiError,
};
use claviger_types::{Field, Permission};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use pending_action::{PendingAction, RolesState};
use serde::{Deserialize, Serialize};

/// The data of the page, and the data from its address.
#[derive(Clone, Serialize, Deserialize)]
struct PageData {
    page: role::RolesPage,
    ask: Option<PendingAction>,
    done: Option<RolesDone>,
    refused: Option<Refused>,
}

#[component]
pub(crate) fn RolesPage() -> impl IntoView {
    let refused = refusal::from_query();
    let (ask, done) =
        use_query_map().with_untracked(|query| (PendingAction::from_query(query), query.get("done")));
    let done = done.and_then(|name| RolesDone::parse(&name));
    let data = loading::load(move || {
        let (ask, refused) = (ask.clone(), refused.clone());
        async move {
            let page = role::roles_page().await?;
            Ok::<_, ApiError>(PageData { page, ask, done, refused })
        }
    });
    view! {
        <Title text="Roles"/>
        {loading::signed_in(data, Route::Roles, draw)}
    }
    .boxed()
}

fn draw(data: &PageData) -> AnyView {
    let content = match &data.page.access {
        RolesAccess::Permitted { roles, own } => permitted(data, roles, own),
        RolesAccess::Refused { admins } => {
            frame::refused("Roles", &text::no_permission(Permission::MemberManagement), admins)
        }
    };
    frame::signed_in(&data.page.viewer, Route::Members, content)
}

fn permitted(data: &PageData, roles: &[Role], own: &[Permission]) -> AnyView {
    let error = data.refused.as_ref().map(|refused| refused.error.clone());
    let (of_name, error) = match error {
        Some(error) if pending_action::is_about_name(&error) => (Some(error), None),
        error => (None, error),
    };
    let (kept_name, kept_permissions) = match &data.ask {
        Some(PendingAction::Create(name, permissions)) if of_name.is_some() => {
            (name.clone(), permissions.as_slice())
        }
        _ => (String::new(), [].as_slice()),
    };
    let mut state = RolesState::new(data.page.viewer.csrf.clone(), of_name.clone());
    let asked = data.ask.clone().filter(|_| of_name.is_none());
    let question = asked.and_then(|ask| state.question(roles, ask));
    let outside = error.clone().filter(|_| question.is_none());
    state.prompt = PasswordPrompt::new(question, error);
    let form = state.form;
    Effect::new(|_| browser::forget_query(Route::Roles.path()));
    let cards = roles.iter().map(|role| card(state, roles, role, own)).collect_view();
    let all = StoredValue::new(roles.to_vec());
    view! {
        <p class="up"><a href=Route::Members.path()>"Members"</a></p>
        <h1 id="title" tabindex="-1">"Roles"</h1>
        <p class="lead">
            "A role is a set of permissions under one name. A member has one role, and may have single permissions beside \
            it. To change a role changes what everybody may do who has it, at once."
        </p>
        <Messages status=RwSignal::new(data.done.map(pending_action::done)) error=RwSignal::new(outside) in_flow=true/>
        <div class="role-cards">{cards}</div>
        <section class="panel" aria-labelledby="new-role">
            <h2 id="new-role">"New role"</h2>
            <form
                class="form"
                method="get"
                action=Route::Roles.path()
                on:submit=move |event| state.submitted(&all.get_value(), &event)
            >
                <TextField field=Field::RoleName label="Role name" autocomplete="off" form value=kept_name/>
                {boxes(kept_permissions, own, "")}
                <button type="submit" class="button primary" id="create" name="ask" value="create">"Create role"</button>
            </form>
        </section>
        <PasswordDialog prompt=state.prompt home=Route::Roles.path()/>
    }
    .boxed()
}

fn card(state: RolesState, roles: &[Role], role: &Role, own: &[Permission]) -> AnyView {
    let id = format!("role-{}", role.id);
    let title_id = id.clone();
    let members = if role.members == 1 { "1 member".to_owned() } else { format!("{} members", role.members) };
    let content = if role.built_in {
        let permits = role.permissions.iter().map(|each| view! { <li>{each.title()}</li> }).collect_view();
        view! { <ul class="permits">{permits}</ul> }.boxed()
    } else {
        let all = StoredValue::new(roles.to_vec());
        view! {
            <form
                class="form"
                method="get"
                action=Route::Roles.path()
                on:submit=move |event| state.submitted(&all.get_value(), &event)
            >
                <input type="hidden" name="role" value=role.id.clone()/>
                {boxes(&role.permissions, own, &role.id)}
                <div class="main-changes">
                    <button type="submit" class="button" id=format!("edit-{}", role.id) name="ask" value="edit">"Save role"</button>
                    <button type="submit" class="button danger" id=format!("delete-{}", role.id) name="ask" value="delete">
                        "Delete role"
                    </button>
                </div>
            </form>
        }
        .boxed()
    };
    let kind = if role.built_in { "Built in" } else { "Your own" };
    view! {
        <section class="panel" aria-labelledby=id>
            <h2 id=title_id>{bidi::name(&role.name)}</h2>
            <p class="hint">{format!("{kind}. {members}.")}</p>
            {content}
        </section>
    }
    .boxed()
}

/// One checkbox for each permission. A member cannot add a permission that this member lacks, but can keep it in the role.
fn boxes(checked: &[Permission], own: &[Permission], role: &str) -> AnyView {
    let boxes = Permission::ALL
        .into_iter()
        .map(|permission| {
            let held = checked.contains(&permission);
            let id = format!("{}-{role}", permission.as_str());
            let input_id = id.clone();
            view! {
                <label class="check" for=id>
                    <input
                        type="checkbox"
                        id=input_id
                        name=permission.as_str()
                        checked=held
                        disabled=!held && !own.contains(&permission)
                    />
                    {permission.title()}
                </label>
            }
        })
        .collect_view();
    view! { <fieldset><legend>"Permits"</legend>{boxes}</fieldset> }.boxed()
}
