//! One organisation never sees or touches anything of another: every server function and every page is tried by an
//! admin of one with the identifiers of the other. The functions and their identifiers come from the table of
//! `server_functions`, which has a row for each function of the program; the pages come from the program itself.

use crate::{
    server_functions::{ServerFunction, Value, server_functions},
    support::{ADA, Answer, Browser, PASSWORD, TestApp},
};
use claviger_app::api::{
    member::{MembersAccess, MembersPage},
    profile::Profile,
    role::{RolesAccess, RolesPage},
};

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

impl Theirs {
    /// What a field of this kind can name. Tokens name nothing: an identifier in place of one must not be taken for a link.
    fn identifiers(&self, value: Value) -> Vec<&str> {
        match value {
            Value::Text(_) => vec![],
            Value::Member => vec![&self.admin, &self.member],
            Value::Role => vec![&self.role],
            Value::Invitation => vec![&self.invitation],
            Value::OtherSession => vec![&self.session],
            Value::JoinToken | Value::PasswordToken | Value::EmailToken => {
                vec![&self.invitation, &self.member, &self.csrf]
            }
        }
    }
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

type Attempt = Vec<(&'static str, String)>;

/// The forms that a server function is tried with, but for the password and the form token: each identifier in turn is one of
/// theirs. A function that takes no identifier is tried all the same: its answer must hold nothing of the others.
fn attempts(function: &ServerFunction, theirs: &Theirs) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    for (place, (_, value)) in function.fields.iter().enumerate() {
        attempts.extend(theirs.identifiers(*value).into_iter().map(|id| filled(function, Some((place, id)))));
    }
    if attempts.is_empty() {
        attempts = with_what_they_have(function.name).unwrap_or_else(|| vec![filled(function, None)]);
    }
    for attempt in &mut attempts {
        attempt.extend(more_fields(function.name));
    }
    attempts
}

/// The form of the table, with an identifier of theirs in the field at its place, and one's own in the others.
fn filled(function: &ServerFunction, theirs: Option<(usize, &str)>) -> Attempt {
    let own = |value| match value {
        Value::Text(text) => text,
        Value::Member => OWN_MEMBER,
        Value::Role => "developer",
        other => panic!("nobody has said which {other:?} of one's own {} is tried with", function.name),
    };
    let fields = function.fields.iter().enumerate();
    fields
        .map(|(place, (name, value))| match theirs {
            Some((of_theirs, id)) if of_theirs == place => (*name, id.to_owned()),
            _ => (*name, own(*value).to_owned()),
        })
        .collect()
}

/// What a form without identifiers is tried with where the table has nothing that touches the other organisation.
fn with_what_they_have(function: &str) -> Option<Vec<Attempt>> {
    let forms: &[&[(&'static str, &str)]] = match function {
        "change_email" => &[&[("email", ADA)], &[("email", "carol@example.org")]],
        // The password with which the rest is tried stays.
        "change_password" => &[&[("new_password", PASSWORD)]],
        "create_role" => &[&[("role_name", "Cartographers")]],
        "invite_member" => &[&[("name", "Ada"), ("email", ADA)]],
        "members" => &[&[("search", "example.org")], &[("search", "Carol")]],
        "sign_in" => &[&[("email", ADA), ("password", "mallory's own guess 1")]],
        "sign_up" => &[&[("organisation", "Acme"), ("name", "Mallory"), ("email", ADA)]],
        _ => return None,
    };
    let owned = |form: &&[(&'static str, &str)]| {
        form.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    };
    Some(forms.iter().map(owned).collect())
}

/// Fields that a function takes besides, and that reach further.
fn more_fields(function: &str) -> Option<(&'static str, String)> {
    match function {
        "remove_member" | "disable_member" => Some(("reset_api_key", "1".to_owned())),
        "edit_role" => Some(("permissions", "audit_log".to_owned())),
        _ => None,
    }
}

/// Replaced by the id of a member of one's own.
const OWN_MEMBER: &str = "a member of one's own";

/// Every server function of the program. The one that ends the session comes last.
fn functions() -> Vec<&'static ServerFunction> {
    let (mut functions, last): (Vec<_>, Vec<_>) =
        server_functions().partition(|function| function.name != "sign_out");
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
        for attempt in attempts(function, &theirs) {
            let csrf = mallory.csrf.clone();
            let mut fields = vec![("csrf", csrf.as_str()), ("password", PASSWORD)];
            for (name, value) in &attempt {
                fields.retain(|(known, _)| known != name);
                fields.push((name, if value == OWN_MEMBER { &own } else { value }));
            }
            let what = format!("{} with {attempt:?}", function.name);
            let answer = mallory.call(function.name, &fields).await;
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
