//! Inviting somebody, and the invitations that were not used yet.

use super::{
    ask::{invited, withdrawn},
    link_panel, page_links,
    roster::{self, Roster},
};
use crate::{
    api::{
        invitation::{InviteMember, WithdrawInvitation},
        member::{Invitation, Members},
    },
    components::{
        bidi,
        erase::Erase,
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

/// The section below the table.
pub(super) fn section(roster: Roster, refused: &RefusedForm) -> AnyView {
    let form = FormState::new(refused.of(InviteMember::url()));
    let draft = &refused.draft;
    let open = move || roster.members.with(|members| list(roster, members));
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
                on:submit=move |event| invite(roster, form, &event)
            >
                <Alert error=form.general_error()/>
                <input type="hidden" name="csrf" value=roster.csrf.get_value()/>
                <TextField field=Field::Name label="Name" autocomplete="off" form value=draft.name.clone()/>
                <TextField field=Field::Email label="Email" autocomplete="off" form value=draft.email.clone()/>
                <SubmitButton label="Create invitation" held=form.is_held()/>
            </form>
            {link_panel(roster, LinkKind::Invitation)}
            {open}
        </section>
    }
    .erase()
}

fn invite(roster: Roster, form: FormState, event: &SubmitEvent) {
    let element: HtmlFormElement = event_target(event);
    form.send(event, |typed| async move {
        let name = typed.field(Field::Name);
        let fields =
            [("csrf", roster.csrf.get_value()), ("name", name.clone()), ("email", typed.field(Field::Email))];
        let made = post::send(InviteMember::url(), &fields).await?;
        roster.say(invited(made.as_ref().map(|made| made.mailed).unwrap_or_default(), Some(name.trim())));
        roster.link.set(made.map(|made| made.link));
        element.reset();
        form.pending.set(false);
        link::focus_link(LinkKind::Invitation);
        roster.refresh().await;
        Ok(())
    });
}

fn list(roster: Roster, members: &Members) -> Option<AnyView> {
    if members.invitations.is_empty() {
        return None;
    }
    let lines = members.invitations.iter().map(|invitation| line(roster, invitation)).collect_view();
    let address = |to| roster::address(&members.search, members.page, to);
    let (page, pages) = (members.invitation_page, members.invitation_pages);
    let view = view! {
        <h3>"Not used yet"</h3>
        <ul class="lines">{lines}</ul>
        {page_links("Pages of invitations", page, pages, address)}
    };
    Some(view.erase())
}

fn line(roster: Roster, invitation: &Invitation) -> AnyView {
    let until = if invitation.has_expired { "The link worked until " } else { "The link works until " };
    let (id, name) = (invitation.id.clone(), invitation.name.clone());
    let withdraw = move |event: SubmitEvent| {
        event.prevent_default();
        let fields = [("csrf", roster.csrf.get_value()), ("invitation", id.clone())];
        let done = withdrawn(Some(&name));
        spawn_local(async move {
            match post::send(WithdrawInvitation::url(), &fields).await {
                Ok(_) => {
                    // The link on the page may be the one that works no more.
                    roster.link.set(None);
                    roster.say(done);
                }
                Err(error) => roster.error.set(Some(error)),
            }
            roster.refresh().await;
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
                <input type="hidden" name="csrf" value=roster.csrf.get_value()/>
                <input type="hidden" name="invitation" value=invitation.id.clone()/>
                <button type="submit" class="button quiet">
                    "Withdraw" <span class="unseen">" the invitation of " {bidi::name(&invitation.name)}</span>
                </button>
            </form>
        </li>
    }
    .erase()
}
