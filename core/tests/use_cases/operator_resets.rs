//! Resets by the operator: of one account, and of everything that an old backup restores.

use crate::support::*;
use claviger_core::{
    authentication::session::BrowserTokens, domain::credential::CredentialKind,
    use_cases::bundles::AccountChangeError,
};

on_both_engines! {
    async fn the_operator_resets_one_key_of_an_account(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        let old = installation.pair(&mut ada).await;
        installation.claviger.load_keys().await.unwrap();
        installation.claviger.reset_keys("northwind", &[CredentialKind::ApiKey]).await.unwrap();
        assert!(installation.verify(&old).is_err(), "the old key is refused from the answer on");
        let new = installation.pair(&mut ada).await;
        assert!(installation.verify(&new).is_ok());
        assert_ne!(old.api_key, new.api_key);
        assert_eq!(old.bundle_key, new.bundle_key, "the bundle key stays");
        let summaries = installation.summaries(&ada).await;
        assert_eq!(summaries[0].created_by, "the operator");
        assert_eq!(summaries[1].created_by, "Ada Lovelace");
        assert_eq!(installation.recorded("credential.reset done").await, 1);
        assert!(installation.claviger.verify_audit().await.unwrap().broken.is_empty());
        let nobody = installation.claviger.reset_keys("nobody", &CredentialKind::ALL).await;
        assert!(matches!(nobody, Err(AccountChangeError::NoSuchAccount)));
    }

    async fn after_a_reset_of_all_access_nothing_that_was_there_opens_anything(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        let eve = installation.try_sign_up("Other", "eve@example.org").await.unwrap();
        let old = installation.pair(&mut ada).await;
        let invitation = installation.invite(&ada, "grace@example.org").await.unwrap();
        let link = installation.claviger.make_password_link(&ada.email).await.unwrap();
        installation.claviger.load_keys().await.unwrap();

        let (_, ended) = installation.claviger.reset_access("northwind").await.unwrap();
        assert_eq!((ended.sessions, ended.links), (1, 2));
        assert!(installation.verify(&old).is_err());
        assert!(installation.session(&ada).await.is_err());
        assert!(installation.claviger.invitation(&invitation).await.is_err());
        assert!(installation.claviger.password_link(link.expose()).await.is_err());
        assert!(installation.session(&eve).await.is_ok(), "another account is left alone");
        ada.keep(&installation.sign_in(&ada.email, PASSWORD, BrowserTokens::default()).await.unwrap());
        let new = installation.pair(&mut ada).await;
        assert!(installation.verify(&new).is_ok());
        assert!(installation.claviger.verify_audit().await.unwrap().broken.is_empty());
    }
}
