//! Members: the list, and the changes that ask for the password.

use super::session::Viewer;
use crate::wire::{error::ApiError, formatted_time::FormattedTime, mailed::MadeLink, proof::Proof};
use claviger_types::{CredentialKind, Generation, Permission};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
mod server;
#[cfg(feature = "ssr")]
use {
    crate::done::MembersDone,
    claviger_core::use_cases::members::MemberChange,
    server::{Resets, change},
};

/// What `/members` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersPage {
    /// Who looks.
    pub viewer: Viewer,
    /// What they may see.
    pub access: MembersAccess,
    /// A link that was made just now by a form without a script.
    pub link: Option<String>,
}

/// What somebody may see of the members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(
    clippy::large_enum_variant,
    reason = "there is one of it a page, and a box weighs more in the browser"
)]
pub enum MembersAccess {
    /// One page of them.
    Permitted(Members),
    /// Nothing: Member management is missing.
    Refused {
        /// The names of the admins to ask.
        admins: Vec<String>,
    },
}

/// One page of the members, and what belongs to the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    /// By name.
    pub members: Vec<Member>,
    /// How many were found in all.
    pub found: u64,
    /// Which page this is, from 1.
    pub page: u32,
    /// How many there are, at least 1.
    pub pages: u32,
    /// What was searched for; empty where nothing was.
    pub search: String,
    /// The roles of the organisation.
    pub roles: Vec<RoleChoice>,
    /// A page of the invitations that were not used yet.
    pub invitations: Vec<Invitation>,
    /// Which page of them this is, from 1.
    pub invitation_page: u32,
    /// How many there are, at least 1.
    pub invitation_pages: u32,
    /// Whether whoever looks is an admin.
    pub is_admin: bool,
    /// What whoever looks may give.
    pub own: Vec<Permission>,
    /// The keys with their generations, for whoever may reset them.
    pub keys: Vec<(CredentialKind, Generation)>,
}

/// One member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Names the member in requests.
    pub id: String,
    /// The person's name.
    pub name: String,
    /// The person's e-mail address.
    pub email: String,
    /// Whether it is whoever looks.
    pub is_self: bool,
    /// Whether the member may sign in.
    pub is_active: bool,
    /// Whether the next password must wait after so many wrong ones.
    pub is_waiting: bool,
    /// The id of the role.
    pub role: Option<String>,
    /// What the role permits.
    pub by_role: Vec<Permission>,
    /// What was granted beside it.
    pub grants: Vec<Grant>,
    /// The keys that the member has seen since they were made.
    pub seen: Vec<CredentialKind>,
    /// Whether whoever looks may change anything of the member.
    pub may_change: bool,
    /// Whether this is the last active admin.
    pub is_last_admin: bool,
}

/// One permission that was granted to a member alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub permission: Permission,
    /// The name of the member who granted it.
    pub by: String,
    pub at: FormattedTime,
}

/// A role that a member may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleChoice {
    /// Names the role in requests.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whether whoever looks may give it.
    pub may_give: bool,
    /// Whether it lets its members reach the keys.
    pub reaches_keys: bool,
}

/// An invitation that was not used yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Names the invitation in requests.
    pub id: String,
    /// Whom it is for.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// The name of the member who made it.
    pub invited_by: String,
    /// Until when its link works.
    pub expires_at: FormattedTime,
    /// Whether that is over.
    pub has_expired: bool,
}

/// The members whose name or e-mail address holds `search`, and the invitations that were not used, by pages that count
/// from 1.
#[server(name = ReadMembersPage, endpoint = "members")]
pub async fn members_page(
    #[server(default)] search: String,
    #[server(default)] page: u32,
    #[server(default)] invitations: u32,
) -> Result<MembersPage, ApiError> {
    use crate::server::{caller::Caller, link};

    let caller = Caller::current()?;
    let session = caller.session().await?;
    let overview = caller.claviger.members(&session, &search, page, invitations).await;
    let overview = overview.map_err(|error| caller.refuse(error))?;
    let access = MembersAccess::of(overview, &search);
    Ok(MembersPage { viewer: (&session).into(), access, link: link::take() })
}

