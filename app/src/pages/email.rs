//! `/email/…`: confirms a new e-mail address with the link that was sent to it. Opening the link alone confirms nothing, because
//! some mail servers open every link that they see.

use super::join::unusable;
use crate::{
    api::profile::{ConfirmEmail, pending_email_change},
    components::{
        boxed::BoxedView,
        field::{FormState, SubmitButton},
        frame, loading,
        messages::Alert,
        refusal::{self, RefusedForm},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[component]
pub(crate) fn EmailPage() -> impl IntoView {
    let token = use_params_map().with_untracked(|params| params.get("token")).unwrap_or_default();
    let form = refusal::form();
    let email = loading::load({
        let token = token.clone();
        move || pending_email_change(token.clone())
    });
    view! {
        <Title text="Confirm your email"/>
        {loading::drawn(async move {
            let content = match email.await {
                Ok(email) => confirm(email, &form.await, token),
                Err(error) => unusable(error),
            };
            frame::signed_out(content)
        })}
    }
    .boxed()
}

fn confirm(email: String, refused: &RefusedForm, token: String) -> AnyView {
    let form = FormState::new(None);
    view! {
        <h1 id="title" tabindex="-1">"Confirm your email"</h1>
        <p class="lead">"From now on you will log in as " <strong>{email}</strong> "."</p>
        <form class="form" method="post" action=ConfirmEmail::url()>
            <Alert error=refused.error.clone()/>
            <input type="hidden" name="token" value=token/>
            <SubmitButton label="Confirm email" held=form.is_held()/>
        </form>
    }
    .boxed()
}
