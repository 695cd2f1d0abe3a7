//! A function that asks for the password is for those who are permitted only, and tells nobody else whether the password was
//! right.

use super::{
    failures::Failures,
    forms::Filled,
    prepared::Prepared,
    table::{Demands, ServerFunction, WhoMay, server_functions},
};
use crate::support::PASSWORD;
use axum::http::StatusCode;
use claviger_app::api::error::ApiError;
use claviger_core::domain::permission::Permission;

/// What a refusal changes: it is recorded, and so that nobody can fill the disk, counted.
const RECORDS_OF_REFUSALS: [&str; 4] = ["account.version", "audit_chain", "audit_event", "rate_limit"];

/// The permission that a function demands, if it does.
fn permission(function: &ServerFunction) -> Option<Permission> {
    match function.demands {
        Demands::Password(WhoMay::Permitted(permission)) => Some(permission),
        Demands::Password(WhoMay::Admins) => Some(Permission::MemberManagement),
        _ => None,
    }
}

#[tokio::test]
async fn a_member_without_the_permission_is_refused_whatever_the_password() -> Result<(), Failures> {
    let prepared = Prepared::get().await;
    let app = prepared.app().await;
    let mut member = app.member(&[]).await;
    let forms = Filled::all(prepared, &member, |function| permission(function).is_some());
    let before = app.dump(&RECORDS_OF_REFUSALS).await;
    let mut failures = Failures::default();
    for form in forms {
        let Some(permission) = permission(form.function) else { continue };
        let not_permitted =
            ApiError::NotPermitted { permission: permission.into(), admins: vec!["Ada".to_owned()] };
        for (variant, password) in
            [("with the right password", PASSWORD), ("with a wrong password", "not the password at all")]
        {
            let answer = form.but_for("password", Some(password)).call(&mut member).await;
            failures.note(form.function, variant, answer.is_refusal(403, &not_permitted));
        }
    }
    failures.note_changes("a function", &before, &app.dump(&RECORDS_OF_REFUSALS).await);
    failures.none()
}

#[tokio::test]
async fn a_member_with_the_permission_is_accepted() -> Result<(), Failures> {
    let (prepared, mut failures) = (Prepared::get().await, Failures::default());
    for function in server_functions() {
        let permissions = match function.demands {
            Demands::Password(WhoMay::Everybody) => vec![],
            Demands::Password(WhoMay::Permitted(permission)) => vec![permission],
            _ => continue,
        };
        let app = prepared.app().await;
        let mut member = app.member(&permissions).await;
        let form = Filled::new(function, prepared, &member);
        let answer = form.call(&mut member).await;
        failures.note(function, &format!("with {permissions:?}"), answer.is_status(StatusCode::OK));
    }
    failures.none()
}

#[tokio::test]
async fn what_is_for_admins_is_refused_to_a_member_with_all_permissions() -> Result<(), Failures> {
    let prepared = Prepared::get().await;
    let app = prepared.app().await;
    let mut manager = app.member(&Permission::ALL).await;
    let for_admins = |function: &ServerFunction| function.demands == Demands::Password(WhoMay::Admins);
    let forms = Filled::all(prepared, &manager, for_admins);
    let before = app.dump(&RECORDS_OF_REFUSALS).await;
    let mut failures = Failures::default();
    for form in forms {
        let answer = form.call(&mut manager).await;
        failures.note(form.function, "with all permissions", answer.is_refusal(403, &ApiError::AdminsOnly));
    }
    failures.note_changes("a function", &before, &app.dump(&RECORDS_OF_REFUSALS).await);
    failures.none()
}
