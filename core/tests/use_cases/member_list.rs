//! The list of members: the members that a search finds, their pages, and what the list shows of each member.

use crate::{people::*, support::*};
use claviger_core::{
    domain::permission::Permission::{self, ApiCredentialsManagement, AuditLog, MemberManagement},
    use_cases::members::{MemberChange, MemberLine, MembersOverview},
};
use std::{collections::BTreeSet, time::Duration};

/// Inserts sixty members without a password into every organisation: `m1@example.org` to `m60@example.org`.
const SIXTY: &str = "INSERT INTO member (id, account_id, email, email_folded, name, name_folded, password_hash, \
    status, created_at) WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 60) \
    SELECT 'member-' || n, a.id, 'm' || n || '@example.org', 'm' || n || '@example.org', 'Member', 'member', '', \
    'active', 0 FROM numbers, account a";

fn emails(lines: &[MemberLine]) -> Vec<&str> {
    lines.iter().map(|line| line.email.as_str()).collect()
}

on_both_engines! {
    async fn members_are_found_by_any_part_of_name_and_address_in_any_case(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        let session = installation.session(&ada).await.unwrap();
        installation.claviger.change_name(&session, "Özge 100% _A!\\B", &request_context()).await.unwrap();
        let found = async |search: &str| installation.found(&ada, search, 1).await.found;
        for search in ["", "ÖZGE", "özge", "O\u{308}zge", "zGe 1", "100%", "_a!", "!\\b", " ADA@ex", ".ORG "] {
            assert_eq!(found(search).await, 1, "{search}");
        }
        for search in ["eve", "ozge", "100_", "özgÜ", "%%", "zge%A", "_zge", "!!", "'", "a@e%"] {
            assert_eq!(found(search).await, 0, "{search}");
        }
    }

    async fn no_search_is_too_odd(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        for search in ["\0", "ada\0", "' OR 1=1 --", &"%".repeat(100_000), &"ö".repeat(100_000), "\u{10ffff}"] {
            assert_eq!(installation.found(&ada, search, 1).await.pages, 1);
        }
    }

    async fn a_long_list_comes_in_pages(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        installation.tamper(SIXTY).await;
        let first = installation.found(&ada, "", 0).await;
        assert_eq!((first.found, first.page, first.pages, first.members.len()), (61, 1, 3, 25));
        for beyond in [4, 99, u32::MAX] {
            let last = installation.found(&ada, "", beyond).await;
            assert_eq!((last.page, last.members.len()), (3, 11));
        }
        let mut seen = BTreeSet::new();
        for page in 1..=3 {
            seen.extend(installation.found(&ada, "", page).await.members.into_iter().map(|line| line.id));
        }
        assert_eq!(seen.len(), 61);
    }

    async fn what_a_search_finds_comes_in_pages_too(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        installation.tamper(SIXTY).await;
        let second = installation.found(&ada, "MEMBER", 2).await;
        assert_eq!((second.found, second.page, second.pages, second.members.len()), (60, 2, 3, 25));
        let one = installation.found(&ada, "m60@", 7).await;
        assert_eq!((one.found, one.page, one.pages, emails(&one.members)), (1, 1, 1, vec!["m60@example.org"]));
        let nobody = installation.found(&ada, "nobody", 2).await;
        assert_eq!((nobody.found, nobody.page, nobody.pages, nobody.members.len()), (0, 1, 1, 0));
    }

    async fn a_page_that_is_just_full_is_the_only_one(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        installation.tamper(SIXTY).await;
        let others = "DELETE FROM member WHERE email IN (SELECT email FROM member WHERE email LIKE 'm%' \
                      ORDER BY email LIMIT 36)";
        installation.tamper(others).await;
        let only = installation.found(&ada, "", 2).await;
        assert_eq!((only.found, only.page, only.pages, only.members.len()), (25, 1, 1, 25));
    }

    async fn members_come_by_name_whatever_its_case(installation: Installation) {
        let ada = installation.sign_up(ADA).await;
        for (name, email) in [("bob", "b@example.org"), ("Alan", "z@example.org"), ("Carl", "c@example.org")] {
            let person = installation.add(&ada, email, &[]).await;
            let session = installation.session(&person).await.unwrap();
            installation.claviger.change_name(&session, name, &request_context()).await.unwrap();
        }
        let members = installation.found(&ada, "", 1).await.members;
        let names: Vec<&str> = members.iter().map(|line| line.name.as_str()).collect();
        assert_eq!(names, ["Ada Lovelace", "Alan", "bob", "Carl"]);
    }

    async fn nobody_of_another_organisation_is_listed_or_found(installation: Installation) {
        let (ada, _, _) = installation.with_grace(&[]).await;
        let mut eve = installation.sign_up("eve@example.org").await;
        installation.add(&eve, "mallory@example.org", &Permission::ALL).await;
        installation.invite(&eve, "trudy@example.org").await.unwrap();
        installation.change_roles(&mut eve, create("Spies", &[])).await.unwrap();
        for search in ["", "example", "eve", "mallory@example.org", "%"] {
            let page = installation.found(&ada, search, 1).await;
            let own = page.members.iter().all(|line| [ADA, GRACE].contains(&line.email.as_str()));
            assert!(own && page.found <= 2, "{search}");
            assert_eq!((page.invitations.len(), page.roles.len()), (0, 3), "{search}");
        }
    }

    async fn the_list_tells_of_each_member_what_they_may(installation: Installation) {
        let (mut ada, mut grace, id) = installation.with_grace(&[MemberManagement, AuditLog]).await;
        installation.clock.advance(Duration::from_secs(60));
        let now = claviger_core::clock::Clock::now(&*installation.clock);
        installation.change(&mut ada, &id, MemberChange::Grant(ApiCredentialsManagement)).await.unwrap();
        installation.change(&mut ada, &id, give("auditor")).await.unwrap();
        let page = installation.found(&grace, "", 1).await;
        let given = [ApiCredentialsManagement, MemberManagement, AuditLog];
        assert_eq!((page.is_admin, page.own), (false, set(&given)));
        let (of_ada, of_grace) = (&page.members[0], &page.members[1]);
        assert!(of_ada.is_last_admin && !of_ada.may_change && !of_ada.is_self);
        assert!(of_grace.is_self && of_grace.may_change && !of_grace.is_last_admin && of_grace.is_active);
        assert_eq!((of_ada.by_role, of_grace.by_role), (set(&Permission::ALL), set(&[AuditLog])));
        let granted: Vec<Permission> = of_grace.grants.iter().map(|grant| grant.permission).collect();
        assert_eq!(granted, given);
        assert_eq!((of_grace.grants[0].by.as_str(), of_grace.grants[0].at), ("Ada Lovelace", now));

        assert!(installation.change(&mut grace, &id, MemberChange::Revoke(MemberManagement)).await.is_ok());
        let session = installation.session(&grace).await.unwrap();
        let refused = installation.claviger.members(&session, "", 1, 1).await.unwrap();
        assert_eq!(refused, MembersOverview::Refused { admins: vec!["Ada Lovelace".to_owned()] });
    }

    async fn only_what_can_be_given_is_offered(installation: Installation) {
        let (mut ada, manager, _) = installation.with_grace(&[MemberManagement, AuditLog]).await;
        installation.change_roles(&mut ada, create("Lead", &[MemberManagement])).await.unwrap();
        let offered = async |person: &Person| {
            let roles = installation.found(person, "", 1).await.roles;
            let offered = roles.into_iter().filter(|line| line.may_give).map(|line| line.role.name);
            offered.collect::<Vec<_>>()
        };
        assert_eq!(offered(&manager).await, ["Auditor", "Lead"]);
        assert_eq!(offered(&ada).await, ["Admin", "Auditor", "Developer", "Lead"]);
    }

    async fn not_even_every_permission_makes_an_admin_to_be_offered(installation: Installation) {
        let (_, manager, _) = installation.with_grace(&Permission::ALL).await;
        let roles = installation.found(&manager, "", 1).await.roles;
        let admin = roles.iter().find(|line| line.role.id.is_admin()).unwrap();
        assert!(!admin.may_give);
    }

    async fn whoever_was_removed_is_listed_no_more(installation: Installation) {
        let (mut ada, _, id) = installation.with_grace(&[]).await;
        installation.change(&mut ada, &id, MemberChange::Disable).await.unwrap();
        assert_eq!(installation.found(&ada, "grace", 1).await.found, 1);
        installation.change(&mut ada, &id, MemberChange::Remove).await.unwrap();
        for search in ["", "grace", GRACE, id.as_str()] {
            let members = installation.found(&ada, search, 1).await.members;
            assert!(members.iter().all(|line| line.id != id), "{search}");
        }
    }
}
