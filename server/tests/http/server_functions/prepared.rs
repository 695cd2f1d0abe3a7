//! An organisation with one of everything that forms name. Ada makes it in other browsers than the one that is tested.

use super::table::Value;
use crate::support::{ADA, Browser, DataFolder, PASSWORD, SavedBrowser, TestApp};
use claviger_app::{
    api::{
        member::{MembersAccess, MembersPage},
        profile::Profile,
        role::{RolesAccess, RolesPage},
    },
    wire::mailed::MadeLink,
};
use claviger_core::{
    audit::RequestContext, password::PasswordAttempt, reauthentication::Proof,
    use_cases::profile::ChangeEmail,
};
use std::collections::HashMap;
use tokio::sync::OnceCell;

/// The password of an admin of another organisation.
pub(super) const OF_SOMEBODY_ELSE: &str = "quiet orange ladder 4 frost";

/// An installation that is prepared once, and copied for each test that needs its own.
pub(super) struct Prepared {
    data: DataFolder,
    admin: SavedBrowser,
    identifiers: HashMap<Value, String>,
}

impl Prepared {
    /// Made when the first test of the process asks for it.
    pub(super) async fn get() -> &'static Self {
        static PREPARED: OnceCell<Prepared> = OnceCell::const_new();
        PREPARED.get_or_init(Self::new).await
    }

    async fn new() -> Self {
        let app = TestApp::start().await;
        let admin = app.admin().await.save();
        let mut somebody_else = app.browser();
        somebody_else
            .sign_up("Other", "Mallory", "mallory@example.org", OF_SOMEBODY_ELSE)
            .await
            .expect_done();
        let member = app.add("Carol", "carol@example.org", &[]).await;
        let identifiers = HashMap::from([
            (Value::PasswordToken, password_token(&app, &member).await),
            (Value::Member, member),
            (Value::Role, own_role(&app).await),
            (Value::Invitation, open_invitation(&app).await),
            (Value::OtherSession, other_session(&app).await),
            (Value::JoinToken, token(&invite(&mut ada(&app).await, "dora@example.org").await)),
            (Value::EmailToken, email_token(&app).await),
        ]);
        Self { data: app.close().await, admin, identifiers }
    }

    /// An installation in which all this is as it was prepared.
    pub(super) async fn app(&self) -> TestApp {
        TestApp::reopen(&self.data).await
    }

    /// Ada, signed in.
    pub(super) fn admin<'a>(&self, app: &'a TestApp) -> Browser<'a> {
        self.admin.on(app)
    }

    /// The value of a field of a form.
    pub(super) fn text<'a>(&'a self, value: &'a Value) -> &'a str {
        match value {
            Value::Text(text) => text,
            identifier => &self.identifiers[identifier],
        }
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
    let confirmed = claviger
        .confirm(session, action, Proof::Password(attempt), RequestContext::operator())
        .await
        .unwrap();
    claviger.request_email_change(confirmed).await.unwrap().link.unwrap().expose().to_owned()
}
