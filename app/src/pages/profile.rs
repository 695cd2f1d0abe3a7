//! `/profile`: the member's name, e-mail address, password and sessions, and for admins the name of the organisation. The browser
//! itself sends the forms, and this page is the answer to each of them. Only the form for a new password is sent by the script,
//! so that the member does not have to type the current password again if the new password is refused.

use super::signup::PASSWORD_HINT;
use crate::{
    api::{
        password::ChangePassword,
        profile::{
            ChangeEmail, ChangeName, EndOtherSessions, EndSession, Profile, RenameOrganisation, SessionLine,
            profile,
        },
    },
    components::{
        boxed::BoxedView,
        browser,
        field::{FormState, SubmitButton, TextField},
        frame, loading,
        messages::{Alert, Done, Messages},
        post,
        refusal::{self, RefusedForm},
        wait::Countdown,
    },
    done::ProfileDone,
    route::Route,
    wire::error::ApiError,
};
use claviger_types::Field;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};
use web_sys::SubmitEvent;

/// The data of the page, and the data from its address.
#[derive(Clone, Serialize, Deserialize)]
struct Data {
    page: Profile,
    done: Option<ProfileDone>,
    form: RefusedForm,
}

#[component]
pub(crate) fn ProfilePage() -> impl IntoView {
    let refused = refusal::from_query();
    let done =
        use_query_map().with_untracked(|query| query.get("done")).and_then(|name| ProfileDone::parse(&name));
    let data = loading::load(move || {
        let refused = refused.clone();
        async move {
            let page = profile().await?;
            Ok::<_, ApiError>(Data { page, done, form: refusal::refused_form(refused).await })
        }
    });
    view! {
        <Title text="Profile"/>
        {loading::signed_in(data, Route::Profile, draw)}
    }
    .boxed()
}

fn draw(data: &Data) -> AnyView {
    Effect::new(|_| browser::forget_query(Route::Profile.path()));
    let (page, form) = (&data.page, &data.form);
    let csrf = &page.viewer.csrf;
    let elsewhere = [EndSession::url(), EndOtherSessions::url()];
    let error = form.error.clone().filter(|_| elsewhere.contains(&form.path.as_str()));
    let content = view! {
        <h1 id="title" tabindex="-1">"Profile"</h1>
        <Messages status=RwSignal::new(data.done.map(done)) error=RwSignal::new(error) in_flow=true/>
        {name(page, form, csrf)}
        {email(page, form, csrf)}
        {password(page, form, csrf)}
        {sessions(&page.sessions, csrf)}
        {page.is_admin.then(|| organisation(page, form, csrf))}
    };
    frame::signed_in(&page.viewer, Route::Profile, content.boxed())
}

fn done(done: ProfileDone) -> Done {
    Done::visible(match done {
        ProfileDone::Name => "Name changed.",
        ProfileDone::EmailAnnounced => {
            "Open the link that was sent to the new address. Until then the old one counts."
        }
        ProfileDone::EmailNotSent => "The email could not be sent, so your address stays as it was.",
        ProfileDone::Email => "Email changed. Log in with the new one from now on.",
        ProfileDone::Password => "Password changed. You are logged out everywhere else.",
        ProfileDone::Session => "Session ended.",
        ProfileDone::Sessions => "You are logged out everywhere else.",
        ProfileDone::Organisation => "Organisation renamed.",
    })
}

/// A section with one form.
fn section(
    id: &'static str,
    title: &'static str,
    action: &'static str,
    csrf: &str,
    form: FormState,
    fields: AnyView,
) -> AnyView {
    let submit = move |event: SubmitEvent| {
        if action == ChangePassword::url() {
            send_password(form, &event);
        } else if form.wait.is_running_now() {
            event.prevent_default();
        }
    };
    view! {
        <section class="panel" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            <form
                class="form"
                method="post"
                action=action
                novalidate=true
                aria-busy=move || form.pending.get().then_some("true")
                on:submit=submit
            >
                <Alert error=form.general_error() wait=form.wait/>
                <Countdown wait=form.wait/>
                <input type="hidden" name="csrf" value=csrf.to_owned()/>
                {fields}
            </form>
        </section>
    }
    .boxed()
}

fn send_password(form: FormState, event: &SubmitEvent) {
    form.send(event, |typed| async move {
        let fields = [
            ("csrf", typed.get("csrf")),
            ("password", typed.field(Field::Password)),
            ("new_password", typed.field(Field::NewPassword)),
        ];
        post::send(ChangePassword::url(), &fields).await?;
        // The browser loads the page that follows, because that page belongs to the session with its new token.
        browser::go(&ProfileDone::Password.address());
        Ok(())
    });
}

