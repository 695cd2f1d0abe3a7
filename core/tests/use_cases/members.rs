//! Members whom the operator adds and helps.

use crate::support::*;
use claviger_core::{
    domain::permission::Permission,
    use_cases::{accounts::MemberError, credentials::Overview},
};

on_both_engines! {
    async fn a_member_sees_the_keys_with_the_permission_and_the_admins_without(installation: Installation) {
        let ada = installation.sign_up("ada@example.org").await;
        let granted = [Permission::ApiCredentialsManagement];
        let grace = installation.add(&ada, "grace@example.org", &granted).await;
        assert_eq!(installation.summaries(&grace).await.len(), 2);

        let others = [Permission::MemberManagement, Permission::AuditLog];
        let alan = installation.add(&ada, "alan@example.org", &others).await;
        let session = installation.session(&alan).await.unwrap();
        let overview = installation.claviger.credentials(&session).await.unwrap();
        assert_eq!(overview, Overview::Refused { admins: vec!["Ada Lovelace".to_owned()] });
    }

    async fn nobody_is_unlocked_who_is_not_there(installation: Installation) {
        installation.sign_up("ada@example.org").await;
        for email in ["eve@example.org", "no address"] {
            let refused = installation.claviger.unlock_member(email).await;
            assert!(matches!(refused, Err(MemberError::NoSuchMember)));
        }
    }
}
