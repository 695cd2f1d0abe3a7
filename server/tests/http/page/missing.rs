//! Paths without a page.

use crate::support::TestApp;

#[tokio::test]
async fn a_page_that_is_not_there_is_a_404_for_everybody() {
    let app = TestApp::start().await;
    assert_eq!(app.browser().open("/nothing/here").await.status.as_u16(), 404);
    assert_eq!(app.admin().await.open("/nothing/here").await.status.as_u16(), 404);
}

#[tokio::test]
async fn the_files_beside_the_site_are_not_served() {
    let app = TestApp::start().await;
    for path in ["/../data/master.key", "/%2e%2e/data/master.key", "/data/master.key", "/Leptos.toml"] {
        assert_eq!(app.get(path).await.status.as_u16(), 404, "{path}");
    }
}
