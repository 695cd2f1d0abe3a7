//! Members: the members of an organisation, their permissions, and the changes to them that need the password. It
//! must not know how a member joined: invitations do that.

mod change;
mod list;
mod rules;

pub use change::{ChangeMember, ChangedMember, MemberChange};
pub use list::{Grant, MemberLine, MembersOverview, MembersPage, RoleLine};
pub(crate) use rules::{EffectivePermissions, effective_permissions};
