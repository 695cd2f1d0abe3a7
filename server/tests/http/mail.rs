//! E-mail through a real SMTP server: Debian's aiosmtpd, on a port of its own.

use crate::support::{ADA, Browser, PASSWORD, TestApp, machine::has_python_module};
use claviger_app::{
    api::profile::Profile,
    wire::{
        error::ApiError,
        mailed::{MadeLink, Mailed},
    },
};
use std::{
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::OnceLock,
};
use tempfile::TempDir;

/// A mail server that puts every letter into a folder.
struct MailServer {
    process: Child,
    port: u16,
    folder: TempDir,
}

impl MailServer {
    /// None where it is not installed.
    fn start() -> Option<Self> {
        static INSTALLED: OnceLock<bool> = OnceLock::new();
        if !INSTALLED.get_or_init(|| has_python_module("aiosmtpd.handlers")) {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut process = Command::new("/usr/bin/python3")
            .args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}"), "-c"])
            .arg("aiosmtpd.handlers.Mailbox")
            .arg(folder.path().join("mail"))
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(process.try_wait().unwrap().is_none(), "the mail server ended");
        }
        Some(Self { process, port, folder })
    }

    fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// The letters that came, each as one line without the breaks of its encoding.
    fn letters(&self) -> Vec<String> {
        let read =
            |path: &Path| std::fs::read_to_string(path).unwrap().replace("=\r\n", "").replace("=\n", "");
        let new = std::fs::read_dir(self.folder.path().join("mail/new")).unwrap();
        new.map(|entry| read(&entry.unwrap().path())).collect()
    }

    fn only_letter(&self) -> String {
        let mut letters = self.letters();
        assert_eq!(letters.len(), 1, "{letters:?}");
        letters.remove(0)
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn app_with(url: &str) -> TestApp {
    TestApp::start_with(&[("CLAVIGER_SMTP_URL", url), ("CLAVIGER_MAIL_FROM", "Claviger <keys@example.org>")])
        .await
}

async fn invite(ada: &mut Browser<'_>) -> MadeLink {
    ada.change("invite_member", &[("name", "Grace"), ("email", "grace@example.org")]).await.json()
}

/// The part of a letter that leads here.
fn link_in(letter: &str, path: &str) -> String {
    let start = letter.find(path).unwrap_or_else(|| panic!("{letter}")) + path.len();
    letter[start..].split_whitespace().next().unwrap().to_owned()
}

#[tokio::test]
async fn an_invitation_is_sent_with_its_link_which_is_shown_all_the_same() {
    let Some(server) = MailServer::start() else { return };
    let app = app_with(&server.url()).await;
    let made = invite(&mut app.admin().await).await;
    assert_eq!(made.mailed, Mailed::Sent);
    let letter = server.only_letter();
    for line in [
        "From: Claviger <keys@example.org>",
        "To: grace@example.org",
        "Subject: You are invited to an organisation on Claviger",
    ] {
        assert!(letter.contains(line), "{letter}");
    }
    assert!(letter.contains(&made.link), "{letter}");
    let token = link_in(&letter, "/join/");
    app.browser().call("join", &[("token", &token), ("password", PASSWORD)]).await.expect_done();
}

#[tokio::test]
async fn a_mail_server_that_is_gone_is_told_and_the_link_is_shown() {
    let Some(url) = MailServer::start().map(|server| server.url()) else { return };
    let app = app_with(&url).await;
    let made = invite(&mut app.admin().await).await;
    assert_eq!(made.mailed, Mailed::Failed);
    assert!(made.link.contains("/join/"));
}

#[tokio::test]
async fn without_a_mail_server_nothing_is_said_of_mail() {
    let app = TestApp::start().await;
    assert_eq!(invite(&mut app.admin().await).await.mailed, Mailed::Off);
}

#[tokio::test]
async fn a_new_address_counts_once_the_link_that_was_sent_there_is_opened() {
    let Some(server) = MailServer::start() else { return };
    let app = app_with(&server.url()).await;
    let mut ada = app.admin().await;
    ada.change("change_email", &[("password", PASSWORD), ("email", "king@example.org")]).await.expect_done();
    let email = |profile: Profile| profile.email;
    assert_eq!(email(ada.call("profile", &[]).await.json()), ADA);
    let letter = server.only_letter();
    assert!(letter.contains("To: king@example.org"), "{letter}");

    let token = link_in(&letter, "/email/");
    let mut elsewhere = app.browser();
    let page = elsewhere.open(&format!("/email/{token}")).await;
    assert!(page.body.contains("king@example.org") && page.body.contains("Confirm email"), "{}", page.body);
    assert_eq!(email(ada.call("profile", &[]).await.json()), ADA, "opening alone confirms nothing");
    elsewhere.call("confirm_email", &[("token", &token)]).await.expect_done();
    assert_eq!(email(ada.call("profile", &[]).await.json()), "king@example.org");
    let again = elsewhere.call("confirm_email", &[("token", &token)]).await;
    assert_eq!(again.expect_refusal(409), ApiError::UnusableLink);
}

#[tokio::test]
async fn an_address_that_was_taken_meanwhile_is_not_confirmed() {
    let Some(server) = MailServer::start() else { return };
    let app = app_with(&server.url()).await;
    let mut ada = app.admin().await;
    ada.change("change_email", &[("password", PASSWORD), ("email", "king@example.org")]).await.expect_done();
    let token = link_in(&server.only_letter(), "/email/");
    app.browser().sign_up("Other", "Eve", "king@example.org", PASSWORD).await.expect_done();
    app.browser().call("confirm_email", &[("token", &token)]).await.expect_refusal(409);
    let profile: Profile = ada.call("profile", &[]).await.json();
    assert_eq!(profile.email, ADA);
}

#[tokio::test]
async fn an_address_that_somebody_has_is_answered_like_any_other_and_its_owner_is_told() {
    let Some(server) = MailServer::start() else { return };
    let app = app_with(&server.url()).await;
    let mut ada = app.admin().await;
    app.browser().sign_up("Other", "Eve", "eve@example.org", PASSWORD).await.expect_done();
    let mut answers = Vec::new();
    for email in ["free@example.org", "EVE@example.org"] {
        let csrf = ada.csrf.clone();
        let fields = [("csrf", csrf.as_str()), ("email", email), ("password", PASSWORD)];
        let answer = ada.submit("/profile", "change_email", &fields).await;
        answers.push((answer.status, answer.header("location").map(str::to_owned)));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].1.as_deref(), Some("/profile?done=email-announced"));
    let letters = server.letters();
    let to_eve = letters.iter().find(|letter| letter.contains("To: EVE@example.org")).unwrap();
    assert!(to_eve.contains("Subject: Somebody tried to use your email address"), "{to_eve}");
    assert!(!to_eve.contains("/email/") && !to_eve.contains("Ada"), "{to_eve}");
}

