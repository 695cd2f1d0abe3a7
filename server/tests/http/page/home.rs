//! `/`

use crate::support::TestApp;

#[tokio::test]
async fn it_leads_to_the_credentials() {
    let app = TestApp::start().await;
    for mut browser in [app.admin().await, app.browser()] {
        let answer = browser.open("/").await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (302, Some("/credentials")));
    }
}