/// Gives a member a permission beside their role.
#[server(endpoint = "grant_permission")]
pub async fn grant_permission(
    #[server(default)] csrf: String,
    member: String,
    permission: Permission,
    #[server(flatten)] proof: Proof,
) -> Result<(), ApiError> {
    let grant = MemberChange::Grant(permission);
    change(&csrf, &member, grant, Resets::default(), proof, MembersDone::Granted).await
}

/// Takes back a permission that a member has beside their role, and resets the keys whose generation is given.
#[server(endpoint = "revoke_permission")]
pub async fn revoke_permission(
    #[server(default)] csrf: String,
    member: String,
    permission: Permission,
    #[server(default)] reset_api_key: Option<Generation>,
    #[server(default)] reset_bundle_key: Option<Generation>,
    #[server(flatten)] proof: Proof,
) -> Result<(), ApiError> {
    let resets = Resets { api_key: reset_api_key, bundle_key: reset_bundle_key };
    change(&csrf, &member, MemberChange::Revoke(permission), resets, proof, MembersDone::Revoked).await
}

/// Gives a member another role, or none where `role` is empty, and resets the keys whose generation is given.
#[server(endpoint = "change_role")]
pub async fn change_role(
    #[server(default)] csrf: String,
    member: String,
    role: String,
    #[server(default)] reset_api_key: Option<Generation>,
    #[server(default)] reset_bundle_key: Option<Generation>,
    #[server(flatten)] proof: Proof,
) -> Result<(), ApiError> {
    let role = server::role(&role)?;
    let resets = Resets { api_key: reset_api_key, bundle_key: reset_bundle_key };
    change(&csrf, &member, MemberChange::SetRole(role), resets, proof, MembersDone::RoleChanged).await
}

/// Ends a member's sessions and lets none begin, and resets the keys whose generation is given.
#[server(endpoint = "disable_member")]
pub async fn disable_member(
    #[server(default)] csrf: String,
    member: String,
    #[server(default)] reset_api_key: Option<Generation>,
    #[server(default)] reset_bundle_key: Option<Generation>,
    #[server(flatten)] proof: Proof,
) -> Result<(), ApiError> {
    let resets = Resets { api_key: reset_api_key, bundle_key: reset_bundle_key };
    change(&csrf, &member, MemberChange::Disable, resets, proof, MembersDone::Disabled).await
}

/// Lets a disabled member sign in again.
#[server(endpoint = "enable_member")]
pub async fn enable_member(
    #[server(default)] csrf: String,
    member: String,
    #[server(flatten)] proof: Proof,
) -> Result<(), ApiError> {
    change(&csrf, &member, MemberChange::Enable, Resets::default(), proof, MembersDone::Enabled).await
}

/// Removes a member for good, and resets the keys whose generation is given.
#[server(endpoint = "remove_member")]
pub async fn remove_member(
    #[server(default)] csrf: String,
    member: String,
    #[server(default)] reset_api_key: Option<Generation>,
    #[server(default)] reset_bundle_key: Option<Generation>,
    #[server(flatten)] proof: Proof,
) -> Result<(), ApiError> {
    let resets = Resets { api_key: reset_api_key, bundle_key: reset_bundle_key };
    change(&csrf, &member, MemberChange::Remove, resets, proof, MembersDone::Removed).await
}

/// Logs a member out everywhere.
#[server(endpoint = "end_member_sessions")]
pub async fn end_member_sessions(
    #[server(default)] csrf: String,
    member: String,
    #[server(flatten)] proof: Proof,
) -> Result<(), ApiError> {
    change(&csrf, &member, MemberChange::EndSessions, Resets::default(), proof, MembersDone::SessionsEnded)
        .await
}

/// Forgets the wrong passwords that were counted against a member.
#[server(endpoint = "unlock_member")]
pub async fn unlock_member(
    #[server(default)] csrf: String,
    member: String,
    #[server(flatten)] proof: Proof,
) -> Result<(), ApiError> {
    change(&csrf, &member, MemberChange::Unlock, Resets::default(), proof, MembersDone::Unlocked).await
}

/// Makes a link by which a member chooses a new password. A plain form finds it on the page that follows.
#[server(endpoint = "make_password_link")]
pub async fn make_password_link(
    #[server(default)] csrf: String,
    member: String,
    #[server(flatten)] proof: Proof,
) -> Result<MadeLink, ApiError> {
    server::make_link(&csrf, &member, proof).await
}
