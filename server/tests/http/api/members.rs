//! `/api/members`

use super::*;
use claviger_app::api::member::{MembersAccess, MembersPage};
use claviger_core::domain::permission::Permission;

#[tokio::test]
async fn whoever_manages_members_sees_them() {
    let app = TestApp::start().await;
    let _ada = app.admin().await;
    let mut bob = app.member(&[Permission::MemberManagement]).await;
    let page: MembersPage = bob.call("members", &[]).await.json();
    let MembersAccess::Permitted(members) = page.access else { panic!("refused") };
    let names: Vec<_> =
        members.members.iter().map(|member| (member.name.as_str(), member.may_change)).collect();
    assert_eq!(names, [("Ada", false), ("Bob", true)]);
    assert!(!members.is_admin && members.keys.is_empty());
}

#[tokio::test]
async fn somebody_else_sees_whom_to_ask_and_nobodys_address() {
    let app = TestApp::start().await;
    let _ada = app.admin().await;
    let mut bob = app.member(&[Permission::ApiCredentialsManagement, Permission::AuditLog]).await;
    let answer = bob.call("members", &[]).await;
    assert!(!answer.body.contains(ADA), "{answer:?}");
    let page: MembersPage = answer.json();
    assert_eq!(page.access, MembersAccess::Refused { admins: vec!["Ada".to_owned()] });
    let html = bob.open("/members").await;
    html.expect_done();
    assert!(!html.body.contains(ADA) && html.body.contains("Member management"), "{}", html.body);
}

#[tokio::test]
async fn strange_searches_and_pages_do_no_harm() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    for (search, page) in [("%", "0"), ("_\\'\"", "4294967295"), ("\u{0}\u{202e}", "1"), ("!", "2")] {
        let page: MembersPage = ada.call("members", &[("search", search), ("page", page)]).await.json();
        let MembersAccess::Permitted(members) = page.access else { panic!("refused") };
        assert!(members.page <= members.pages, "{search:?}");
    }
    let answer = ada.call("members", &[("page", "-1")]).await;
    answer.expect_refusal(400);
    ada.open("/members?search=%00%ff&page=many&ask=remove&member=nobody").await.expect_done();
}
