//! One organisation never sees or touches anything of another: every server function and every page is tried by an
//! admin of one with the identifiers of the other. The list of them comes from the program itself, so that a new one
//! fails here until somebody has said what it is to be tried with.

use crate::support::{ADA, Answer, Browser, PASSWORD, TestApp};
use claviger_app::api::{
    member::{MembersAccess, MembersPage},
    profile::Profile,
    role::{RolesAccess, RolesPage},
};
use std::collections::BTreeSet;

const MALLORY: &str = "mallory@example.org";

/// What belongs to the organisation that is tried.
struct Theirs {
    admin: String,
    member: String,
    role: String,
    invitation: String,
    session: String,
    csrf: String,
}

/// Makes an organisation with one of everything.
async fn victim(app: &TestApp) -> (Browser<'_>, Theirs) {
    let mut ada = app.admin().await;
    let member = ada.colleague().await;
    let role = [("role_name", "Cartographers"), ("permissions", "audit_log"), ("password", PASSWORD)];
    ada.change("create_role", &role).await.expect_done();
    ada.change("invite_member", &[("name", "Grace Secret"), ("email", "grace@example.org")])
        .await
        .expect_done();
    let members: MembersPage = ada.call("members", &[]).await.json();
    let MembersAccess::Permitted(members) = members.access else { panic!("refused") };
    let roles: RolesPage = ada.call("roles", &[]).await.json();
    let RolesAccess::Permitted { roles, .. } = roles.access else { panic!("refused") };
    let profile: Profile = ada.call("profile", &[]).await.json();
    let theirs = Theirs {
        admin: members.members.iter().find(|member| member.email == ADA).unwrap().id.clone(),
        member,
        role: roles.iter().find(|role| !role.built_in).unwrap().id.clone(),
        invitation: members.invitations[0].id.clone(),
        session: profile.sessions[0].id.clone(),
        csrf: ada.csrf.clone(),
    };
    (ada, theirs)
}

/// What each server function is tried with, beside the password and the CSRF token of whoever tries. One that takes no
/// identifier is tried all the same: what it answers must hold nothing of the others.
fn attempts(function: &str, theirs: &Theirs) -> Vec<Vec<(&'static str, String)>> {
    let each = |field: &'static str, ids: &[&String]| {
        ids.iter().map(|id| vec![(field, (*id).clone())]).collect::<Vec<_>>()
    };
    let members = || each("member", &[&theirs.admin, &theirs.member]);
    let with = |mut attempts: Vec<Vec<(&'static str, String)>>, field: &'static str, value: &str| {
        attempts.iter_mut().for_each(|attempt| attempt.push((field, value.to_owned())));
        attempts
    };
    match function {
        "grant_permission" | "revoke_permission" => {
            with(members(), "permission", "api_credentials_management")
        }
        "change_role" => {
            let mut attempts = with(members(), "role", "developer");
            // And a role of theirs for a member of one's own, whose id the test puts in.
            attempts.push(vec![("member", OWN_MEMBER.to_owned()), ("role", theirs.role.clone())]);
            attempts
        }
        "remove_member" | "disable_member" => with(members(), "reset_api_key", "1"),
        "enable_member" | "end_member_sessions" | "unlock_member" | "make_password_link" => members(),
        "edit_role" | "delete_role" => with(each("role", &[&theirs.role]), "permissions", "audit_log"),
        "withdraw_invitation" => each("invitation", &[&theirs.invitation]),
        "end_session" => each("session", &[&theirs.session]),
        "members" => vec![vec![("search", "example.org".to_owned())], vec![("search", "Carol".to_owned())]],
        // Tokens name nothing: whoever has one of these identifiers has no link.
        "invitation" | "join" | "password_link" | "choose_password" | "announced_email" | "confirm_email" => {
            each("token", &[&theirs.invitation, &theirs.member, &theirs.csrf])
        }
        "view_credential" | "copy_credential" => vec![vec![("kind", "api_key".to_owned())]],
        "reset_credential" => {
            vec![vec![("kind", "api_key".to_owned()), ("generation", "1".to_owned())]]
        }
        "reset_both_credentials" => {
            vec![vec![("api_key_generation", "1".to_owned()), ("bundle_key_generation", "2".to_owned())]]
        }
        "change_email" => {
            vec![vec![("email", ADA.to_owned())], vec![("email", "carol@example.org".to_owned())]]
        }
        "sign_in" => vec![vec![("email", ADA.to_owned()), ("password", "mallory's own guess 1".to_owned())]],
        "sign_up" => vec![vec![
            ("organisation", "Acme".to_owned()),
            ("name", "Mallory".to_owned()),
            ("email", ADA.to_owned()),
        ]],
        "invite_member" => {
            vec![vec![("name", "Ada".to_owned()), ("email", ADA.to_owned())]]
        }
        "create_role" => vec![vec![("role_name", "Cartographers".to_owned())]],
        "change_name" => vec![vec![("name", "Mallory".to_owned())]],
        "rename_organisation" => vec![vec![("organisation", "Mallory's".to_owned())]],
        "change_password" => vec![vec![("new_password", PASSWORD.to_owned())]],
        "credentials" | "guide" | "viewer" | "registration" | "form_draft" | "roles" | "profile"
        | "end_other_sessions" | "sign_out" => vec![Vec::new()],
        other => panic!("nobody has said what {other} is to be tried with"),
    }
}

