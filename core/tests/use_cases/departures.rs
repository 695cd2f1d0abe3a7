//! A member leaves: which keys they have seen, and the reset in the same step.

use crate::{people::*, support::*};
use claviger_core::{
    domain::{
        credential::{
            CredentialKind::{ApiKey, BundleKey},
            Generation,
        },
        permission::Permission::{self, ApiCredentialsManagement, AuditLog, MemberManagement},
    },
    reauthentication::ActionError,
    use_cases::{credentials::Reset, members::MemberChange},
};

impl Installation {
    /// The numbers of the current generations of the API key and of the bundle key.
    async fn generations(&self, person: &Person) -> [u32; 2] {
        let summaries = self.summaries(person).await;
        [summaries[0].generation.number(), summaries[1].generation.number()]
    }
}

on_both_engines! {
    async fn a_member_has_seen_what_they_viewed_or_copied_since_it_was_made(installation: Installation) {
        let (mut ada, mut grace, _) = installation.with_grace(&[ApiCredentialsManagement]).await;
        assert!(installation.line(&ada, GRACE).await.seen.is_empty());
        assert!(installation.line(&ada, ADA).await.seen.is_empty(), "whoever signs up is shown no key");
        installation.view(&mut grace, PASSWORD).await.unwrap();
        assert_eq!(installation.line(&ada, GRACE).await.seen, [ApiKey]);
        installation.copy(&mut grace, PASSWORD).await.unwrap();
        assert_eq!(installation.line(&ada, GRACE).await.seen, [ApiKey, BundleKey]);

        installation.reset(&mut ada, reset_api_key(1)).await.unwrap();
        assert_eq!(installation.line(&ada, GRACE).await.seen, [BundleKey]);
        assert_eq!(installation.line(&ada, ADA).await.seen, [ApiKey]);
        installation.view(&mut grace, PASSWORD).await.unwrap();
        assert_eq!(installation.line(&ada, GRACE).await.seen, [ApiKey, BundleKey]);
    }

    async fn an_attempt_that_failed_shows_nobody_a_key(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[ApiCredentialsManagement]).await;
        assert!(installation.view(&mut grace, WRONG).await.is_err());
        installation.reset(&mut ada, reset_api_key(1)).await.unwrap();
        let late = installation.reset(&mut grace, reset_api_key(1)).await;
        assert!(matches!(late, Err(ActionError::Stale { .. })));
        installation.change(&mut ada, &id, MemberChange::Revoke(ApiCredentialsManagement)).await.unwrap();
        assert!(installation.copy(&mut grace, PASSWORD).await.is_err());
        assert!(installation.line(&ada, GRACE).await.seen.is_empty());
    }

    async fn what_was_seen_is_told_also_of_whoever_may_see_no_more(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[ApiCredentialsManagement]).await;
        installation.view(&mut grace, PASSWORD).await.unwrap();
        installation.change(&mut ada, &id, MemberChange::Revoke(ApiCredentialsManagement)).await.unwrap();
        installation.change(&mut ada, &id, MemberChange::Disable).await.unwrap();
        assert_eq!(installation.line(&ada, GRACE).await.seen, [ApiKey]);
    }

    async fn what_was_seen_elsewhere_is_not_told_here(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let mut eve = installation.sign_up("eve@example.org").await;
        installation.view(&mut eve, PASSWORD).await.unwrap();
        assert!(installation.line(&ada, ADA).await.seen.is_empty());
        assert_eq!(installation.line(&eve, "eve@example.org").await.seen, [ApiKey]);
    }

    async fn a_key_is_reset_in_the_step_that_removes_whoever_has_seen_it(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[ApiCredentialsManagement]).await;
        let old = installation.view(&mut grace, PASSWORD).await.unwrap();
        installation.change_and_reset(&mut ada, &id, MemberChange::Remove, &[(ApiKey, 1)]).await.unwrap();
        assert_ne!(installation.view(&mut ada, PASSWORD).await.unwrap(), old);
        assert_eq!(installation.generations(&ada).await, [2, 1]);
        assert_eq!(installation.summaries(&ada).await[0].created_by, "Ada Lovelace");
        let retired = "SELECT COUNT(*) FROM credential WHERE retired_at IS NOT NULL AND kind = 'api_key'";
        assert_eq!(installation.count(retired).await, 1);
        assert_eq!(installation.recorded("credential.reset done").await, 1);
        assert_eq!(installation.recorded("member.remove done").await, 1);
        assert!(installation.claviger.verify_audit().await.unwrap().broken.is_empty());
    }

    async fn both_keys_are_reset_with_whatever_takes_them_out_of_reach(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[ApiCredentialsManagement]).await;
        for (number, change) in [
            (1, MemberChange::Revoke(ApiCredentialsManagement)),
            (2, give("auditor")),
            (3, MemberChange::Disable),
        ] {
            let reset = [(ApiKey, number), (BundleKey, number)];
            installation.change_and_reset(&mut ada, &id, change, &reset).await.unwrap();
            assert_eq!(installation.generations(&ada).await, [number + 1, number + 1]);
        }
        assert!(installation.view(&mut grace, PASSWORD).await.is_err());
        assert!(!installation.line(&ada, GRACE).await.is_active);
        assert_eq!(installation.recorded("credential.reset done").await, 6);
    }

    async fn a_reset_that_comes_too_late_leaves_everything_as_it_is(installation: Installation) {
        let (mut ada, grace, id) = installation.with_grace(&[MemberManagement, AuditLog]).await;
        let invitation = installation.invite(&grace, "alan@example.org").await.unwrap();
        installation.reset(&mut ada, reset_api_key(1)).await.unwrap();
        let (before, token) = (installation.found(&ada, "", 1).await, ada.session_token.clone());
        for reset in [&[(ApiKey, 1)][..], &[(BundleKey, 1), (ApiKey, 1)], &[(ApiKey, 3)], &[(ApiKey, 0)]] {
            let late = installation.change_and_reset(&mut ada, &id, MemberChange::Remove, reset).await;
            assert!(matches!(late, Err(ActionError::Stale { kind: ApiKey, by, .. }) if by == "Ada Lovelace"));
        }
        assert_eq!(installation.found(&ada, "", 1).await, before);
        assert_eq!(ada.session_token, token);
        assert!(installation.session(&grace).await.is_ok());
        assert!(installation.claviger.invitation(&invitation).await.is_ok());
        assert!(installation.lets_in(GRACE, PASSWORD).await);
        assert_eq!(installation.generations(&ada).await, [2, 1]);
        assert_eq!(installation.recorded("member.remove stale").await, 4);
        assert_eq!(installation.recorded("credential.reset done").await, 1);
    }

    async fn a_key_reset_while_the_password_was_typed_stops_the_removal(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[ApiCredentialsManagement]).await;
        let reset = vec![(ApiKey, Generation::FIRST)];
        let removing = claviger_core::use_cases::members::ChangeMember::new(id, MemberChange::Remove, reset);
        let confirmed = installation.confirm(&ada, removing).await.unwrap();
        let both = Reset::both(Generation::FIRST, Generation::FIRST);
        installation.reset(&mut grace, both).await.unwrap();
        let late = installation.claviger.change_member(confirmed).await;
        assert!(matches!(late, Err(ActionError::Stale { by, .. }) if by == "Grace Hopper"));
        installation.view(&mut grace, PASSWORD).await.unwrap();
        assert_eq!(installation.generations(&ada).await, [2, 2]);
        installation.view(&mut ada, PASSWORD).await.unwrap();
    }

    async fn whoever_may_not_reset_resets_nothing_by_removing(installation: Installation) {
        let (ada, grace, id) = installation.with_grace(&[]).await;
        let mut manager = installation.add(&ada, "m@example.org", &[MemberManagement]).await;
        let reset = [(ApiKey, 1)];
        let refused = installation.change_and_reset(&mut manager, &id, MemberChange::Remove, &reset).await;
        assert!(not_permitted(&refused, ApiCredentialsManagement));
        assert!(installation.session(&grace).await.is_ok());
        assert_eq!(installation.generations(&ada).await, [1, 1]);
        assert_eq!(installation.recorded("member.remove not_permitted").await, 1);
        assert!(installation.found(&manager, "", 1).await.keys.is_empty());
        let keys = installation.found(&ada, "", 1).await.keys;
        assert_eq!(keys, [(ApiKey, Generation::FIRST), (BundleKey, Generation::FIRST)]);
    }

    async fn a_refused_change_resets_nothing(installation: Installation) {
        let (mut ada, mut manager, _) = installation.with_grace(&Permission::ALL).await;
        let adas = installation.id(&ada, ADA).await;
        let reset = [(ApiKey, 1), (BundleKey, 1)];
        let refused = installation.change_and_reset(&mut manager, &adas, MemberChange::Remove, &reset).await;
        assert!(matches!(refused, Err(ActionError::AdminsOnly)));
        let refused = installation.change_and_reset(&mut ada, &adas, MemberChange::Disable, &reset).await;
        assert!(matches!(refused, Err(ActionError::LastAdmin)));
        assert_eq!(installation.generations(&ada).await, [1, 1]);
        assert_eq!(installation.recorded("credential.reset done").await, 0);
    }
}
