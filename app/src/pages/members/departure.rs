//! The warning when a member loses access to the keys: it names the valid keys that the member has seen, and offers to reset them
//! in the same step. The loss of a permission does not remove a copy of a key that the member has kept.

use super::pending_action::{PendingAction, Whose};
use crate::{
    api::member::{Member, Members},
    components::password_prompt::Offer,
};
use claviger_types::{CredentialKind, Permission};

/// Whether the change removes the access to the keys from a member who has it now.
fn takes_keys(ask: &PendingAction, member: &Member, members: &Members) -> bool {
    let keys = Permission::ApiCredentialsManagement;
    let by_role = member.by_role.contains(&keys);
    let granted = member.grants.iter().any(|grant| grant.permission == keys);
    match ask {
        PendingAction::Disable | PendingAction::Remove => true,
        PendingAction::Revoke(permission) => *permission == keys && !by_role,
        PendingAction::Role(role) => {
            let by_new_role = members.roles.iter().any(|choice| choice.id == *role && choice.reaches_keys);
            by_role && !granted && !by_new_role
        }
        _ => false,
    }
}

/// The warning about the keys that the member has seen. There is no warning if the member keeps the access to the keys.
pub(super) fn warning(ask: &PendingAction, member: &Member, members: &Members) -> Option<String> {
    if !takes_keys(ask, member, members) || member.seen.is_empty() {
        return None;
    }
    let seen = match member.seen.as_slice() {
        [CredentialKind::ApiKey] => "the current API key",
        [CredentialKind::BundleKey] => "the current bundle key",
        _ => "the current API key and the current bundle key",
    };
    let whose = Whose::of(member);
    let (who, has) = (whose.subject(), whose.has());
    Some(if members.keys.is_empty() {
        format!(
            "{who} {has} seen {seen}. Ask somebody with API credentials management to reset what they know."
        )
    } else {
        format!("{who} {has} seen {seen} and may have kept a copy.")
    })
}

/// The keys that can be reset in the same step, with the generations that the page knows.
pub(super) fn offers(ask: &PendingAction, member: &Member, members: &Members) -> Vec<Offer> {
    if !takes_keys(ask, member, members) {
        return Vec::new();
    }
    let seen = members.keys.iter().filter(|(kind, _)| member.seen.contains(kind));
    seen.map(|(kind, generation)| {
        let (name, label) = match kind {
            CredentialKind::ApiKey => {
                ("reset_api_key", "Reset the API key too: the one in use stops working at once")
            }
            CredentialKind::BundleKey => {
                ("reset_bundle_key", "Reset the bundle key too: the one in use stops working at once")
            }
        };
        Offer { name, value: generation.number().to_string(), label: label.to_owned() }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::member::{Grant, RoleChoice},
        wire::formatted_time::FormattedTime,
    };
    use claviger_types::Generation;

    fn member(by_role: &[Permission], granted: &[Permission], seen: &[CredentialKind]) -> Member {
        let at = FormattedTime { iso: String::new(), text: String::new() };
        let grant =
            |permission: &Permission| Grant { permission: *permission, by: "Ada".to_owned(), at: at.clone() };
        Member {
            id: "1".to_owned(),
            name: "Grace".to_owned(),
            email: "grace@example.org".to_owned(),
            is_self: false,
            is_active: true,
            is_waiting: false,
            role: None,
            by_role: by_role.to_vec(),
            grants: granted.iter().map(grant).collect(),
            seen: seen.to_vec(),
            may_change: true,
            is_last_admin: false,
        }
    }

    fn members(keys: &[(CredentialKind, Generation)]) -> Members {
        let role = |id: &str, reaches_keys| RoleChoice {
            id: id.to_owned(),
            name: id.to_owned(),
            may_give: true,
            reaches_keys,
        };
        Members {
            members: Vec::new(),
            found: 0,
            page: 1,
            pages: 1,
            search: String::new(),
            roles: vec![role("developer", true), role("auditor", false)],
            invitations: Vec::new(),
            invitation_page: 1,
            invitation_pages: 1,
            is_admin: true,
            own: Permission::ALL.to_vec(),
            keys: keys.to_vec(),
        }
    }

    const KEYS: Permission = Permission::ApiCredentialsManagement;
    const BOTH: [(CredentialKind, Generation); 2] =
        [(CredentialKind::ApiKey, Generation::new(3)), (CredentialKind::BundleKey, Generation::FIRST)];

    #[test]
    fn whoever_leaves_is_said_to_know_the_keys_that_they_have_seen() {
        let grace = member(&[], &[KEYS], &[CredentialKind::ApiKey]);
        let members = members(&BOTH);
        for ask in [PendingAction::Remove, PendingAction::Disable, PendingAction::Revoke(KEYS)] {
            assert!(
                warning(&ask, &grace, &members).unwrap().contains("the current API key and may"),
                "{ask:?}"
            );
            let offers = offers(&ask, &grace, &members);
            assert_eq!(offers.len(), 1);
            assert_eq!((offers[0].name, offers[0].value.as_str()), ("reset_api_key", "3"));
        }
    }

    #[test]
    fn whoever_has_seen_nothing_leaves_without_a_word_of_it() {
        let grace = member(&[], &[KEYS], &[]);
        assert_eq!(warning(&PendingAction::Remove, &grace, &members(&BOTH)), None);
        assert!(offers(&PendingAction::Remove, &grace, &members(&BOTH)).is_empty());
    }

    #[test]
    fn whoever_may_not_reset_is_told_to_ask_somebody_who_may() {
        let grace = member(&[], &[KEYS], &[CredentialKind::ApiKey, CredentialKind::BundleKey]);
        assert!(warning(&PendingAction::Remove, &grace, &members(&[])).unwrap().contains("Ask somebody"));
        assert!(offers(&PendingAction::Remove, &grace, &members(&[])).is_empty());
    }

    #[test]
    fn a_change_that_leaves_the_keys_within_reach_offers_nothing() {
        let seen = [CredentialKind::ApiKey];
        let members = members(&BOTH);
        let both_ways = member(&[KEYS], &[KEYS], &seen);
        assert_eq!(warning(&PendingAction::Revoke(KEYS), &both_ways, &members), None);
        assert_eq!(warning(&PendingAction::Role(String::new()), &both_ways, &members), None);
        let by_role = member(&[KEYS], &[], &seen);
        assert_eq!(warning(&PendingAction::Role("developer".to_owned()), &by_role, &members), None);
        assert!(warning(&PendingAction::Role("auditor".to_owned()), &by_role, &members).is_some());
        assert_eq!(warning(&PendingAction::Revoke(Permission::AuditLog), &by_role, &members), None);
    }
}
