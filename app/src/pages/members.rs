//! `/members`: the members of the organisation, and what each member may do. The controls are only a hint: the server decides.

mod departure;
mod invitations;
mod pending_action;
mod row;
mod state;

use crate::{
    api::member::{self, Members, MembersAccess},
    components::{
        boxed::BoxedView,
        browser, frame,
        link::{self, LinkKind},
        loading,
        messages::Messages,
        password_prompt::PasswordDialog,
        refusal::{self, Refused, RefusedForm},
        text,
    },
    done::MembersDone,
    route::Route,
    wire::error::ApiError,
};
use claviger_types::Permission;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use serde::{Deserialize, Serialize};
use state::MembersState;

/// The data of the page, and the data from its address.
#[derive(Clone, Serialize, Deserialize)]
struct PageData {
    page: member::MembersPage,
    address: Address,
    refused: Option<Refused>,
    form: RefusedForm,
}

/// The data from the address of the page.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Address {
    search: String,
    page: u32,
    invitations: u32,
    ask: String,
    member: String,
    role: String,
    done: Option<MembersDone>,
    reset: bool,
}

impl Address {
    fn of(query: &ParamsMap) -> Self {
        let get = |name: &str| query.get(name).unwrap_or_default();
        Self {
            search: get("search"),
            page: get("page").parse().unwrap_or(1),
            invitations: get("invitations").parse().unwrap_or(1),
            ask: get("ask"),
            member: get("member"),
            role: get("role"),
            done: MembersDone::parse(&get("done")),
            reset: !get("reset").is_empty(),
        }
    }
}

#[component]
pub(crate) fn MembersPage() -> impl IntoView {
    let refused = refusal::from_query();
    let address = use_query_map().with_untracked(Address::of);
    let data = loading::load(move || {
        let (address, refused) = (address.clone(), refused.clone());
        async move {
            let page =
                member::members_page(address.search.clone(), address.page, address.invitations).await?;
            let form = refusal::refused_form(refused.clone()).await;
            Ok::<_, ApiError>(PageData { page, address, refused, form })
        }
    });
    view! {
        <Title text="Members"/>
        {loading::signed_in(data, Route::Members, draw)}
    }
    .boxed()
}

fn draw(data: &PageData) -> AnyView {
    let content = match &data.page.access {
        MembersAccess::Permitted(members) => permitted(MembersState::new(members.clone(), data), data),
        MembersAccess::Refused { admins } => {
            frame::refused("Members", &text::no_permission(Permission::MemberManagement), admins)
        }
    };
    frame::signed_in(&data.page.viewer, Route::Members, content)
}

fn permitted(state: MembersState, data: &PageData) -> AnyView {
    let has_address = !data.address.ask.is_empty() || data.address.done.is_some() || data.refused.is_some();
    Effect::new(move |_| {
        if has_address {
            browser::forget_query(Route::Members.path());
        }
    });
    let rows = move || {
        state.members.with(|members| {
            members.members.iter().map(|member| row::row(state, members, member)).collect_view()
        })
    };
    view! {
        <h1 id="title" tabindex="-1">"Members"</h1>
        <p class="lead">
            "Who is in your organisation, and what each may do. Each change of a member asks for your password, and acts \
            at once; inviting somebody does not. "
            <a href=Route::Roles.path()>"Roles"</a>
            " are sets of permissions under one name."
        </p>
        <Messages status=state.status error=state.error/>
        {link_panel(state, LinkKind::Password)}
        {search(state, &data.address.search)}
        <p class="hint found" aria-live="polite">{move || state.members.with(found)}</p>
        <div class="members-frame">
            <table class="members" role="table" aria-labelledby="title">
                <thead>
                    <tr role="row">
                        <th scope="col" role="columnheader">"Member"</th>
                        <th scope="col" role="columnheader">"Role"</th>
                        <th scope="col" role="columnheader">"Permissions"</th>
                        <th scope="col" role="columnheader">"Changes"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {pages(state)}
        {invitations::section(state, &data.form)}
        <PasswordDialog prompt=state.prompt home=Route::Members.path()/>
    }
    .boxed()
}

/// The place for a link of this kind. It is empty if there is no such link. With a script, the dialog shows a password link.
fn link_panel(state: MembersState, kind: LinkKind) -> impl Fn() -> Option<AnyView> + Send + Clone {
    move || state.link.get().filter(|link| LinkKind::of(link) == kind).map(link::field)
}

fn found(members: &Members) -> String {
    match (members.found, members.search.is_empty()) {
        (0, _) => "Nobody was found.".to_owned(),
        (1, true) => "1 member".to_owned(),
        (count, true) => format!("{count} members"),
        (count, false) => format!("{count} found"),
    }
}

/// A plain form: the server searches for the page that follows. With a script, the server searches for this page while the member
/// types.
fn search(state: MembersState, searched: &str) -> AnyView {
    let all =
        (!searched.is_empty()).then(|| view! { <a href=Route::Members.path() rel="external">"Show all"</a> });
    view! {
        <form class="search" role="search" method="get" action=Route::Members.path()>
            <label for="search">"Search"</label>
            <div>
                <input
                    id="search"
                    name="search"
                    type="search"
                    value=searched.to_owned()
                    spellcheck="false"
                    autocomplete="off"
                    dir="auto"
                    on:input=move |event| state.search(event_target_value(&event))
                />
                <button type="submit" class="button">"Find"</button>
                {all}
            </div>
        </form>
    }
    .boxed()
}

fn pages(state: MembersState) -> impl Fn() -> Option<AnyView> + Send + Clone {
    move || {
        state.members.with(|members| {
            let address = |to| state::address(&members.search, to, members.invitation_page);
            page_links("Pages", members.page, members.pages, address)
        })
    }
}

/// The links to the previous page and to the next page. There are no links if there is only one page.
fn page_links(name: &'static str, page: u32, pages: u32, address: impl Fn(u32) -> String) -> Option<AnyView> {
    if pages == 1 {
        return None;
    }
    let link = |to: u32, words: &'static str| {
        let there = (1..=pages).contains(&to).then(|| address(to));
        view! { <a href=there rel="external" aria-disabled=(!(1..=pages).contains(&to)).then_some("true")>{words}</a> }
    };
    let view = view! {
        <nav class="pages" aria-label=name>
            {link(page.wrapping_sub(1), "Previous")}
            <span>{format!("Page {page} of {pages}")}</span>
            {link(page + 1, "Next")}
        </nav>
    };
    Some(view.boxed())
}
