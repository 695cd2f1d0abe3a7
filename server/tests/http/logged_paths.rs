//! The log never holds a link that opens an account, in whatever form the link arrives.

use crate::support::{BOB, Log, PASSWORD, TestApp};
use claviger_app::wire::mailed::MadeLink;
#[tokio::test]
async fn the_log_never_holds_the_token_of_a_link_in_whatever_form_it_comes() {
    let log = Log::start();
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let member = app.add("Bob", BOB, &[]).await;
    let made: MadeLink =
        ada.change("invite_member", &[("name", "G"), ("email", "g@example.org")]).await.json();
    let reset: MadeLink =
        ada.change("make_password_link", &[("member", &member), ("password", PASSWORD)]).await.json();

    let mut forms = 0;
    for (page, link) in [("join", made.link), ("password", reset.link)] {
        let token = link.rsplit('/').next().unwrap().to_owned();
        let encoded: String = token.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for path in [
            format!("/{page}/{token}"),
            format!("/{page}/{token}/"),
            format!("/{page}//{token}"),
            format!("//{page}/{token}"),
            format!("/{page}/{token}."),
            format!("/{page}/{token}/x"),
            format!("/{page}/{encoded}"),
            format!("/{page}/{encoded}/"),
            format!("//{page}/{encoded}"),
            format!("/{page}%2F{token}"),
            format!("/{}/{token}", page.to_uppercase()),
            format!("/nothing/{token}"),
            format!("/{token}"),
            format!("/api/{token}"),
            format!("/pkg/{token}.js"),
            format!("/{page}?token={token}"),
        ] {
            app.get(&path).await;
            app.browser().open(&path).await;
            forms += 1;
            let text = log.text();
            assert!(!text.contains(&token) && !text.contains(&token[..32]), "{path} is logged");
            assert!(!text.contains(&encoded), "{path} is logged");
        }
    }
    let text = log.text();
    let answered =
        text.lines().filter(|line| line.contains("/nothing/…") && line.contains("answered")).count();
    assert_eq!((forms, answered), (32, 4), "the log is read: {}", &text[text.len().saturating_sub(6000)..]);
}

#[tokio::test]
async fn a_link_with_slashes_too_many_leads_to_its_form() {
    let app = TestApp::start().await;
    let mut ada = app.admin().await;
    let made: MadeLink =
        ada.change("invite_member", &[("name", "G"), ("email", "g@example.org")]).await.json();
    let path = made.link.strip_prefix("http://localhost:3000").unwrap();
    for bent in [format!("{path}/"), format!("/{path}"), path.replace("/join/", "/join//")] {
        let answer = app.browser().open(&bent).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (308, Some(path)), "{bent}");
    }
    assert!(app.browser().open(path).await.body.contains("Acme"));
}
