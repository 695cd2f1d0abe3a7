//! `/join/…`: the invited person accepts an invitation and chooses a password. It must not know whether a link works: the server
//! decides that.

use super::{login::InsecureNotice, signup::PASSWORD_HINT};
use crate::{
    api::invitation::{Join, join_organisation, open_invitation},
    components::{
        bidi,
        boxed::BoxedView,
        field::{FormState, SubmitButton, TextField},
        frame, loading,
        messages::Alert,
        refusal::{self, RefusedForm},
    },
    route::Route,
    wire::error::ApiError,
};
use claviger_types::{Field, OpenInvitation};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[component]
pub(crate) fn JoinPage() -> impl IntoView {
    let token = use_params_map().with_untracked(|params| params.get("token")).unwrap_or_default();
    let form = refusal::form();
    let invitation = loading::load({
        let token = token.clone();
        move || open_invitation(token.clone())
    });
    view! {
        <Title text="Join"/>
        {loading::drawn(async move {
            let content = match invitation.await {
                Ok(invitation) => join(&invitation, &form.await, token),
                Err(error) => unusable(error),
            };
            frame::signed_out(content)
        })}
    }
    .boxed()
}

fn join(invitation: &OpenInvitation, refused: &RefusedForm, token: String) -> AnyView {
    let form = FormState::new(refused.error.clone());
    let submit = move |event| {
        form.send(&event, |typed| join_organisation(typed.get("token"), typed.field(Field::Password)));
    };
    view! {
        <h1 id="title" tabindex="-1">"Join " {bidi::name(&invitation.organisation)}</h1>
        <p class="lead">
            {bidi::name(&invitation.name)} ", choose a password. You will log in as "
            <strong>{invitation.email.clone()}</strong> "."
        </p>
        <InsecureNotice/>
        <form
            class="form"
            method="post"
            action=Join::url()
            novalidate=true
            aria-busy=move || form.pending.get().then_some("true")
            on:submit=submit
        >
            <Alert error=form.general_error()/>
            <input type="hidden" name="token" value=token/>
            // This field is for the password manager of the browser.
            <input
                class="visually-hidden"
                type="email"
                autocomplete="username"
                readonly=true
                tabindex="-1"
                aria-hidden="true"
                value=invitation.email.clone()
            />
            <TextField field=Field::Password label="Password" autocomplete="new-password" form hint=PASSWORD_HINT/>
            <SubmitButton label="Join" held=form.is_held()/>
        </form>
    }
    .boxed()
}

/// The content of the page if the link does not work.
pub(super) fn unusable(error: ApiError) -> AnyView {
    view! {
        <h1 id="title" tabindex="-1">"This link does not work"</h1>
        <Alert error=Some(error)/>
        <p class="after"><a href=Route::LogIn.path()>"Log in"</a></p>
    }
    .boxed()
}
