//! Signing up.

use crate::support::*;
use claviger_core::{
    authentication::session::BrowserTokens,
    domain::{
        credential::CredentialKind,
        field_errors::{EmailProblem, FieldErrors, PasswordError},
        text::TextError,
    },
    use_cases::sign_up::{SignUpError, SignUpForm},
};
use sqlx::{AnyConnection, Connection, Executor};
use std::time::Duration;

on_both_engines! {
    async fn an_account_is_born_with_both_its_keys(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        let summaries = installation.summaries(&ada).await;
        let kinds: Vec<CredentialKind> = summaries.iter().map(|summary| summary.kind).collect();
        assert_eq!(kinds, CredentialKind::ALL);
        assert!(summaries.iter().all(|summary| summary.created_by == "Ada Lovelace"));
        assert!(installation.view(&mut ada, PASSWORD).await.unwrap().starts_with("clv_api_"));
        assert!(installation.copy(&mut ada, PASSWORD).await.unwrap().starts_with("clv_bdl_"));
    }

    async fn everything_about_a_sign_up_is_recorded(installation: Installation) {
        installation.sign_up("ada@example.org").await;
        assert_eq!(
            installation.trail().await,
            [
                "account.create done",
                "member.add done",
                "credential.create done",
                "credential.create done",
                "session.sign_in done",
            ]
        );
    }

    async fn an_email_is_taken_whatever_its_case(installation: Installation) {
        installation.sign_up("ada@example.org").await;
        let error = installation.try_sign_up("Contoso", "ADA@Example.org").await.err().unwrap();
        let expected = FieldErrors { email: Some(EmailProblem::Taken), ..FieldErrors::default() };
        assert!(matches!(error, SignUpError::Invalid(fields) if fields == expected));
        assert_eq!(installation.count("SELECT COUNT(*) FROM account").await, 1);
    }

    async fn of_two_sign_ups_at_once_with_one_email_one_succeeds(installation: Installation) {
        let (one, other) = tokio::join!(
            installation.try_sign_up("Northwind", "ada@example.org"),
            installation.try_sign_up("Contoso", "ada@example.org"),
        );
        assert_ne!(one.is_ok(), other.is_ok());
        assert_eq!(installation.count("SELECT COUNT(*) FROM account").await, 1);
        assert_eq!(installation.count("SELECT COUNT(*) FROM credential").await, 2);
        assert_eq!(installation.count("SELECT COUNT(*) FROM wrapped_key WHERE purpose = 'data'").await, 1);
    }

    async fn organisations_of_one_name_are_told_apart(installation: Installation) {
        installation.sign_up("ada@example.org").await;
        installation.clock.advance(Duration::from_secs(1));
        installation.sign_up("eve@example.org").await;
        let accounts = installation.claviger.list_accounts().await.unwrap();
        assert_eq!(accounts[0].slug, "northwind");
        assert!(accounts[1].slug.starts_with("northwind-"), "{}", accounts[1].slug);
    }

    async fn everything_that_is_wrong_is_told_at_once(installation: Installation) {
        let form = SignUpForm { organisation: " ", name: "a\nb", email: "ada", password: "short" };
        let error =
            installation.claviger.sign_up(form, BrowserTokens::default(), &request_context()).await.unwrap_err();
        let SignUpError::Invalid(fields) = error else { panic!("{error}") };
        assert_eq!(fields.organisation, Some(TextError::Missing));
        assert_eq!(fields.name, Some(TextError::Unprintable));
        assert!(matches!(fields.email, Some(EmailProblem::Form(_))));
        assert_eq!(fields.password, Some(PasswordError::TooShort(15)));
        assert_eq!(installation.count("SELECT COUNT(*) FROM account").await, 0);
    }

    async fn one_address_cannot_sign_up_without_end(installation: Installation) {
        let form = SignUpForm { organisation: "", name: "", email: "", password: "" };
        for _ in 0..120 {
            let refused = installation.claviger.sign_up(form, BrowserTokens::default(), &request_context()).await;
            assert!(matches!(refused, Err(SignUpError::Invalid(_))));
        }
        let refused = installation.claviger.sign_up(form, BrowserTokens::default(), &request_context()).await;
        assert!(matches!(refused, Err(SignUpError::Throttled(_))));
    }

    async fn two_organisations_of_one_name_that_sign_up_at_once_are_both_made(installation: Installation) {
        // Another transaction has inserted the same name and has not committed yet.
        let mut other = installation.connection().await;
        other.execute(installation.begin_writing()).await.unwrap();
        other
            .execute("INSERT INTO account (id, name, slug, created_at, version, limit_per_second, limit_per_minute) \
                      VALUES ('other', 'Northwind', 'northwind', 0, 0, 1, 1)")
            .await
            .unwrap();
        let signing_up = installation.sign_up("ada@example.org");
        let commit = async {
            installation.wait_for_a_blocked_writer().await;
            other.execute("COMMIT").await.unwrap();
        };
        tokio::join!(signing_up, commit);
        other.close().await.unwrap();
        let with_a_number = "SELECT COUNT(*) FROM account WHERE slug LIKE 'northwind-%'";
        assert_eq!(installation.count(with_a_number).await, 1);
    }
}

impl Installation {
    async fn connection(&self) -> AnyConnection {
        AnyConnection::connect(&self.url).await.unwrap()
    }

    fn begin_writing(&self) -> &'static str {
        if self.url.starts_with("sqlite:") { "BEGIN IMMEDIATE" } else { "BEGIN" }
    }

    /// On PostgreSQL, waits until a statement waits for a lock. On SQLite there is one writer: a writer before the
    /// commit waits, and a writer after it sees the row.
    async fn wait_for_a_blocked_writer(&self) {
        let waiting = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
                       AND wait_event_type = 'Lock'";
        while self.url.starts_with("postgres:") && self.count(waiting).await == 0 {
            tokio::task::yield_now().await;
        }
    }
}
