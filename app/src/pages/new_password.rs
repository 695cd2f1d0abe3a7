//! `/password/…`: a member who has forgotten the password sets a new one, with a link from an admin or the operator.

use super::{join::unusable, login::InsecureNotice, signup::PASSWORD_HINT};
use crate::{
    api::password::{ChoosePassword, choose_password, password_link},
    components::{
        bidi,
        boxed::BoxedView,
        field::{FormState, SubmitButton, TextField},
        frame, loading,
        messages::Alert,
        refusal::{self, RefusedForm},
    },
};
use claviger_types::{Field, PasswordLink};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[component]
pub(crate) fn NewPasswordPage() -> impl IntoView {
    let token = use_params_map().with_untracked(|params| params.get("token")).unwrap_or_default();
    let form = refusal::form();
    let link = loading::load({
        let token = token.clone();
        move || password_link(token.clone())
    });
    view! {
        <Title text="New password"/>
        {loading::drawn(async move {
            let content = match link.await {
                Ok(link) => choose(&link, &form.await, token),
                Err(error) => unusable(error),
            };
            frame::signed_out(content)
        })}
    }
    .boxed()
}

fn choose(link: &PasswordLink, refused: &RefusedForm, token: String) -> AnyView {
    let form = FormState::new(refused.error.clone());
    let submit = move |event| {
        form.send(&event, |typed| choose_password(typed.get("token"), typed.field(Field::NewPassword)));
    };
    view! {
        <h1 id="title" tabindex="-1">"Choose a new password"</h1>
        <p class="lead">
            {bidi::name(&link.name)} " of " {bidi::name(&link.organisation)} ", you log in as "
            <strong>{link.email.clone()}</strong> ". You will be logged out everywhere else."
        </p>
        <InsecureNotice/>
        <form
            class="form"
            method="post"
            action=ChoosePassword::url()
            novalidate=true
            aria-busy=move || form.pending.get().then_some("true")
            on:submit=submit
        >
            <Alert error=form.general_error()/>
            <input type="hidden" name="token" value=token/>
            <input
                class="visually-hidden"
                type="email"
                autocomplete="username"
                readonly=true
                tabindex="-1"
                aria-hidden="true"
                value=link.email.clone()
            />
            <TextField field=Field::NewPassword label="New password" autocomplete="new-password" form hint=PASSWORD_HINT/>
            <SubmitButton label="Set password" held=form.is_held()/>
        </form>
    }
    .boxed()
}
