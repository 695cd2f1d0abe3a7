//! The pending actions for a member, and their words.

use crate::{
    api::member::{
        ChangeRole, DisableMember, EnableMember, EndMemberSessions, GrantPermission, MakePasswordLink,
        Member, Members, RemoveMember, RevokePermission, UnlockMember,
    },
    components::{bidi::isolate, messages::Done},
    done::MembersDone,
    wire::mailed::Mailed,
};
use claviger_types::Permission;
use leptos::server_fn::ServerFn;
use std::borrow::Cow;

/// A change that needs the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PendingAction {
    /// Grants a permission.
    Grant(Permission),
    /// Revokes a permission.
    Revoke(Permission),
    /// Gives another role. An empty id means no role.
    Role(String),
    /// Disables the member, so that the member cannot sign in.
    Disable,
    /// Enables the member, so that the member can sign in again.
    Enable,
    /// Removes the member from the organisation.
    Remove,
    /// Ends all sessions of the member.
    EndSessions,
    /// Clears the counter of wrong passwords.
    Unlock,
    /// Creates a link with which the member chooses a new password.
    PasswordLink,
}

impl PendingAction {
    /// The pending action that a button or an address names. The role is in a field of its own.
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

    /// The name of the action in an address.
    pub(super) fn name(&self) -> Cow<'static, str> {
        let fixed = match self {
            Self::Grant(permission) => return format!("grant-{}", permission.as_str()).into(),
            Self::Revoke(permission) => return format!("revoke-{}", permission.as_str()).into(),
            Self::Role(_) => "role",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Remove => "remove",
            Self::EndSessions => "end-sessions",
            Self::Unlock => "unlock",
            Self::PasswordLink => "password-link",
        };
        fixed.into()
    }

    /// The id of the control. A permission has one control, which either grants or revokes it.
    pub(super) fn control(&self, member: &str) -> String {
        let control = match self {
            Self::Grant(permission) | Self::Revoke(permission) => permission.as_str().into(),
            Self::Disable | Self::Enable => "status".into(),
            other => other.name(),
        };
        format!("{control}-{member}")
    }

    /// The label of the button.
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

    /// The path of the server function.
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

    /// The exact effect of the action.
    pub(super) fn sentence(&self, member: &Member, members: &Members) -> String {
        let whose = Whose::of(member);
        let (who, whom) = (whose.subject(), whose.object());
        match self {
            Self::Grant(permission) => format!("{who} will be able to {} from now on.", permission.allows()),
            Self::Revoke(permission) if member.by_role.contains(permission) => {
                format!("{who} will keep this permission by {} role only.", whose.possessive())
            }
            Self::Revoke(permission) => format!("{who} will no longer be able to {}.", permission.allows()),
            Self::Role(role) => match members.roles.iter().find(|choice| choice.id == *role) {
                Some(choice) => format!("{who} will have the role {} from now on.", isolate(&choice.name)),
                None => format!("{who} will have no role from now on."),
            },
            Self::Disable if member.is_self => {
                format!("{}, and cannot log in until somebody else enables you again.", whose.logged_out())
            }
            Self::Disable => {
                format!("{}, and cannot log in until you enable them again.", whose.logged_out())
            }
            Self::Enable => {
                format!("{who} will be able to log in again, and may do what they were permitted.")
            }
            Self::Remove => format!("{}, and removed for good.", whose.logged_out()),
            Self::EndSessions => format!("{}.", whose.logged_out()),
            Self::Unlock => format!("The wrong passwords counted against {whom} will be forgotten."),
            Self::PasswordLink => format!(
                "This makes a link by which {whom} can choose a new password, once, within 24 hours. Whoever has it \
                 can log in as {whom}."
            ),
        }
    }

    /// The completed action, after the server function has answered.
    pub(super) const fn done(&self) -> MembersDone {
        match self {
            Self::Grant(_) => MembersDone::Granted,
            Self::Revoke(_) => MembersDone::Revoked,
            Self::Role(_) => MembersDone::RoleChanged,
            Self::Disable => MembersDone::Disabled,
            Self::Enable => MembersDone::Enabled,
            Self::Remove => MembersDone::Removed,
            Self::EndSessions => MembersDone::SessionsEnded,
            Self::Unlock => MembersDone::Unlocked,
            Self::PasswordLink => MembersDone::LinkMade,
        }
    }
}

