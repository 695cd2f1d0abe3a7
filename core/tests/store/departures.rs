//! When somebody leaves: which keys they have seen, and the reset in the same step.

use crate::support::*;
use claviger_core::{
    domain::{credential::CredentialKind, permission::Permission},
    members::MemberChange,
    reauthentication::ActionError,
};

const GRACE: &str = "grace@example.org";

on_both_engines! {
    async fn a_member_has_seen_what_they_viewed_or_copied_since_it_was_made(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        let mut grace = installation.add(&ada, GRACE, &[Permission::ApiCredentialsManagement]).await;
        assert!(installation.line(&ada, GRACE).await.seen.is_empty());
        assert!(installation.view(&mut grace, WRONG).await.is_err());
        assert!(installation.line(&ada, GRACE).await.seen.is_empty(), "a refused view shows nothing");
        installation.view(&mut grace, PASSWORD).await.unwrap();
        installation.copy(&mut grace, PASSWORD).await.unwrap();
        let both = [CredentialKind::ApiKey, CredentialKind::BundleKey];
        assert_eq!(installation.line(&ada, GRACE).await.seen, both);
        installation.reset(&mut ada, reset_api_key(1)).await.unwrap();
        assert_eq!(installation.line(&ada, GRACE).await.seen, [CredentialKind::BundleKey]);
        assert_eq!(installation.line(&ada, "ada@example.org").await.seen, [CredentialKind::ApiKey]);
    }

    async fn a_key_is_reset_in_the_step_that_removes_whoever_has_seen_it(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        let mut grace = installation.add(&ada, GRACE, &[Permission::ApiCredentialsManagement]).await;
        let old = installation.view(&mut grace, PASSWORD).await.unwrap();
        let id = installation.id(&ada, GRACE).await;
        installation.change_and_reset(&mut ada, &id, MemberChange::Remove, &[1]).await.unwrap();
        assert_ne!(installation.view(&mut ada, PASSWORD).await.unwrap(), old);
        assert_eq!(installation.summaries(&ada).await[0].generation.number(), 2);
        assert_eq!(installation.recorded("credential.reset done").await, 1);
        assert_eq!(installation.recorded("member.remove done").await, 1);
    }

    async fn a_reset_that_comes_too_late_leaves_everything_as_it_is(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        let grace = installation.add(&ada, GRACE, &[]).await;
        let id = installation.id(&ada, GRACE).await;
        installation.reset(&mut ada, reset_api_key(1)).await.unwrap();
        let late = installation.change_and_reset(&mut ada, &id, MemberChange::Remove, &[1]).await;
        assert!(matches!(late, Err(ActionError::Stale { .. })));
        assert!(installation.session(&grace).await.is_ok());
        assert_eq!(installation.summaries(&ada).await[0].generation.number(), 2);
        assert_eq!(installation.recorded("member.remove stale").await, 1);
    }

    async fn whoever_may_not_reset_resets_nothing_by_removing(installation: Installation) {
        let ada = installation.sign_up("ada@example.org").await;
        let mut manager = installation.add(&ada, "m@example.org", &[Permission::MemberManagement]).await;
        let grace = installation.add(&ada, GRACE, &[]).await;
        let id = installation.id(&ada, GRACE).await;
        let refused = installation.change_and_reset(&mut manager, &id, MemberChange::Remove, &[1]).await;
        let keys = Permission::ApiCredentialsManagement;
        assert!(matches!(refused, Err(ActionError::NotPermitted { permission, .. }) if permission == keys));
        assert!(installation.session(&grace).await.is_ok());
        assert_eq!(installation.summaries(&ada).await[0].generation.number(), 1);
        assert!(installation.found(&manager, "", 1).await.keys.is_empty());
    }
}
