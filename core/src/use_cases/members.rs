//! Members: who is in an organisation, what each may do, and the changes of that which ask for the password. It must
//! not know how a member came in; that is for invitations.

mod change;
mod list;
mod rules;

pub use change::{ChangeMember, ChangedMember, MemberChange};
pub use list::{Grant, MemberLine, MembersOverview, MembersPage, RoleLine};
pub(crate) use rules::{EffectivePermissions, effective_permissions};