/// The message after an action is done. An address does not name the member, so the page after a plain form does not know which
/// member was changed.
pub(super) fn done_text(done: MembersDone, whose: Option<&Whose>, and_reset: bool) -> Done {
    let who = whose.map_or_else(|| "The member".to_owned(), Whose::subject);
    let whom = whose.map_or("the member", Whose::object);
    let was = whose.map_or("was", Whose::was);
    let text = match done {
        MembersDone::Granted => format!("Permission given to {whom}"),
        MembersDone::Revoked => format!("Permission taken back from {whom}"),
        MembersDone::RoleChanged => format!("Role of {whom} changed"),
        MembersDone::Disabled => format!("{who} {was} disabled"),
        MembersDone::Enabled => format!("{who} {was} enabled"),
        MembersDone::Removed => format!("{who} {was} removed"),
        MembersDone::SessionsEnded => format!("{who} {was} logged out everywhere"),
        MembersDone::Unlocked => format!("{who} {was} unlocked"),
        MembersDone::LinkMade => format!("Password link made for {whom}"),
        MembersDone::Invited => return invited(Mailed::Off, None),
        MembersDone::InvitedByMail => return invited(Mailed::Sent, None),
        MembersDone::InvitedBeyondLimit => return invited(Mailed::Limited, None),
        MembersDone::InvitedWithoutMail => return invited(Mailed::Failed, None),
        MembersDone::Withdrawn => return withdrawn(None),
    };
    Done::visible(if and_reset {
        format!("{text}, and keys reset. The old keys no longer work.")
    } else {
        format!("{text}.")
    })
}

/// The person whom a sentence is about: the reader, or another member by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// The reader of the sentence.
    Own,
    /// A member with this name. The name is isolated.
    Of(String),
}

impl Whose {
    pub(super) fn of(member: &Member) -> Self {
        if member.is_self { Self::Own } else { Self::Of(isolate(&member.name)) }
    }

    /// The form at the beginning of a sentence.
    pub(super) fn subject(&self) -> String {
        match self {
            Self::Own => "You".to_owned(),
            Self::Of(name) => name.clone(),
        }
    }

    /// The form within a sentence.
    pub(super) fn object(&self) -> &str {
        match self {
            Self::Own => "you",
            Self::Of(name) => name,
        }
    }

    /// `has` or `have`.
    pub(super) const fn has(&self) -> &'static str {
        match self {
            Self::Own => "have",
            Self::Of(_) => "has",
        }
    }

    const fn possessive(&self) -> &'static str {
        match self {
            Self::Own => "your",
            Self::Of(_) => "their",
        }
    }

    const fn was(&self) -> &'static str {
        match self {
            Self::Own => "were",
            Self::Of(_) => "was",
        }
    }

    fn logged_out(&self) -> String {
        match self {
            Self::Own => "You will be logged out everywhere, here too".to_owned(),
            Self::Of(name) => format!("{name} will be logged out everywhere"),
        }
    }
}

/// The message about a new invitation.
pub(super) fn invited(mailed: Mailed, name: Option<&str>) -> Done {
    let made = name.map_or_else(
        || "Invitation created".to_owned(),
        |name| format!("Invitation created for {}", isolate(name)),
    );
    Done::visible(match mailed {
        Mailed::Off => format!("{made}."),
        Mailed::Sent => format!("{made}, and sent by email."),
        Mailed::Limited => {
            format!(
                "{made}. It was not sent by email, because too much was sent today: hand the link over yourself."
            )
        }
        Mailed::Failed => format!("{made}. The email could not be sent: hand the link over yourself."),
    })
}

/// The message about a withdrawn invitation.
pub(super) fn withdrawn(name: Option<&str>) -> Done {
    Done::visible(match name {
        Some(name) => format!("Invitation of {} withdrawn.", isolate(name)),
        None => "Invitation withdrawn.".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_can_ask_for_everything_that_a_button_asks_for() {
        for permission in Permission::ALL {
            for ask in [PendingAction::Grant(permission), PendingAction::Revoke(permission)] {
                assert_eq!(PendingAction::named(&ask.name(), "").as_ref(), Some(&ask));
            }
        }
        assert_eq!(
            PendingAction::named("role", "developer"),
            Some(PendingAction::Role("developer".to_owned()))
        );
        assert_eq!(PendingAction::named("remove", ""), Some(PendingAction::Remove));
        assert_eq!(PendingAction::named("promote", ""), None);
    }
}
