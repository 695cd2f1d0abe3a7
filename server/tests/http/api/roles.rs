//! `/api/roles`, `/api/create_role`, `/api/edit_role` and `/api/delete_role`

use super::*;
use claviger_app::{
    api::role::{Role, RolesAccess, RolesPage},
    wire::error::ApiError,
};
use claviger_core::domain::permission::Permission as CorePermission;
use claviger_types::{Field, FieldError, FieldProblem, Permission};

async fn roles(browser: &mut Browser<'_>) -> Vec<Role> {
    let page: RolesPage = browser.call("roles", &[]).await.json();
    match page.access {
        RolesAccess::Permitted { roles, .. } => roles,
        refused @ RolesAccess::Refused { .. } => panic!("{refused:?}"),
    }
}

async fn create(browser: &mut Browser<'_>, name: &str, permission: &str) -> Answer {
    let fields = [("role_name", name), ("permissions", permission), ("password", PASSWORD)];
    browser.change("create_role", &fields).await
}

#[tokio::test]
async fn a_role_is_made_given_edited_and_deleted() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let mut bob = app.member(&[]).await;
    create(&mut ada, "Support", "audit_log").await.expect_done();
    let role = roles(&mut ada).await.into_iter().find(|role| role.name == "Support").unwrap();
    assert_eq!(
        (role.permissions.as_slice(), role.members, role.built_in),
        ([Permission::AuditLog].as_slice(), 0, false)
    );

    let carol = ada.colleague().await;
    let give = [("member", carol.as_str()), ("role", &role.id), ("password", PASSWORD)];
    ada.change("change_role", &give).await.expect_done();
    let delete = [("role", role.id.as_str()), ("password", PASSWORD)];
    assert_eq!(ada.change("delete_role", &delete).await.expect_refusal(409), ApiError::RoleInUse);

    let edit =
        [("role", role.id.as_str()), ("permissions", "api_credentials_management"), ("password", PASSWORD)];
    ada.change("edit_role", &edit).await.expect_done();
    let mut carols = app.browser();
    carols.sign_in("carol@example.org", PASSWORD).await.expect_done();
    carols.learn_csrf().await;
    carols.view_credential("api_key", PASSWORD).await.expect_done();
    bob.change("edit_role", &edit).await.expect_refusal(403);

    let take = [("member", carol.as_str()), ("role", ""), ("password", PASSWORD)];
    ada.change("change_role", &take).await.expect_done();
    ada.change("delete_role", &delete).await.expect_done();
    assert_eq!(roles(&mut ada).await.len(), 3);
}

#[tokio::test]
async fn a_name_that_is_taken_or_none_is_refused() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    for (name, problem) in [("ADMIN", FieldProblem::Taken), (" ", FieldProblem::Missing)] {
        let error = FieldError { field: Field::RoleName, problem };
        let answer = create(&mut ada, name, "audit_log").await;
        assert_eq!(answer.expect_refusal(400), ApiError::Invalid(vec![error]));
    }
}

#[tokio::test]
async fn the_built_in_roles_cannot_be_changed() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    for function in ["edit_role", "delete_role"] {
        let answer = ada.change(function, &[("role", "developer"), ("password", PASSWORD)]).await;
        assert_eq!(answer.expect_refusal(409), ApiError::Gone);
    }
}

#[tokio::test]
async fn nobody_makes_a_role_that_permits_more_than_they_may() {
    let app = TestApp::start().await;
    let _ada = app.admin().await;
    let mut bob = app.member(&[CorePermission::MemberManagement]).await;
    let answer = create(&mut bob, "Support", "audit_log").await;
    assert_eq!(answer.expect_refusal(403), ApiError::BeyondOwnPermissions);
    create(&mut bob, "Support", "member_management").await.expect_done();
}

#[tokio::test]
async fn a_role_permits_what_was_named_and_an_unknown_permission_is_refused() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    for permission in Permission::ALL {
        create(&mut ada, permission.as_str(), permission.as_str()).await.expect_done();
        let made = roles(&mut ada).await.into_iter().find(|role| role.name == permission.as_str()).unwrap();
        assert_eq!(made.permissions, [permission]);
    }
    let answer = create(&mut ada, "Typo", "audit_logs").await;
    assert_eq!(answer.expect_refusal(400), ApiError::Malformed);
    assert!(roles(&mut ada).await.iter().all(|role| role.name != "Typo"));
}
