//! What can be asked for a member, and the words for it.

use crate::{
    api::{
        error::Permission::{self, ApiCredentialsManagement, AuditLog, MemberManagement},
        mail::Mailed,
        member::{
            ChangeRole, DisableMember, EnableMember, EndMemberSessions, GrantPermission, MakePasswordLink,
            Member, Members, RemoveMember, RevokePermission, UnlockMember,
        },
    },
    components::messages::Done,
};
use leptos::server_fn::ServerFn;

/// A change that needs the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// Gives a permission.
    Grant(Permission),
    /// Takes one back.
    Revoke(Permission),
    /// Gives another role; none where it is empty.
    Role(String),
    /// Lets the member sign in no more.
    Disable,
    /// Lets them again.
    Enable,
    /// Takes them out of the organisation.
    Remove,
    /// Logs them out everywhere.
    EndSessions,
    /// Forgets wrong passwords.
    Unlock,
    /// Makes a link to choose a new password.
    PasswordLink,
}

impl Ask {
    /// What a button or an address asks for. The role stands beside it.
    pub(super) fn named(name: &str, role: &str) -> Option<Self> {
        let permissions = Permission::ALL.into_iter();
        let others = [
            Self::Role(role.to_owned()),
            Self::Disable,
            Self::Enable,
            Self::Remove,
            Self::EndSessions,
            Self::Unlock,
            Self::PasswordLink,
        ];
        permissions
            .flat_map(|permission| [Self::Grant(permission), Self::Revoke(permission)])
            .chain(others)
            .find(|ask| ask.name() == name)
    }

    /// Its name in an address.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Grant(ApiCredentialsManagement) => "grant-credentials",
            Self::Grant(MemberManagement) => "grant-members",
            Self::Grant(AuditLog) => "grant-audit",
            Self::Revoke(ApiCredentialsManagement) => "revoke-credentials",
            Self::Revoke(MemberManagement) => "revoke-members",
            Self::Revoke(AuditLog) => "revoke-audit",
            Self::Role(_) => "role",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Remove => "remove",
            Self::EndSessions => "end-sessions",
            Self::Unlock => "unlock",
            Self::PasswordLink => "password-link",
        }
    }

    /// The id of its control: one for a permission, whether it is to be given or taken.
    pub(super) fn control(&self, member: &str) -> String {
        let control = match self {
            Self::Grant(permission) | Self::Revoke(permission) => permission.word(),
            Self::Disable | Self::Enable => "status",
            other => other.name(),
        };
        format!("{control}-{member}")
    }

    /// Its button.
    pub(super) const fn label(&self) -> &'static str {
        match self {
            Self::Grant(_) | Self::Revoke(_) | Self::Role(_) => "Change role",
            Self::Disable => "Disable",
            Self::Enable => "Enable",
            Self::Remove => "Remove",
            Self::EndSessions => "Log out everywhere",
            Self::Unlock => "Unlock",
            Self::PasswordLink => "Make password link",
        }
    }

    /// The server function that does it.
    pub(super) fn function(&self) -> &'static str {
        match self {
            Self::Grant(_) => GrantPermission::url(),
            Self::Revoke(_) => RevokePermission::url(),
            Self::Role(_) => ChangeRole::url(),
            Self::Disable => DisableMember::url(),
            Self::Enable => EnableMember::url(),
            Self::Remove => RemoveMember::url(),
            Self::EndSessions => EndMemberSessions::url(),
            Self::Unlock => UnlockMember::url(),
            Self::PasswordLink => MakePasswordLink::url(),
        }
    }

    /// What exactly will happen.
    pub(super) fn sentence(&self, member: &Member, members: &Members) -> String {
        let name = &member.name;
        match self {
            Self::Grant(permission) => format!("{name} will be able to {} from now on.", deeds(*permission)),
            Self::Revoke(permission) if member.by_role.contains(permission) => {
                format!("{name} will keep this permission by their role only.")
            }
            Self::Revoke(permission) => format!("{name} will no longer be able to {}.", deeds(*permission)),
            Self::Role(role) => match members.roles.iter().find(|choice| choice.id == *role) {
                Some(choice) => format!("{name} will have the role {} from now on.", choice.name),
                None => format!("{name} will have no role from now on."),
            },
            Self::Disable => {
                format!(
                    "{name} will be logged out everywhere, and cannot log in until you enable them again."
                )
            }
            Self::Enable => {
                format!("{name} will be able to log in again, and may do what they were permitted.")
            }
            Self::Remove => {
                format!("{name} will be logged out everywhere and removed for good.")
            }
            Self::EndSessions => format!("{name} will be logged out everywhere."),
            Self::Unlock => format!("The wrong passwords counted against {name} will be forgotten."),
            Self::PasswordLink => format!(
                "This makes a link by which {name} can choose a new password, once, within 24 hours. Whoever has it \
                 can log in as {name}."
            ),
        }
    }

    /// What to say once it is done.
    pub(super) const fn done(&self, and_reset: bool) -> Done {
        Done::Seen(match (self, and_reset) {
            (Self::Grant(_), _) => "Permission given.",
            (Self::Revoke(_), false) => "Permission taken back.",
            (Self::Revoke(_), true) => "Permission taken back, and keys reset. The old keys no longer work.",
            (Self::Role(_), false) => "Role changed.",
            (Self::Role(_), true) => "Role changed, and keys reset. The old keys no longer work.",
            (Self::Disable, false) => "Member disabled.",
            (Self::Disable, true) => "Member disabled, and keys reset. The old keys no longer work.",
            (Self::Enable, _) => "Member enabled.",
            (Self::Remove, false) => "Member removed.",
            (Self::Remove, true) => "Member removed, and keys reset. The old keys no longer work.",
            (Self::EndSessions, _) => "Member logged out everywhere.",
            (Self::Unlock, _) => "Member unlocked.",
            (Self::PasswordLink, _) => "Password link made.",
        })
    }
}

