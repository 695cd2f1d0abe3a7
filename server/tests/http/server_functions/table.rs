//! The server functions, what each demands of its caller, and a form that it accepts.

use crate::support::{ADA, PASSWORD};
use Demands::{Form, Nothing, Password, Session};
use Value::{EmailToken, Invitation, JoinToken, Member, OtherSession, PasswordToken, Role, Text};
use WhoMay::{Admins, Everybody, Permitted};
use axum::http::Method;
use claviger_core::domain::permission::Permission::{self, ApiCredentialsManagement, MemberManagement};
use leptos::server_fn::axum::server_fn_paths;
use std::collections::BTreeSet;

/// One server function.
#[derive(Debug)]
pub(crate) struct ServerFunction {
    /// The last part of its path.
    pub(crate) name: &'static str,
    pub(crate) demands: Demands,
    /// Its arguments, beside the form token and the password that it demands.
    pub(crate) fields: &'static [(&'static str, Value)],
    /// Whether a body without these fields can be read all the same.
    pub(crate) fields_may_be_absent: bool,
}

/// The proofs that a function demands of its caller. Each demand includes those above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Demands {
    Nothing,
    Session,
    /// The form token of the session of somebody who may.
    Form(WhoMay),
    /// The password of that member.
    Password(WhoMay),
}

/// The members that may call a function that changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WhoMay {
    Everybody,
    Permitted(Permission),
    /// Admins only, whatever permissions others have.
    Admins,
}

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Value {
    Text(&'static str),
    /// The id of a colleague without permissions.
    Member,
    /// The id of a role of the organisation's own.
    Role,
    /// The id of an invitation that was not used yet.
    Invitation,
    /// The id of another session of the caller.
    OtherSession,
    /// The token of a link that invites somebody.
    JoinToken,
    /// The token of a link by which the colleague chooses a password.
    PasswordToken,
    /// The token of a link that confirms a new address.
    EmailToken,
}

type Fields = &'static [(&'static str, Value)];

const TABLE: &[ServerFunction] = &[
    function("announced_email", Nothing, &[("token", EmailToken)]),
    function("choose_password", Nothing, &[("token", PasswordToken), ("password", Text(PASSWORD))]),
    function("confirm_email", Nothing, &[("token", EmailToken)]),
    function("form_draft", Nothing, &[]),
    function("invitation", Nothing, &[("token", JoinToken)]),
    function("join", Nothing, &[("token", JoinToken), ("password", Text(PASSWORD))]),
    function("password_link", Nothing, &[("token", PasswordToken)]),
    function("registration", Nothing, &[]),
    function("sign_in", Nothing, &[("email", Text(ADA)), ("password", Text(PASSWORD)), ("next", Text(""))]),
    function("sign_up", Nothing, NEW_ORGANISATION),
    function("credentials", Session, &[]),
    function("guide", Session, &[]),
    function("members", Session, &[]),
    function("profile", Session, &[]),
    function("roles", Session, &[]),
    function("viewer", Session, &[]),
    function("change_name", Form(Everybody), &[("name", Text("Ada King"))]).fields_may_be_absent(),
    function("end_other_sessions", Form(Everybody), &[]),
    function("end_session", Form(Everybody), &[("session", OtherSession)]),
    function(
        "invite_member",
        Form(FOR_MANAGERS),
        &[("name", Text("Grace")), ("email", Text("grace@example.org"))],
    )
    .fields_may_be_absent(),
    function("rename_organisation", Form(Admins), &[("organisation", Text("Acme Maps"))])
        .fields_may_be_absent(),
    function("sign_out", Form(Everybody), &[]),
    function("withdraw_invitation", Form(FOR_MANAGERS), &[("invitation", Invitation)]),
    function("change_email", Password(Everybody), &[("email", Text("king@example.org"))])
        .fields_may_be_absent(),
    function(
        "change_password",
        Password(Everybody),
        &[("new_password", Text("quiet orange ladder 4 frost"))],
    )
    .fields_may_be_absent(),
    function("change_role", Password(FOR_MANAGERS), &[("member", Member), ("role", Role)]),
    function("copy_credential", Password(FOR_KEY_HOLDERS), &[("kind", Text("api_key"))]),
    function(
        "create_role",
        Password(FOR_MANAGERS),
        &[("role_name", Text("Support")), ("permissions", Text("member_management"))],
    )
    .fields_may_be_absent(),
    function("delete_role", Password(FOR_MANAGERS), &[("role", Role)]),
    function("disable_member", Password(FOR_MANAGERS), &[("member", Member)]),
    function("edit_role", Password(FOR_MANAGERS), &[("role", Role)]),
    function("enable_member", Password(FOR_MANAGERS), &[("member", Member)]),
    function("end_member_sessions", Password(Admins), &[("member", Member)]),
    function(
        "grant_permission",
        Password(FOR_MANAGERS),
        &[("member", Member), ("permission", Text("member_management"))],
    ),
    function("make_password_link", Password(Admins), &[("member", Member)]),
    function("remove_member", Password(FOR_MANAGERS), &[("member", Member)]),
    function(
        "reset_both_credentials",
        Password(FOR_KEY_HOLDERS),
        &[("api_key_generation", Text("1")), ("bundle_key_generation", Text("1"))],
    ),
    function(
        "reset_credential",
        Password(FOR_KEY_HOLDERS),
        &[("kind", Text("api_key")), ("generation", Text("1"))],
    ),
    function(
        "revoke_permission",
        Password(FOR_MANAGERS),
        &[("member", Member), ("permission", Text("audit_log"))],
    ),
    function("unlock_member", Password(Admins), &[("member", Member)]),
    function("view_credential", Password(FOR_KEY_HOLDERS), &[("kind", Text("api_key"))]),
];

