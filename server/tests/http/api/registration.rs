//! `/api/registration`

use super::*;

#[tokio::test]
async fn it_says_whether_anybody_may_sign_up() {
    for (setting, open) in [("open", true), ("closed", false)] {
        let app = TestApp::start_with(&[("CLAVIGER_REGISTRATION", setting)]).await;
        assert_eq!(app.browser().registration().await.json::<bool>(), open);
    }
}
