//! `/guide`

use crate::support::TestApp;

#[tokio::test]
async fn whoever_is_signed_out_is_led_to_the_login() {
    let app = TestApp::start().await;
    let answer = app.browser().open("/guide").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (302, Some("/login?next=/guide")));
}

#[tokio::test]
async fn it_is_shown_to_whoever_is_signed_in() {
    let app = TestApp::start().await;
    app.admin().await.open("/guide").await.expect_done();
}