const FOR_MANAGERS: WhoMay = Permitted(MemberManagement);
const FOR_KEY_HOLDERS: WhoMay = Permitted(ApiCredentialsManagement);

const NEW_ORGANISATION: Fields = &[
    ("organisation", Text("Other")),
    ("name", Text("Eve")),
    ("email", Text("eve@example.org")),
    ("password", Text(PASSWORD)),
];

const fn function(name: &'static str, demands: Demands, fields: Fields) -> ServerFunction {
    ServerFunction { name, demands, fields, fields_may_be_absent: fields.is_empty() }
}

impl ServerFunction {
    const fn fields_may_be_absent(mut self) -> Self {
        self.fields_may_be_absent = true;
        self
    }

    pub(crate) fn path(&self) -> String {
        format!("/api/{}", self.name)
    }

    pub(crate) fn demands_session(&self) -> bool {
        self.demands != Nothing
    }

    pub(crate) fn demands_form_token(&self) -> bool {
        matches!(self.demands, Form(_) | Password(_))
    }

    pub(crate) fn demands_password(&self) -> bool {
        matches!(self.demands, Password(_))
    }
}

/// Every server function of the program. Panics unless the table has a row for each, and no other row.
pub(crate) fn server_functions() -> impl Iterator<Item = &'static ServerFunction> {
    let of_program: BTreeSet<String> =
        server_fn_paths().map(|(path, method)| format!("{method} {path}")).collect();
    let of_table: BTreeSet<String> =
        TABLE.iter().map(|function| format!("{} {}", Method::POST, function.path())).collect();
    let without_row: Vec<_> = of_program.difference(&of_table).collect();
    assert!(without_row.is_empty(), "server_functions/table.rs has no row for {without_row:?}");
    let without_function: Vec<_> = of_table.difference(&of_program).collect();
    assert!(without_function.is_empty(), "the program does not serve {without_function:?}");
    assert_eq!(of_table.len(), TABLE.len(), "two rows have the same name");
    TABLE.iter()
}
