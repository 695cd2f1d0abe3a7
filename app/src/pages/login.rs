//! `/login`: exchanges e-mail address and password for a session. It must not know the access rules of the pages. The server
//! checks `next`.

use crate::{
    api::session::{SignIn, sign_in},
    components::{
        boxed::BoxedView,
        field::{FormState, SubmitButton, TextField},
        frame, loading,
        messages::Alert,
        refusal::{self, RefusedForm},
        wait::Countdown,
    },
    route::Route,
    wire::error::ApiError,
};
use claviger_types::Field;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub(crate) fn LogInPage() -> impl IntoView {
    let form = refusal::form();
    let next = use_query_map().with_untracked(|query| query.get("next")).unwrap_or_default();

    view! {
        <Title text="Log in"/>
        {loading::drawn(async move { frame::signed_out(log_in(form.await, next)) })}
    }
    .boxed()
}

fn log_in(refused: RefusedForm, next: String) -> AnyView {
    let form = FormState::new(refused.error);
    let submit = move |event| {
        form.send(&event, |typed| {
            sign_in(typed.field(Field::Email), typed.field(Field::Password), typed.get("next"))
        });
    };
    let asked_for = (!next.is_empty())
        .then(|| view! { <p class="lead">"Log in to go on to the page that you asked for."</p> });

    view! {
        <h1 id="title" tabindex="-1">"Log in"</h1>
        {asked_for}
        <InsecureNotice/>
        <form
            class="form"
            method="post"
            action=SignIn::url()
            novalidate=true
            aria-busy=move || form.pending.get().then_some("true")
            on:submit=submit
        >
            <Alert error=form.general_error() wait=form.wait/>
            <Countdown wait=form.wait/>
            <input type="hidden" name="next" value=next/>
            <TextField field=Field::Email label="Email" autocomplete="username" form value=refused.draft.email/>
            <TextField field=Field::Password label="Password" autocomplete="current-password" form/>
            <SubmitButton label="Log in" held=form.is_held()/>
        </form>
        <p class="after"><a href="#forgotten" rel="external">"Forgot your password? Ask an admin of your organisation"</a></p>
        <p class="after hint forgotten" id="forgotten" tabindex="-1">
            "An admin can make a link for you to choose a new one, under Members. If you are the only admin, ask the \
            operator of this installation."
        </p>
        <p class="after">"No account yet? " <a href=Route::SignUp.path()>"Create account"</a></p>
    }
    .boxed()
}

/// Warns before the sign-in that a session would not last, if the browser reports that the connection is not secure.
#[component]
pub(crate) fn InsecureNotice() -> impl IntoView {
    let error = RwSignal::new(None);
    Effect::new(move |_| {
        if !window().is_secure_context() {
            error.set(Some(ApiError::InsecureConnection));
        }
    });
    view! { <Alert error/> }
}