const OWN_MEMBER: &str = "a member of one's own";

/// Every server function of the program. The one that ends the session comes last.
fn functions() -> Vec<String> {
    let paths = leptos::server_fn::axum::server_fn_paths();
    let names: BTreeSet<String> =
        paths.map(|(path, _)| path.trim_start_matches("/api/").to_owned()).collect();
    assert!(names.len() > 30, "{names:?}");
    let (mut functions, last): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| name != "sign_out");
    functions.extend(last);
    functions
}

/// Nothing of the other organisation is in it.
#[track_caller]
fn expect_nothing_of_theirs(what: &str, answer: &Answer, theirs: &Theirs) {
    let secrets = [
        ("the id of the admin", theirs.admin.as_str()),
        ("the id of a member", &theirs.member),
        ("the id of a role", &theirs.role),
        ("the id of an invitation", &theirs.invitation),
        ("the id of a session", &theirs.session),
        ("the CSRF secret", &theirs.csrf),
        ("the name of a member", "Carol"),
        ("the name of an invited person", "Grace Secret"),
    ];
    for (name, secret) in secrets {
        assert!(!answer.body.contains(secret), "{what} told {name}: {answer:?}");
    }
}

async fn mallory<'a>(app: &'a TestApp) -> (Browser<'a>, String) {
    let mut mallory = app.browser();
    mallory.sign_up("Mallory's", "Mallory", MALLORY, PASSWORD).await.expect_done();
    mallory.learn_csrf().await;
    let members: MembersPage = mallory.call("members", &[]).await.json();
    let MembersAccess::Permitted(members) = members.access else { panic!("refused") };
    let own = members.members[0].id.clone();
    (mallory, own)
}

/// Everything that the victim can see of their own organisation.
async fn picture(ada: &mut Browser<'_>) -> Vec<String> {
    let mut picture = Vec::new();
    for function in ["members", "roles", "credentials", "profile", "viewer"] {
        picture.push(ada.call(function, &[]).await.body);
    }
    picture
}

#[tokio::test]
async fn no_server_function_tells_or_changes_anything_of_another_organisation() {
    let app = TestApp::start().await;
    let (mut ada, theirs) = victim(&app).await;
    let (mut mallory, own) = mallory(&app).await;
    let before = picture(&mut ada).await;
    for function in functions() {
        for attempt in attempts(&function, &theirs) {
            let csrf = mallory.csrf.clone();
            let mut fields = vec![("csrf", csrf.as_str()), ("password", PASSWORD)];
            for (name, value) in &attempt {
                fields.retain(|(known, _)| known != name);
                fields.push((name, if value == OWN_MEMBER { &own } else { value }));
            }
            let what = format!("{function} with {attempt:?}");
            let answer = mallory.call(&function, &fields).await;
            assert!(!answer.status.is_server_error(), "{what}: {answer:?}");
            let names_theirs = attempt.iter().any(|(_, value)| is_one_of(value, &theirs));
            assert!(!names_theirs || answer.status.is_client_error(), "{what}: {answer:?}");
            // What was asked for may stand in the answer; nothing else of theirs may.
            let rest = attempt.iter().fold(answer.body.clone(), |body, (_, value)| body.replace(value, ""));
            expect_nothing_of_theirs(&what, &Answer { body: rest, ..answer }, &theirs);
        }
    }
    assert_eq!(picture(&mut ada).await, before, "something of the other organisation was changed");
}

fn is_one_of(value: &str, theirs: &Theirs) -> bool {
    [&theirs.admin, &theirs.member, &theirs.role, &theirs.invitation, &theirs.session, &theirs.csrf]
        .iter()
        .any(|id| *id == value)
}

#[tokio::test]
async fn no_page_tells_anything_of_another_organisation() {
    let app = TestApp::start().await;
    let (_ada, theirs) = victim(&app).await;
    let (mut mallory, _) = mallory(&app).await;
    let pages = claviger::http::page_paths();
    assert!(pages.len() > 8, "{pages:?}");
    for page in pages {
        for id in [&theirs.admin, &theirs.member, &theirs.role, &theirs.invitation, &theirs.session] {
            let path = page.replace("{token}", id);
            assert!(!path.contains('{'), "nobody has said what {page} is to be tried with");
            for query in ["", &format!("?ask=remove&member={id}&role={id}&search=Carol&page=1")] {
                let answer = mallory.open(&format!("{path}{query}")).await;
                assert!(!answer.status.is_server_error(), "{path}{query}: {answer:?}");
                let rest = answer.body.replace(id.as_str(), "").replace("Carol", "");
                let others = Answer { body: rest, ..answer };
                expect_nothing_of_theirs(&path, &others, &theirs);
                assert!(!others.body.contains("carol@example.org"), "{path}{query}");
            }
        }
    }
}
