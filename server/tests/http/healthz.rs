//! `/healthz`

use crate::support::TestApp;

#[tokio::test]
async fn a_server_that_serves_says_ok() {
    let answer = TestApp::start().await.get("/healthz").await;
    answer.expect_done();
    assert_eq!(answer.body, "ok");
}
