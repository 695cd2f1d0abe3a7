//! The list of members, the roles of an organisation's own, and what is a member's own.

use crate::{people::*, support::*};
use claviger_core::{
    domain::{
        permission::Permission,
        role::{RoleId, RoleName},
    },
    members::MemberChange,
    password::{PasswordAttempt, PasswordError},
    reauthentication::ActionError,
    roles::ChangeRoles,
    session::BrowserTokens,
    sign_up::FieldErrors,
};

const ADA: &str = "ada@example.org";

fn create(name: &str, permissions: &[Permission]) -> ChangeRoles {
    ChangeRoles::create(RoleName::parse(name).unwrap(), set(permissions))
}

on_both_engines! {
    async fn members_are_found_by_any_part_of_name_and_address_in_any_case(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        installation.sign_up("eve@example.org").await;
        let session = installation.session(&ada).await.unwrap();
        installation.claviger.change_name(&session, "Özge 100% _A!", &circumstances()).await.unwrap();
        let found = async |search: &str| installation.found(&ada, search, 1).await.found;
        for search in ["ÖZGE", "100%", "_a!", " ADA@ex", ""] {
            assert_eq!(found(search).await, 1, "{search}");
        }
        for search in ["eve", "100_", "özgÜ", "%%", "zge%A"] {
            assert_eq!(found(search).await, 0, "{search}");
        }
    }

    async fn a_long_list_comes_in_pages(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        installation.tamper(
            "INSERT INTO member (id, account_id, email, email_folded, name, name_folded, password_hash, status, \
             created_at) WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 60) \
             SELECT 'member-' || n, a.id, 'm' || n || '@example.org', 'm' || n || '@example.org', 'Member', 'member', \
             '', 'active', 0 FROM numbers, account a",
        ).await;
        let first = installation.found(&ada, "", 0).await;
        assert_eq!((first.found, first.page, first.pages, first.members.len()), (61, 1, 3, 25));
        let last = installation.found(&ada, "", 99).await;
        assert_eq!((last.page, last.members.len()), (3, 11));
        let mut seen = std::collections::BTreeSet::new();
        for page in 1..=3 {
            seen.extend(installation.found(&ada, "", page).await.members.into_iter().map(|line| line.id));
        }
        assert_eq!(seen.len(), 61);
        assert_eq!(installation.found(&ada, "m60@", 1).await.members.len(), 1);
    }

    async fn a_role_acts_at_once_for_whoever_has_it(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let mut grace = installation.add(&ada, "grace@example.org", &[]).await;
        let id = installation.id(&ada, "grace@example.org").await;
        installation.change_roles(&mut ada, create("Support", &[Permission::AuditLog])).await.unwrap();
        let role = installation.role(&ada, "Support").await;
        installation.change(&mut ada, &id, MemberChange::SetRole(Some(role.clone()))).await.unwrap();
        let in_use = installation.change_roles(&mut ada, ChangeRoles::delete(role.clone())).await;
        assert!(matches!(in_use, Err(ActionError::RoleInUse)));

        assert!(installation.view(&mut grace, PASSWORD).await.is_err());
        let keys = set(&[Permission::ApiCredentialsManagement]);
        installation.change_roles(&mut ada, ChangeRoles::edit(role.clone(), keys)).await.unwrap();
        installation.view(&mut grace, PASSWORD).await.unwrap();
        installation.change_roles(&mut ada, ChangeRoles::edit(role.clone(), set(&[]))).await.unwrap();
        assert!(installation.view(&mut grace, PASSWORD).await.is_err());

        installation.change(&mut ada, &id, MemberChange::SetRole(None)).await.unwrap();
        installation.change_roles(&mut ada, ChangeRoles::delete(role.clone())).await.unwrap();
        let gone = installation.change(&mut ada, &id, MemberChange::SetRole(Some(role))).await;
        assert!(matches!(gone, Err(ActionError::Gone)));
    }

    async fn a_role_needs_a_name_of_its_own_and_the_built_in_ones_stay(installation: Installation) {
        let mut ada = installation.sign_up(ADA).await;
        let mut eve = installation.sign_up("eve@example.org").await;
        installation.change_roles(&mut ada, create("Support", &[])).await.unwrap();
        for name in ["SUPPORT", "admin", "Developer"] {
            let taken = installation.change_roles(&mut ada, create(name, &[])).await;
            assert!(matches!(taken, Err(ActionError::RoleNameTaken)), "{name}");
        }
        let adas = installation.role(&ada, "Support").await;
        installation.change_roles(&mut eve, create("Support", &[])).await.unwrap();
        for role in [RoleId::admin(), adas] {
            let gone = installation.change_roles(&mut eve, ChangeRoles::edit(role, set(&[]))).await;
            assert!(matches!(gone, Err(ActionError::Gone)));
        }
    }

    async fn a_new_password_ends_all_other_sessions_and_the_old_password(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let elsewhere = installation.sign_in(ADA, PASSWORD, BrowserTokens::default()).await.unwrap();
        let session = installation.session(&ada).await.unwrap();
        let weak = installation.claviger.prepare_password(&session, "northwind ada@example.org").await;
        let made_of_names = FieldErrors { password: Some(PasswordError::MadeOfNames), ..FieldErrors::default() };
        assert!(matches!(weak, Err(ActionError::Invalid(errors)) if errors == made_of_names));

        let action = installation.claviger.prepare_password(&session, OTHER).await.unwrap();
        let attempt = PasswordAttempt::new(PASSWORD);
        let confirmed = installation.claviger.confirm(session, action, attempt, circumstances()).await.unwrap();
        let token = installation.claviger.change_password(confirmed).await.unwrap();
        assert!(installation.claviger.session(Some(token.expose())).await.is_ok());
        assert!(installation.claviger.session(Some(elsewhere.session_token.expose())).await.is_err());
        assert!(installation.sign_in(ADA, PASSWORD, BrowserTokens::default()).await.is_err());
        installation.sign_in(ADA, OTHER, BrowserTokens::default()).await.unwrap();
        assert_eq!(installation.recorded("profile.change_password done").await, 1);
    }

    async fn a_session_of_somebody_else_is_nobodys_to_end(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let grace = installation.add(&ada, "grace@example.org", &[]).await;
        let (adas, graces) =
            (installation.session(&ada).await.unwrap(), installation.session(&grace).await.unwrap());
        let lines = installation.claviger.profile(&graces).await.unwrap().sessions;
        assert_eq!((lines.len(), lines[0].is_this, lines[0].address.as_str()), (1, true, "203.0.113.9"));
        let refused = installation.claviger.end_session(&adas, &lines[0].id, &circumstances()).await;
        assert!(matches!(refused, Err(ActionError::Gone)));
        assert!(installation.session(&grace).await.is_ok());
        installation.claviger.end_session(&graces, &lines[0].id, &circumstances()).await.unwrap();
        assert!(installation.session(&grace).await.is_err());
    }
}
