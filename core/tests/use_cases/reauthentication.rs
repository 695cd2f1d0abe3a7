//! Re-authentication: the checks between a session and a key.

use crate::support::*;
use claviger_core::{
    domain::{credential::CredentialKind, permission::Permission},
    limits::throttle::Throttled,
    password::PasswordAttempt,
    reauthentication::{ActionError, Proof},
    use_cases::credentials::View,
};
use std::time::Duration;

fn admins_of<T>(result: Result<T, ActionError>) -> Vec<String> {
    match result {
        Err(ActionError::NotPermitted { admins, .. }) => admins,
        _ => panic!("the action was not refused for want of the permission"),
    }
}

on_both_engines! {
    async fn a_wrong_or_empty_password_discloses_nothing(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        for password in [WRONG, "", &"x".repeat(5000)] {
            let refused = installation.view(&mut ada, password).await;
            assert!(matches!(refused, Err(ActionError::ProofRefused { wait: Duration::ZERO })));
        }
        assert_eq!(installation.recorded("credential.view wrong_password").await, 3);
        assert_eq!(installation.recorded("credential.view done").await, 0);
    }

    async fn wrong_passwords_slow_the_dialog_down(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        for _ in 0..4 {
            assert!(installation.view(&mut ada, WRONG).await.is_err());
        }
        let fifth = installation.view(&mut ada, WRONG).await;
        assert!(matches!(fifth, Err(ActionError::ProofRefused { wait }) if wait.as_secs() == 30));
        let right = installation.view(&mut ada, PASSWORD).await;
        assert!(matches!(right, Err(ActionError::Throttled(Throttled::Wait(wait))) if wait.as_secs() == 30));
        installation.clock.advance(Duration::from_secs(30));
        assert!(installation.view(&mut ada, PASSWORD).await.is_ok());
        assert!(installation.view(&mut ada, WRONG).await.is_err_and(|error| {
            matches!(error, ActionError::ProofRefused { wait: Duration::ZERO })
        }));
    }

    async fn a_member_without_the_permission_is_refused_whatever_the_password(installation: Installation) {
        let ada = installation.sign_up("ada@example.org").await;
        let mut grace = installation.add(&ada, "grace@example.org", &[]).await;
        for password in [PASSWORD, WRONG, ""] {
            assert_eq!(admins_of(installation.view(&mut grace, password).await), ["Ada Lovelace"]);
        }
        assert_eq!(admins_of(installation.copy(&mut grace, PASSWORD).await), ["Ada Lovelace"]);
        assert_eq!(admins_of(installation.reset(&mut grace, reset_api_key(1)).await), ["Ada Lovelace"]);
        assert_eq!(installation.recorded("credential.view not_permitted").await, 3);
        assert_eq!(installation.count("SELECT COUNT(*) FROM login_failure").await, 0);
    }

    async fn a_permission_taken_back_after_the_password_still_refuses(installation: Installation) {
        let ada = installation.sign_up("ada@example.org").await;
        let permission = [Permission::ApiCredentialsManagement];
        let grace = installation.add(&ada, "grace@example.org", &permission).await;
        let session = installation.session(&grace).await.unwrap();
        let (action, attempt) = (View::new(CredentialKind::ApiKey), PasswordAttempt::new(PASSWORD));
        let confirmed =
            installation.claviger.confirm(session, action, Proof::Password(attempt), request_context()).await.unwrap();
        installation.tamper("DELETE FROM permission_grant").await;
        assert_eq!(admins_of(installation.claviger.view(confirmed).await), ["Ada Lovelace"]);
        assert_eq!(installation.recorded("credential.view done").await, 0);
    }

    async fn a_sign_out_after_the_password_still_refuses(installation: Installation) {
        let ada = installation.sign_up("ada@example.org").await;
        let session = installation.session(&ada).await.unwrap();
        let (action, attempt) = (View::new(CredentialKind::ApiKey), PasswordAttempt::new(PASSWORD));
        let confirmed =
            installation.claviger.confirm(session, action, Proof::Password(attempt), request_context()).await.unwrap();
        let session = installation.session(&ada).await.unwrap();
        installation.claviger.sign_out(session, &request_context()).await.unwrap();
        assert!(matches!(installation.claviger.view(confirmed).await, Err(ActionError::SignedOut)));
        assert_eq!(installation.recorded("credential.view done").await, 0);
    }

    async fn a_confirmation_dropped_before_it_is_used_discloses_and_records_nothing(installation: Installation) {
        let ada = installation.sign_up("ada@example.org").await;
        let session = installation.session(&ada).await.unwrap();
        let (action, attempt) = (View::new(CredentialKind::ApiKey), PasswordAttempt::new(PASSWORD));
        let confirmed =
            installation.claviger.confirm(session, action, Proof::Password(attempt), request_context()).await.unwrap();
        drop(confirmed);
        assert_eq!(installation.recorded("credential.view done").await, 0);
        assert!(installation.session(&ada).await.is_ok());
    }
}
