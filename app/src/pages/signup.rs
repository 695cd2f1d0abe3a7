//! `/signup`: creates an account with its first admin and its keys. It must not know the rules for passwords: the server checks
//! them.

use super::login::InsecureNotice;
use crate::{
    api::account::{SignUp, registration_open, sign_up},
    components::{
        boxed::BoxedView,
        field::{FormState, SubmitButton, TextField},
        frame, loading,
        messages::Alert,
        refusal::{self, RefusedForm},
    },
    route::Route,
    wire::error::ApiError,
};
use claviger_types::Field;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

pub(super) const PASSWORD_HINT: &str = "At least 15 characters. A few unrelated words are easy to remember.";

#[component]
pub(crate) fn SignUpPage() -> impl IntoView {
    let form = refusal::form();
    let open = loading::load(registration_open);

    view! {
        <Title text="Create account"/>
        {loading::drawn(async move {
            let content = match open.await {
                Ok(true) => create(form.await),
                Ok(false) => closed(ApiError::RegistrationClosed),
                Err(error) => closed(error),
            };
            frame::signed_out(content)
        })}
    }
    .boxed()
}

fn create(refused: RefusedForm) -> AnyView {
    let form = FormState::new(refused.error);
    let draft = refused.draft;
    let submit = move |event| {
        form.send(&event, |typed| {
            sign_up(
                typed.field(Field::Organisation),
                typed.field(Field::Name),
                typed.field(Field::Email),
                typed.field(Field::Password),
            )
        });
    };

    view! {
        <h1 id="title" tabindex="-1">"Create account"</h1>
        <p class="lead">"Your organisation’s API key and bundle key are made with the account."</p>
        <InsecureNotice/>
        <form
            class="form"
            method="post"
            action=SignUp::url()
            novalidate=true
            aria-busy=move || form.pending.get().then_some("true")
            on:submit=submit
        >
            <Alert error=form.general_error()/>
            <TextField
                field=Field::Organisation
                label="Organisation"
                autocomplete="organization"
                form
                value=draft.organisation
            />
            <TextField field=Field::Name label="Your name" autocomplete="name" form value=draft.name/>
            <TextField field=Field::Email label="Email" autocomplete="username" form value=draft.email/>
            <TextField
                field=Field::Password
                label="Password"
                autocomplete="new-password"
                form
                hint=PASSWORD_HINT
            />
            <SubmitButton label="Create account" held=form.is_held()/>
        </form>
        {to_log_in()}
    }
    .boxed()
}

fn closed(error: ApiError) -> AnyView {
    view! {
        <h1 id="title" tabindex="-1">"Create account"</h1>
        <Alert error=Some(error)/>
        {to_log_in()}
    }
    .boxed()
}

fn to_log_in() -> AnyView {
    view! { <p class="after">"You have an account? " <a href=Route::LogIn.path()>"Log in"</a></p> }.boxed()
}
