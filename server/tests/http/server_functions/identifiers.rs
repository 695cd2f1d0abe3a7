//! What forms name: each made by Ada in another browser, so that the session under test stays as it is.

use super::table::Value;
use crate::support::{ADA, Browser, PASSWORD, TestApp};
use claviger_app::api::{
    mail::MadeLink,
    member::{MembersAccess, MembersPage},
    profile::Profile,
    role::{RolesAccess, RolesPage},
};
use claviger_core::{audit::RequestContext, password::PasswordAttempt, use_cases::profile::ChangeEmail};
use std::collections::HashMap;

/// The values that forms of Ada's organisation name, each made when it is first asked for.
pub(super) struct Identifiers<'a> {
    app: &'a TestApp,
    made: HashMap<Value, String>,
}

impl<'a> Identifiers<'a> {
    pub(super) fn new(app: &'a TestApp) -> Self {
        Self { app, made: HashMap::new() }
    }

    pub(super) async fn text(&mut self, value: Value) -> String {
        if let Some(made) = self.made.get(&value) {
            return made.clone();
        }
        let made = match value {
            Value::Text(text) => text.to_owned(),
            Value::Member => self.app.add("Carol", "carol@example.org", &[]).await,
            Value::Role => own_role(self.app).await,
            Value::Invitation => open_invitation(self.app).await,
            Value::OtherSession => other_session(self.app).await,
            Value::JoinToken => token(&invite(&mut ada(self.app).await, "dora@example.org").await),
            Value::PasswordToken => {
                let member = Box::pin(self.text(Value::Member)).await;
                password_token(self.app, &member).await
            }
            Value::EmailToken => email_token(self.app).await,
        };
        self.made.insert(value, made.clone());
        made
    }
}

async fn ada(app: &TestApp) -> Browser<'_> {
    let mut ada = app.browser();
    ada.sign_in(ADA, PASSWORD).await.expect_done();
    ada.learn_csrf().await;
    ada
}

/// The token at the end of a link.
fn token(made: &MadeLink) -> String {
    made.link.rsplit('/').next().unwrap().to_owned()
}

async fn invite(ada: &mut Browser<'_>, email: &str) -> MadeLink {
    ada.change("invite_member", &[("name", "Dora"), ("email", email)]).await.json()
}

async fn own_role(app: &TestApp) -> String {
    let mut ada = ada(app).await;
    ada.change("create_role", &[("role_name", "Cartographers"), ("password", PASSWORD)]).await.expect_done();
    let page: RolesPage = ada.call("roles", &[]).await.json();
    let RolesAccess::Permitted { roles, .. } = page.access else { panic!("refused") };
    roles.into_iter().find(|role| !role.built_in).unwrap().id
}

async fn open_invitation(app: &TestApp) -> String {
    let mut ada = ada(app).await;
    invite(&mut ada, "dina@example.org").await;
    let page: MembersPage = ada.call("members", &[]).await.json();
    let MembersAccess::Permitted(members) = page.access else { panic!("refused") };
    members.invitations.into_iter().find(|line| line.email == "dina@example.org").unwrap().id
}

async fn other_session(app: &TestApp) -> String {
    let profile: Profile = ada(app).await.call("profile", &[]).await.json();
    profile.sessions.into_iter().find(|session| session.is_this).unwrap().id
}

async fn password_token(app: &TestApp, member: &str) -> String {
    let fields = [("member", member), ("password", PASSWORD)];
    token(&ada(app).await.change("make_password_link", &fields).await.json())
}

/// Only ever sent by e-mail, so it is asked of the core.
async fn email_token(app: &TestApp) -> String {
    let ada = ada(app).await;
    let claviger = app.claviger();
    let session = claviger.session(ada.session_token()).await.unwrap();
    let action = ChangeEmail::parse("king@example.org").unwrap();
    let attempt = PasswordAttempt::new(PASSWORD);
    let confirmed = claviger.confirm(session, action, attempt, RequestContext::operator()).await.unwrap();
    claviger.request_email_change(confirmed).await.unwrap().link.unwrap().expose().to_owned()
}
