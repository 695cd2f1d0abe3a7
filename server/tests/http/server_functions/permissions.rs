//! A function that changes something is for those only who may, and tells nobody else whether the password was right.

use super::{
    failures::Failures,
    forms::Filled,
    prepared::Prepared,
    table::{Demands, ServerFunction, WhoMay, server_functions},
};
use axum::http::StatusCode;
use claviger_app::wire::error::ApiError;
use claviger_core::domain::permission::Permission;

/// The tables that a refusal changes: it is recorded, and counted, so that refusals cannot fill the disk.
const RECORDS_OF_REFUSALS: [&str; 4] = ["account.version", "audit_chain", "audit_event", "rate_limit"];

/// The error that a member without permissions gets, if the function is not for everybody.
fn refusal(function: &ServerFunction) -> Option<ApiError> {
    let permission = match function.demands {
        Demands::Form(WhoMay::Permitted(permission)) | Demands::Password(WhoMay::Permitted(permission)) => {
            permission
        }
        // A change of a member demands Member management first.
        Demands::Password(WhoMay::Admins) => Permission::MemberManagement,
        Demands::Form(WhoMay::Admins) => return Some(ApiError::AdminsOnly),
        _ => return None,
    };
    Some(ApiError::NotPermitted { permission, admins: vec!["Ada".to_owned()] })
}

#[tokio::test]
async fn a_member_without_the_permission_is_refused_whatever_the_password() -> Result<(), Failures> {
    let prepared = Prepared::get().await;
    let app = prepared.app().await;
    let mut member = app.member(&[]).await;
    let forms = Filled::all(prepared, &member, |function| refusal(function).is_some());
    let before = app.dump(&RECORDS_OF_REFUSALS).await;
    let mut failures = Failures::default();
    for form in forms {
        let Some(expected) = refusal(form.function) else { continue };
        let answer = form.call(&mut member).await;
        failures.note(form.function, "without the permission", answer.is_refusal(403, &expected));
        if form.function.demands_password() {
            let answer = form.but_for("password", Some("not the password at all")).call(&mut member).await;
            failures.note(form.function, "and with a wrong password", answer.is_refusal(403, &expected));
        }
    }
    failures.note_changes("a function", &before, &app.dump(&RECORDS_OF_REFUSALS).await);
    failures.none()
}

#[tokio::test]
async fn a_member_with_the_permission_is_accepted() -> Result<(), Failures> {
    let (prepared, mut failures) = (Prepared::get().await, Failures::default());
    // The other session that is prepared is one of Ada's, and each ends their own.
    for function in server_functions().filter(|function| function.name != "end_session") {
        let permissions = match function.demands {
            Demands::Form(WhoMay::Everybody) | Demands::Password(WhoMay::Everybody) => vec![],
            Demands::Form(WhoMay::Permitted(permission))
            | Demands::Password(WhoMay::Permitted(permission)) => vec![permission],
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
    let for_admins = |function: &ServerFunction| {
        matches!(function.demands, Demands::Form(WhoMay::Admins) | Demands::Password(WhoMay::Admins))
    };
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