const fn deeds(permission: Permission) -> &'static str {
    match permission {
        ApiCredentialsManagement => "view, copy and reset the API key and the bundle key",
        MemberManagement => "invite members and say what they may do",
        AuditLog => "read the audit log",
    }
}

/// What an address says that was done without a script.
pub(super) fn done_in_address(name: &str, and_reset: bool) -> Option<Done> {
    let permission = Permission::AuditLog;
    let ask = match name {
        "granted" => Ask::Grant(permission),
        "revoked" => Ask::Revoke(permission),
        "role-changed" => Ask::Role(String::new()),
        "disabled" => Ask::Disable,
        "enabled" => Ask::Enable,
        "removed" => Ask::Remove,
        "sessions-ended" => Ask::EndSessions,
        "unlocked" => Ask::Unlock,
        "link-made" => Ask::PasswordLink,
        "invited" => return Some(invited(Mailed::Off)),
        "invited-by-mail" => return Some(invited(Mailed::Sent)),
        "invited-without-mail" => return Some(invited(Mailed::Failed)),
        "withdrawn" => return Some(WITHDRAWN),
        _ => return None,
    };
    Some(ask.done(and_reset))
}

/// What to say of an invitation that was made.
pub(super) const fn invited(mailed: Mailed) -> Done {
    Done::Seen(match mailed {
        Mailed::Off => "Invitation created.",
        Mailed::Sent => "Invitation created, and sent by email.",
        Mailed::Failed => "Invitation created. The email could not be sent: hand the link over yourself.",
    })
}

pub(super) const WITHDRAWN: Done = Done::Seen("Invitation withdrawn.");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_can_ask_for_everything_that_a_button_asks_for() {
        for permission in Permission::ALL {
            for ask in [Ask::Grant(permission), Ask::Revoke(permission)] {
                assert_eq!(Ask::named(ask.name(), "").as_ref(), Some(&ask));
            }
        }
        assert_eq!(Ask::named("role", "developer"), Some(Ask::Role("developer".to_owned())));
        assert_eq!(Ask::named("remove", ""), Some(Ask::Remove));
        assert_eq!(Ask::named("promote", ""), None);
    }
}
