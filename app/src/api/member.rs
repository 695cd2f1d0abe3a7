//! Members: the list, and the changes that need the password.

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

/// The data of `/members`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersPage {
    /// The signed-in member.
    pub viewer: Viewer,
    /// The part of the members that the signed-in member may see.
    pub access: MembersAccess,
    /// A link that a form without a script has just created.
    pub link: Option<String>,
}

/// The part of the members that the signed-in member may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(
    clippy::large_enum_variant,
    reason = "there is one of it a page, and a box weighs more in the browser"
)]
pub enum MembersAccess {
    /// The signed-in member may see one page of the members.
    Permitted(Members),
    /// The signed-in member may see nothing, because the permission to manage members is missing.
    Refused {
        /// The names of the admins who can grant the permission.
        admins: Vec<String>,
    },
}

/// One page of the members, and the other data that the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    /// The members on this page, sorted by name.
    pub members: Vec<Member>,
    /// The number of all members that were found.
    pub found: u64,
    /// The number of this page, counted from 1.
    pub page: u32,
    /// The number of pages, at least 1.
    pub pages: u32,
    /// The text of the search; empty if there was no search.
    pub search: String,
    /// The roles of the organisation.
    pub roles: Vec<RoleChoice>,
    /// One page of the invitations that were not used yet.
    pub invitations: Vec<Invitation>,
    /// The number of this page of invitations, counted from 1.
    pub invitation_page: u32,
    /// The number of pages of invitations, at least 1.
    pub invitation_pages: u32,
    /// Whether the signed-in member is an admin.
    pub is_admin: bool,
    /// The permissions that the signed-in member may grant.
    pub own: Vec<Permission>,
    /// The keys with their generations, if the signed-in member may reset them.
    pub keys: Vec<(CredentialKind, Generation)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The id that names the member in requests.
    pub id: String,
    pub name: String,
    pub email: String,
    /// Whether this is the signed-in member.
    pub is_self: bool,
    /// Whether the member may sign in.
    pub is_active: bool,
    /// Whether the member must wait before the next attempt, after too many wrong passwords.
    pub is_waiting: bool,
    pub role: Option<String>,
    /// The permissions that the role gives.
    pub by_role: Vec<Permission>,
    /// The permissions that were granted to the member in addition to the role.
    pub grants: Vec<Grant>,
    /// The keys that the member has seen since the keys were created.
    pub seen: Vec<CredentialKind>,
    /// Whether the signed-in member may change this member.
    pub may_change: bool,
    /// Whether this is the last active admin.
    pub is_last_admin: bool,
}

/// One permission that was granted to a single member.
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
    /// The id that names the role in requests.
    pub id: String,
    pub name: String,
    /// Whether the signed-in member may give this role.
    pub may_give: bool,
    /// Whether the role lets its members view the keys.
    pub reaches_keys: bool,
}

/// An invitation that was not used yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The id that names the invitation in requests.
    pub id: String,
    /// The name of the invited person.
    pub name: String,
    /// The e-mail address of the invited person.
    pub email: String,
    /// The name of the member who created the invitation.
    pub invited_by: String,
    /// The time when the link of the invitation expires.
    pub expires_at: FormattedTime,
    /// Whether this time has passed.
    pub has_expired: bool,
}

/// Returns the members whose name or e-mail address contains `search`, and the invitations that were not used. Both lists have
/// pages that count from 1.
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

/// Grants a member a permission in addition to the role.
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

/// Revokes a permission that a member has in addition to the role, and resets the keys whose generation is given.
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

/// Gives a member another role, or no role if `role` is empty, and resets the keys whose generation is given.
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

/// Disables a member: ends the member's sessions, prevents new ones, and resets the keys whose generation is given.
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

/// Removes a member permanently, and resets the keys whose generation is given.
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

/// Ends all sessions of a member.
#[server(endpoint = "end_member_sessions")]
pub async fn end_member_sessions(
    #[server(default)] csrf: String,
    member: String,
    #[server(flatten)] proof: Proof,
) -> Result<(), ApiError> {
    change(&csrf, &member, MemberChange::EndSessions, Resets::default(), proof, MembersDone::SessionsEnded)
        .await
}

/// Clears the counter of the member's wrong passwords.
#[server(endpoint = "unlock_member")]
pub async fn unlock_member(
    #[server(default)] csrf: String,
    member: String,
    #[server(flatten)] proof: Proof,
) -> Result<(), ApiError> {
    change(&csrf, &member, MemberChange::Unlock, Resets::default(), proof, MembersDone::Unlocked).await
}

/// Creates a link with which a member chooses a new password. After a plain form, the page that follows shows the link.
#[server(endpoint = "make_password_link")]
pub async fn make_password_link(
    #[server(default)] csrf: String,
    member: String,
    #[server(flatten)] proof: Proof,
) -> Result<MadeLink, ApiError> {
    server::make_link(&csrf, &member, proof).await
}
