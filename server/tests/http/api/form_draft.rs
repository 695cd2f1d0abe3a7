//! `/api/form_draft`

use super::*;
use claviger_app::wire::form_draft::FormDraft;

#[tokio::test]
async fn where_no_form_was_refused_it_is_empty() {
    let app = TestApp::start().await;
    assert_eq!(app.browser().form_draft().await.json::<FormDraft>(), FormDraft::default());
}

#[tokio::test]
async fn without_a_script_a_refused_form_keeps_what_was_typed_but_for_the_password() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let form = [("organisation", "Acme"), ("name", "Ada L."), ("email", ADA), ("password", "short-secret")];
    let answer = browser.submit("/signup", "sign_up", &form).await;
    assert_eq!(answer.status.as_u16(), 302, "{answer:?}");
    assert!(
        answer
            .headers
            .values()
            .all(|value| !value.as_bytes().windows(12).any(|part| part == b"short-secret"))
    );
    let draft: FormDraft = browser.form_draft().await.json();
    assert_eq!(
        (draft.organisation.as_str(), draft.name.as_str(), draft.email.as_str()),
        ("Acme", "Ada L.", ADA)
    );
}

#[tokio::test]
async fn a_made_up_draft_is_no_failure_of_the_server() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let form = [("organisation", "Acme"), ("name", "Ada"), ("email", ADA), ("password", "short")];
    browser.submit("/signup", "sign_up", &form).await;
    browser.make_up_cookies();
    assert_eq!(browser.form_draft().await.json::<FormDraft>(), FormDraft::default());
}
