//! What the forms of the tests need to be accepted: each made by Ada in another browser, so that the one under test stays
//! as it is.

use super::{ADA, Browser, PASSWORD, TestApp};
use claviger_app::api::{
    mail::MadeLink,
    member::{MembersAccess, MembersPage},
    profile::Profile,
    role::{RolesAccess, RolesPage},
};
use claviger_core::{audit::Circumstances, password::PasswordAttempt, profile::ChangeEmail};

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

async fn invite(ada: &mut Browser<'_>) -> MadeLink {
    ada.change("invite_member", &[("name", "Dora"), ("email", "dora@example.org")]).await.json()
}

pub(super) async fn own_role(app: &TestApp) -> String {
    let mut ada = ada(app).await;
    ada.change("create_role", &[("role_name", "Cartographers"), ("password", PASSWORD)]).await.expect_done();
    let page: RolesPage = ada.call("roles", &[]).await.json();
    let RolesAccess::Permitted { roles, .. } = page.access else { panic!("refused") };
    roles.into_iter().find(|role| !role.built_in).unwrap().id
}

pub(super) async fn open_invitation(app: &TestApp) -> String {
    let mut ada = ada(app).await;
    invite(&mut ada).await;
    let page: MembersPage = ada.call("members", &[]).await.json();
    let MembersAccess::Permitted(members) = page.access else { panic!("refused") };
    members.invitations[0].id.clone()
}

pub(super) async fn join_token(app: &TestApp) -> String {
    token(&invite(&mut ada(app).await).await)
}

pub(super) async fn other_session(app: &TestApp) -> String {
    let profile: Profile = ada(app).await.call("profile", &[]).await.json();
    profile.sessions.into_iter().find(|session| session.is_this).unwrap().id
}

pub(super) async fn password_token(app: &TestApp, member: &str) -> String {
    let fields = [("member", member), ("password", PASSWORD)];
    token(&ada(app).await.change("make_password_link", &fields).await.json())
}

/// Only ever sent by e-mail, so it is asked of the core.
pub(super) async fn email_token(app: &TestApp) -> String {
    let ada = ada(app).await;
    let claviger = app.claviger();
    let session = claviger.session(ada.session_token()).await.unwrap();
    let action = ChangeEmail::parse("king@example.org").unwrap();
    let attempt = PasswordAttempt::new(PASSWORD);
    let confirmed = claviger.confirm(session, action, attempt, Circumstances::operator()).await.unwrap();
    claviger.announce_email(confirmed).await.unwrap().link.unwrap().expose().to_owned()
}
