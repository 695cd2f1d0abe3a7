//! The form that invites a person, and the list of the invitations that were not used yet.

use super::{
    link_panel, page_links,
    pending_action::{invited, withdrawn},
    state::{self, MembersState},
};
use crate::{
    api::{
        invitation::{InviteMember, WithdrawInvitation},
        member::{Invitation, Members},
    },
    components::{
        bidi,
        boxed::BoxedView,
        field::{FormState, SubmitButton, TextField},
        link::{self, LinkKind},
        messages::Alert,
        post,
        refusal::RefusedForm,
    },
};
use claviger_types::Field;
use leptos::{prelude::*, server_fn::ServerFn, task::spawn_local};
use web_sys::{HtmlFormElement, SubmitEvent};

/// The section below the table of members.
pub(super) fn section(state: MembersState, refused: &RefusedForm) -> AnyView {
    let form = FormState::new(refused.of(InviteMember::url()));
    let draft = &refused.draft;
    let open = move || state.members.with(|members| list(state, members));
    view! {
        <section class="panel" aria-labelledby="add-member">
            <h2 id="add-member">"Add member"</h2>
            <p class="hint">"They choose their own password, and may do nothing until you permit it."</p>
            <form
                class="form in-row"
                method="post"
                action=InviteMember::url()
                novalidate=true
                aria-busy=move || form.pending.get().then_some("true")
                on:submit=move |event| invite(state, form, &event)
            >
                <Alert error=form.general_error()/>
                <input type="hidden" name="csrf" value=state.csrf.get_value()/>
                <TextField field=Field::Name label="Name" autocomplete="off" form value=draft.name.clone()/>
                <TextField field=Field::Email label="Email" autocomplete="off" form value=draft.email.clone()/>
                <SubmitButton label="Create invitation" held=form.is_held()/>
            </form>
            {link_panel(state, LinkKind::Invitation)}
            {open}
        </section>
    }
    .boxed()
}

fn invite(state: MembersState, form: FormState, event: &SubmitEvent) {
    let element: HtmlFormElement = event_target(event);
    form.send(event, |typed| async move {
        let name = typed.field(Field::Name);
        let fields =
            [("csrf", state.csrf.get_value()), ("name", name.clone()), ("email", typed.field(Field::Email))];
        let made = post::send(InviteMember::url(), &fields).await?;
        state.say(invited(made.as_ref().map(|made| made.mailed).unwrap_or_default(), Some(name.trim())));
        state.link.set(made.map(|made| made.link));
        element.reset();
        form.pending.set(false);
        link::focus_link(LinkKind::Invitation);
        state.refresh().await;
        Ok(())
    });
}

fn list(state: MembersState, members: &Members) -> Option<AnyView> {
    if members.invitations.is_empty() {
        return None;
    }
    let lines = members.invitations.iter().map(|invitation| line(state, invitation)).collect_view();
    let address = |to| state::address(&members.search, members.page, to);
    let (page, pages) = (members.invitation_page, members.invitation_pages);
    let view = view! {
        <h3>"Not used yet"</h3>
        <ul class="lines">{lines}</ul>
        {page_links("Pages of invitations", page, pages, address)}
    };
    Some(view.boxed())
}

fn line(state: MembersState, invitation: &Invitation) -> AnyView {
    let until = if invitation.has_expired { "The link worked until " } else { "The link works until " };
    let (id, name) = (invitation.id.clone(), invitation.name.clone());
    let withdraw = move |event: SubmitEvent| {
        event.prevent_default();
        let fields = [("csrf", state.csrf.get_value()), ("invitation", id.clone())];
        let done = withdrawn(Some(&name));
        spawn_local(async move {
            match post::send(WithdrawInvitation::url(), &fields).await {
                Ok(_) => {
                    // The link on the page may belong to the withdrawn invitation.
                    state.link.set(None);
                    state.say(done);
                }
                Err(error) => state.error.set(Some(error)),
            }
            state.refresh().await;
        });
    };
    view! {
        <li>
            <div>
                <p><strong>{bidi::name(&invitation.name)}</strong> " " <span class="soft">{invitation.email.clone()}</span></p>
                <p class="hint">
                    {until} {invitation.expires_at.text.clone()} ". Invited by " {bidi::name(&invitation.invited_by)} "."
                </p>
            </div>
            <form method="post" action=WithdrawInvitation::url() on:submit=withdraw>
                <input type="hidden" name="csrf" value=state.csrf.get_value()/>
                <input type="hidden" name="invitation" value=invitation.id.clone()/>
                <button type="submit" class="button quiet">
                    "Withdraw" <span class="visually-hidden">" the invitation of " {bidi::name(&invitation.name)}</span>
                </button>
            </form>
        </li>
    }
    .boxed()
}
