//! Refused actions are recorded, and cannot be repeated without limit.

use crate::support::*;
use claviger_core::{
    domain::{invitation::InvitationId, permission::Permission},
    reauthentication::ActionError,
};
use std::time::Duration;

on_both_engines! {
    async fn refused_invitations_withdrawals_and_names_are_recorded(installation: Installation) {
        let (ada, grace, _) = installation.with_grace(&[Permission::AuditLog]).await;
        assert!(installation.invite(&grace, "eve@example.org").await.is_err());
        let unknown = InvitationId::parse("0199").unwrap();
        assert!(installation.withdraw(&grace, &unknown).await.is_err());
        assert!(installation.withdraw(&ada, &unknown).await.is_err());
        let session = installation.session(&grace).await.unwrap();
        assert!(installation.claviger.rename_organisation(&session, "Eve", &request_context()).await.is_err());
        for refused in [
            "invitation.create not_permitted",
            "invitation.withdraw not_permitted",
            "invitation.withdraw impossible",
            "account.rename not_permitted",
        ] {
            assert_eq!(installation.recorded(refused).await, 1, "{refused}");
        }
    }

    async fn whoever_is_refused_again_and_again_must_wait_and_fills_the_trail_no_further(installation: Installation) {
        let (ada, mut grace, _) = installation.with_grace(&[]).await;
        for _ in 0..60 {
            assert!(matches!(installation.view(&mut grace, "").await, Err(ActionError::NotPermitted { .. })));
        }
        for _ in 0..10 {
            let refused = installation.view(&mut grace, "").await;
            assert!(matches!(refused, Err(ActionError::TooOften(wait)) if wait.as_secs() == 60));
        }
        assert_eq!(installation.recorded("credential.view not_permitted").await, 60);

        let mut alan = installation.add(&ada, "alan@example.org", &[]).await;
        assert!(matches!(installation.view(&mut alan, "").await, Err(ActionError::NotPermitted { .. })));
        installation.clock.advance(Duration::from_secs(60));
        assert!(matches!(installation.view(&mut grace, "").await, Err(ActionError::NotPermitted { .. })));
    }

    async fn a_member_who_was_refused_often_may_act_at_once_when_permitted(installation: Installation) {
        let (_, mut grace, _) = installation.with_grace(&[]).await;
        for _ in 0..61 {
            assert!(installation.view(&mut grace, "").await.is_err());
        }
        installation
            .tamper("INSERT INTO permission_grant (member_id, permission, granted_by, granted_at) \
                     SELECT id, 'api_credentials_management', id, 0 FROM member WHERE email = 'grace@example.org'")
            .await;
        assert!(installation.view(&mut grace, PASSWORD).await.is_ok());
    }

    async fn resets_are_limited_and_never_block_anybody_for_more_than_a_minute(installation: Installation) {
        let permission = [Permission::ApiCredentialsManagement];
        let (mut ada, mut grace, _) = installation.with_grace(&permission).await;
        for shown in 1..=30 {
            installation.reset(&mut grace, reset_api_key(shown)).await.unwrap();
        }
        let refused = installation.reset(&mut grace, reset_api_key(31)).await;
        assert!(matches!(refused, Err(ActionError::TooOften(wait)) if wait.as_secs() == 60));
        installation.reset(&mut ada, reset_api_key(31)).await.unwrap();
        installation.clock.advance(Duration::from_secs(60));
        installation.reset(&mut grace, reset_api_key(32)).await.unwrap();
    }
}
