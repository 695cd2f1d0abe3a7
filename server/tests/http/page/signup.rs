//! `/signup`

use crate::support::TestApp;

#[tokio::test]
async fn it_is_shown_while_registration_is_open() {
    let app = TestApp::start().await;
    let answer = app.browser().open("/signup").await;
    answer.expect_done();
    for text in ["Organisation", "Your name", "Email", "Password", "Create account"] {
        assert!(answer.body.contains(text), "{text}");
    }
}

#[tokio::test]
async fn while_registration_is_closed_it_offers_no_form() {
    let app = TestApp::start_with(&[("CLAVIGER_REGISTRATION", "closed")]).await;
    let answer = app.browser().open("/signup").await;
    assert!(!answer.status.is_server_error(), "{answer:?}");
    assert!(
        !answer.body.contains("Create account</button>") && !answer.body.contains("name=\"organisation\"")
    );
}