fn name(page: &Profile, refused: &RefusedForm, csrf: &str) -> AnyView {
    let error = refused.of(ChangeName::url());
    let value = if error.is_some() { refused.draft.name.clone() } else { page.viewer.name.clone() };
    let form = FormState::one_of_several("own-", error);
    let fields = view! {
        <TextField field=Field::Name label="Your name" autocomplete="name" form value/>
        <SubmitButton label="Change name" held=form.is_held()/>
    };
    section("name-title", "Name", ChangeName::url(), csrf, form, fields.boxed())
}

fn email(page: &Profile, refused: &RefusedForm, csrf: &str) -> AnyView {
    let error = refused.of(ChangeEmail::url());
    let value = if error.is_some() { refused.draft.email.clone() } else { page.email.clone() };
    let form = FormState::one_of_several("email-", error);
    let fields = view! {
        <TextField field=Field::Email label="Email" autocomplete="email" form value/>
        <TextField field=Field::Password label="Current password" autocomplete="current-password" form/>
        <SubmitButton label="Change email" held=form.is_held()/>
    };
    section("email-title", "Email address", ChangeEmail::url(), csrf, form, fields.boxed())
}

fn password(page: &Profile, refused: &RefusedForm, csrf: &str) -> AnyView {
    let form = FormState::one_of_several("password-", refused.of(ChangePassword::url()));
    let fields = view! {
        <input
            class="visually-hidden"
            type="email"
            autocomplete="username"
            readonly=true
            tabindex="-1"
            aria-hidden="true"
            value=page.email.clone()
        />
        <TextField field=Field::Password label="Current password" autocomplete="current-password" form/>
        <TextField field=Field::NewPassword label="New password" autocomplete="new-password" form hint=PASSWORD_HINT/>
        <SubmitButton label="Change password" held=form.is_held()/>
    };
    section("password-title", "Change your password", ChangePassword::url(), csrf, form, fields.boxed())
}

fn organisation(page: &Profile, refused: &RefusedForm, csrf: &str) -> AnyView {
    let error = refused.of(RenameOrganisation::url());
    let kept = error.is_some().then(|| refused.draft.organisation.clone());
    let value = kept.unwrap_or_else(|| page.viewer.organisation.clone());
    let form = FormState::one_of_several("organisation-", error);
    let fields = view! {
        <TextField field=Field::Organisation label="Organisation" autocomplete="organization" form value/>
        <SubmitButton label="Rename organisation" held=form.is_held()/>
    };
    section("organisation-title", "Your organisation", RenameOrganisation::url(), csrf, form, fields.boxed())
}

fn sessions(sessions: &[SessionLine], csrf: &str) -> AnyView {
    let lines = sessions.iter().map(|line| session(line, csrf)).collect_view();
    let others = (sessions.len() > 1).then(|| {
        view! {
            <form method="post" action=EndOtherSessions::url()>
                <input type="hidden" name="csrf" value=csrf.to_owned()/>
                <button type="submit" class="button">"Log out everywhere else"</button>
            </form>
        }
    });
    view! {
        <section class="panel" aria-labelledby="sessions-title">
            <h2 id="sessions-title">"Sessions"</h2>
            <p class="hint">"Where you are logged in. End what you do not know, and change your password."</p>
            <ul class="lines">{lines}</ul>
            {others}
        </section>
    }
    .boxed()
}

fn session(line: &SessionLine, csrf: &str) -> AnyView {
    let end = (!line.is_this).then(|| {
        view! {
            <form method="post" action=EndSession::url()>
                <input type="hidden" name="csrf" value=csrf.to_owned()/>
                <input type="hidden" name="session" value=line.id.clone()/>
                <button type="submit" class="button quiet" aria-label=format!("End the session of {}", line.browser)>
                    "End"
                </button>
            </form>
        }
    });
    let this = line.is_this.then(|| view! { <span class="badge">"This session"</span> });
    view! {
        <li>
            <div>
                <p><strong>{line.browser.clone()}</strong> " " <span class="soft">{line.address.clone()}</span> " " {this}</p>
                <p class="hint">
                    {format!("Since {}. Last used {}.", line.created_at.text, line.last_seen_at.text)}
                </p>
            </div>
            {end}
        </li>
    }
    .boxed()
}
