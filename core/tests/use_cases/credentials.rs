//! Credentials: viewing, copying and resetting them.

use crate::support::*;
use claviger_core::{
    domain::{
        credential::{CredentialKind, Generation},
        permission::Permission,
    },
    internal_error::InternalError,
    reauthentication::{ActionError, Proof},
    use_cases::credentials::Reset,
};

fn failed<T>(result: Result<T, ActionError>) -> InternalError {
    match result {
        Err(ActionError::InternalError(failure)) => failure,
        _ => panic!("it did not fail"),
    }
}

on_both_engines! {
    async fn a_key_reads_the_same_each_time_it_is_viewed(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        let first = installation.view(&mut ada, PASSWORD).await.unwrap();
        assert_eq!(installation.view(&mut ada, PASSWORD).await.unwrap(), first);
        let summary = &installation.summaries(&ada).await[0];
        assert!(first.ends_with(&summary.hint));
        let masked = installation.claviger.masked(summary);
        assert_eq!(masked, format!("clv_api_••••••••{}", summary.hint));
        assert_eq!(installation.recorded("credential.view done").await, 2);
    }

    async fn a_reset_makes_the_next_generation_of_one_key(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        let old = installation.view(&mut ada, PASSWORD).await.unwrap();
        let new = installation.reset(&mut ada, reset_api_key(1)).await.unwrap();
        assert_eq!(new.len(), 1);
        assert_ne!(new[0], old);
        assert_eq!(installation.view(&mut ada, PASSWORD).await.unwrap(), new[0]);
        let generations: Vec<u32> =
            installation.summaries(&ada).await.iter().map(|summary| summary.generation.number()).collect();
        assert_eq!(generations, [2, 1]);
        assert_eq!(installation.count("SELECT COUNT(*) FROM credential WHERE retired_at IS NOT NULL").await, 1);
        assert_eq!(installation.recorded("credential.reset done").await, 1);
    }

    async fn both_keys_are_reset_together(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        let both = Reset::both(Generation::FIRST, Generation::FIRST);
        let new = installation.reset(&mut ada, both).await.unwrap();
        assert!(new[0].starts_with("clv_api_") && new[1].starts_with("clv_bdl_"));
        assert_eq!(installation.recorded("credential.reset done").await, 2);
    }

    async fn a_reset_of_a_generation_that_is_gone_does_nothing(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        let new = installation.reset(&mut ada, reset_api_key(1)).await.unwrap();
        let both = Reset::both(Generation::FIRST, Generation::FIRST);
        for action in [reset_api_key(1), reset_api_key(3), both] {
            let refused = installation.reset(&mut ada, action).await;
            assert!(matches!(
                refused,
                Err(ActionError::Stale { kind: CredentialKind::ApiKey, by, .. }) if by == "Ada Lovelace"
            ));
        }
        assert_eq!(installation.view(&mut ada, PASSWORD).await.unwrap(), new[0]);
        assert_eq!(installation.count("SELECT COUNT(*) FROM credential").await, 3);
        assert_eq!(installation.recorded("credential.reset stale").await, 3);
    }

    async fn of_two_resets_at_once_one_acts_and_the_other_is_told(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        let permission = [Permission::ApiCredentialsManagement];
        let mut grace = installation.add(&ada, "grace@example.org", &permission).await;
        let (one, other) = tokio::join!(
            installation.reset(&mut ada, reset_api_key(1)),
            installation.reset(&mut grace, reset_api_key(1)),
        );
        assert_ne!(one.is_ok(), other.is_ok());
        let told = one.err().or(other.err());
        assert!(matches!(told, Some(ActionError::Stale { .. })));
        assert_eq!(installation.count("SELECT COUNT(*) FROM credential WHERE kind = 'api_key'").await, 2);
    }

    async fn keys_outlive_a_restart(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        let before = installation.view(&mut ada, PASSWORD).await.unwrap();
        let reopened = installation.reopen(None).await.unwrap();
        let session = reopened.session(Some(&ada.session_token)).await.unwrap();
        let action = claviger_core::use_cases::credentials::View::new(CredentialKind::ApiKey);
        let attempt = claviger_core::password::PasswordAttempt::new(PASSWORD);
        let confirmed = reopened.confirm(session, action, Proof::Password(attempt), request_context()).await.unwrap();
        assert_eq!(reopened.view(confirmed).await.unwrap().keys[0].expose(), before);
        reopened.close().await;
    }

    async fn a_row_moved_to_another_account_does_not_open(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        let _eve = installation.sign_up("eve@example.org").await;
        let moved = installation
            .tamper(
                "UPDATE credential SET sealed = (SELECT other.sealed FROM credential other \
                 WHERE other.account_id <> credential.account_id AND other.kind = credential.kind)",
            )
            .await;
        assert_eq!(moved, 4);
        assert!(matches!(failed(installation.view(&mut ada, PASSWORD).await), InternalError::Sealed(_)));
        assert_eq!(installation.recorded("credential.view done").await, 0);
    }

    async fn a_verifier_put_there_by_somebody_else_is_noticed(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        installation.tamper("UPDATE credential SET verifier = 'x' || verifier").await;
        assert!(matches!(failed(installation.view(&mut ada, PASSWORD).await), InternalError::Mismatch));
    }

    async fn a_data_key_that_is_gone_is_a_failure_and_no_disclosure(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        installation.tamper("DELETE FROM wrapped_key WHERE purpose = 'data'").await;
        assert!(matches!(failed(installation.view(&mut ada, PASSWORD).await), InternalError::MissingKey));
    }

    async fn what_cannot_be_recorded_does_not_happen(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        installation.tamper("ALTER TABLE audit_event RENAME TO audit_event_elsewhere").await;
        assert!(installation.view(&mut ada, PASSWORD).await.is_err());
        assert!(installation.reset(&mut ada, reset_api_key(1)).await.is_err());
        assert_eq!(installation.summaries(&ada).await[0].generation, Generation::FIRST);
    }

    async fn one_organisation_sees_nothing_of_another(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        let mut eve = installation.sign_up("eve@example.org").await;
        let of_ada = installation.view(&mut ada, PASSWORD).await.unwrap();
        assert_ne!(installation.view(&mut eve, PASSWORD).await.unwrap(), of_ada);
        installation.reset(&mut eve, reset_api_key(1)).await.unwrap();
        assert_eq!(installation.view(&mut ada, PASSWORD).await.unwrap(), of_ada);
    }

    async fn no_secret_is_stored_as_it_is(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        let key = installation.view(&mut ada, PASSWORD).await.unwrap();
        let dump = installation.dump().await;
        let random_part = &key["clv_api_".len()..];
        for secret in [random_part, PASSWORD, ada.session_token.as_str(), ada.device_token.as_str()] {
            assert!(!dump.contains(secret), "a secret stands in the database");
        }
        assert!(dump.contains("ada@example.org"), "the dump is of this database");
    }
}