#[tokio::test]
async fn names_that_others_chose_stand_in_no_subject_and_become_no_link() {
    let Some(server) = MailServer::start() else { return };
    let app = app_with(&server.url()).await;
    let mut eve = app.browser();
    eve.sign_up("Win at https://evil.example/x", "www.evil.example", ADA, PASSWORD).await.expect_done();
    eve.learn_csrf().await;
    invite(&mut eve).await;
    let letter = server.only_letter();
    assert!(!letter.contains("evil.example") && !letter.contains("https:/"), "{letter}");
    let subject = letter.lines().find(|line| line.starts_with("Subject:")).unwrap();
    assert!(!subject.contains("evil"), "{subject}");
}

#[tokio::test]
async fn beyond_the_limit_nothing_is_sent_and_whoever_invites_is_told() {
    let Some(server) = MailServer::start() else { return };
    let app = app_with(&server.url()).await;
    let mut ada = app.admin().await;
    for _ in 0..6 {
        assert_eq!(invite(&mut ada).await.mailed, Mailed::Sent);
    }
    let beyond = invite(&mut ada).await;
    assert_eq!(beyond.mailed, Mailed::Limited);
    assert_eq!(server.letters().len(), 6);
    let token = beyond.link.rsplit('/').next().unwrap();
    app.browser().call("join", &[("token", token), ("password", PASSWORD)]).await.expect_done();
}
