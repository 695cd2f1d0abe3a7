//! Members: the list, and the changes that ask for the password.

#![allow(
    missing_docs,
    unreachable_pub,
    reason = "the macro makes a type of each function, with a field for each argument"
)]

use super::{
    error::{ApiError, CredentialKind, Moment, Permission},
    mail::MadeLink,
    session::Viewer,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use {
    claviger_core::members::MemberChange,
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
    /// The invitations that were not used yet.
    pub invitations: Vec<Invitation>,
    /// Whether whoever looks is an admin.
    pub is_admin: bool,
    /// What whoever looks may give.
    pub own: Vec<Permission>,
    /// The keys with their generations, for whoever may reset them.
    pub keys: Vec<(CredentialKind, u32)>,
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
    /// Which.
    pub permission: Permission,
    /// The name of the member who granted it.
    pub by: String,
    /// When.
    pub at: Moment,
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
    pub expires_at: Moment,
    /// Whether that is over.
    pub has_expired: bool,
}

/// The members whose name or e-mail address holds `search`, by pages that count from 1.
#[server(name = ReadMembersPage, endpoint = "members")]
pub async fn members_page(
    #[server(default)] search: String,
    #[server(default)] page: u32,
) -> Result<MembersPage, ApiError> {
    use super::{caller::Caller, link};

    let caller = Caller::current()?;
    let session = caller.session().await?;
    let overview = caller.claviger.members(&session, &search, page).await;
    let overview = overview.map_err(|error| caller.refuse(error))?;
    let access = MembersAccess::of(overview, search);
    Ok(MembersPage { viewer: (&session).into(), access, link: link::take() })
}

/// Gives a member a permission beside their role.
#[server(endpoint = "grant_permission")]
pub async fn grant_permission(
    #[server(default)] csrf: String,
    member: String,
    permission: Permission,
    #[server(default)] password: String,
) -> Result<(), ApiError> {
    let grant = MemberChange::Grant(permission.into());
    change(&csrf, &member, grant, Resets::default(), &password, "granted").await
}

/// Takes back a permission that a member has beside their role, and resets the keys whose generation is given.
#[server(endpoint = "revoke_permission")]
pub async fn revoke_permission(
    #[server(default)] csrf: String,
    member: String,
    permission: Permission,
    #[server(default)] reset_api_key: Option<u32>,
    #[server(default)] reset_bundle_key: Option<u32>,
    #[server(default)] password: String,
) -> Result<(), ApiError> {
    let resets = Resets { api_key: reset_api_key, bundle_key: reset_bundle_key };
    change(&csrf, &member, MemberChange::Revoke(permission.into()), resets, &password, "revoked").await
}

/// Gives a member another role, or none where `role` is empty, and resets the keys whose generation is given.
#[server(endpoint = "change_role")]
pub async fn change_role(
    #[server(default)] csrf: String,
    member: String,
    role: String,
    #[server(default)] reset_api_key: Option<u32>,
    #[server(default)] reset_bundle_key: Option<u32>,
    #[server(default)] password: String,
) -> Result<(), ApiError> {
    let role = server::role(&role)?;
    let resets = Resets { api_key: reset_api_key, bundle_key: reset_bundle_key };
    change(&csrf, &member, MemberChange::SetRole(role), resets, &password, "role-changed").await
}

/// Ends a member's sessions and lets none begin, and resets the keys whose generation is given.
#[server(endpoint = "disable_member")]
pub async fn disable_member(
    #[server(default)] csrf: String,
    member: String,
    #[server(default)] reset_api_key: Option<u32>,
    #[server(default)] reset_bundle_key: Option<u32>,
    #[server(default)] password: String,
) -> Result<(), ApiError> {
    let resets = Resets { api_key: reset_api_key, bundle_key: reset_bundle_key };
    change(&csrf, &member, MemberChange::Disable, resets, &password, "disabled").await
}

/// Lets a disabled member sign in again.
#[server(endpoint = "enable_member")]
pub async fn enable_member(
    #[server(default)] csrf: String,
    member: String,
    #[server(default)] password: String,
) -> Result<(), ApiError> {
    change(&csrf, &member, MemberChange::Enable, Resets::default(), &password, "enabled").await
}

/// Removes a member for good, and resets the keys whose generation is given.
#[server(endpoint = "remove_member")]
pub async fn remove_member(
    #[server(default)] csrf: String,
    member: String,
    #[server(default)] reset_api_key: Option<u32>,
    #[server(default)] reset_bundle_key: Option<u32>,
    #[server(default)] password: String,
) -> Result<(), ApiError> {
    let resets = Resets { api_key: reset_api_key, bundle_key: reset_bundle_key };
    change(&csrf, &member, MemberChange::Remove, resets, &password, "removed").await
}

/// Logs a member out everywhere.
#[server(endpoint = "end_member_sessions")]
pub async fn end_member_sessions(
    #[server(default)] csrf: String,
    member: String,
    #[server(default)] password: String,
) -> Result<(), ApiError> {
    change(&csrf, &member, MemberChange::EndSessions, Resets::default(), &password, "sessions-ended").await
}

/// Forgets the wrong passwords that were counted against a member.
#[server(endpoint = "unlock_member")]
pub async fn unlock_member(
    #[server(default)] csrf: String,
    member: String,
    #[server(default)] password: String,
) -> Result<(), ApiError> {
    change(&csrf, &member, MemberChange::Unlock, Resets::default(), &password, "unlocked").await
}

/// Makes a link by which a member chooses a new password. A plain form finds it on the page that follows.
#[server(endpoint = "make_password_link")]
pub async fn make_password_link(
    #[server(default)] csrf: String,
    member: String,
    #[server(default)] password: String,
) -> Result<MadeLink, ApiError> {
    server::make_link(&csrf, &member, &password).await
}

#[cfg(feature = "ssr")]
mod server {
    //! What the changes have in common.

    use super::{ApiError, Grant, Invitation, Member, MemberChange, Members, MembersAccess, RoleChoice};
    use crate::api::{
        caller::{Caller, keep_session},
        link::{self, Destination},
        mail::{MadeLink, Mailed},
    };
    use claviger_core::{
        domain::{
            credential::{CredentialKind, Generation},
            member::MemberId,
            permission::Permission,
            role::RoleId,
        },
        links::InvitationLine,
        members::{self, ChangeMember, ChangedMember, MemberLine, MembersOverview, RoleLine},
    };

    /// The keys to be reset in the same step, by the generations that the page showed.
    #[derive(Default)]
    pub(super) struct Resets {
        pub(super) api_key: Option<u32>,
        pub(super) bundle_key: Option<u32>,
    }

    impl Resets {
        fn is_empty(&self) -> bool {
            self.api_key.is_none() && self.bundle_key.is_none()
        }

        fn keys(&self) -> Vec<(CredentialKind, Generation)> {
            let key = |kind, shown: Option<u32>| shown.map(|shown| (kind, Generation::new(shown)));
            let api_key = key(CredentialKind::ApiKey, self.api_key);
            api_key.into_iter().chain(key(CredentialKind::BundleKey, self.bundle_key)).collect()
        }
    }

    /// The role that a form names; an empty one is none.
    pub(super) fn role(id: &str) -> Result<Option<RoleId>, ApiError> {
        if id.is_empty() {
            return Ok(None);
        }
        RoleId::parse(id).map(Some).ok_or(ApiError::Malformed).map_err(crate::api::caller::answer)
    }

    /// Makes one change, and leads a plain form to the page that says so.
    pub(super) async fn change(
        csrf: &str,
        member: &str,
        change: MemberChange,
        resets: Resets,
        password: &str,
        done: &str,
    ) -> Result<(), ApiError> {
        let caller = Caller::current()?;
        make(&caller, csrf, member, change, &resets, password).await?;
        let and_reset = if resets.is_empty() { "" } else { "&reset=1" };
        caller.lead_form_to(&format!("/members?done={done}{and_reset}"));
        Ok(())
    }

    pub(super) async fn make_link(csrf: &str, member: &str, password: &str) -> Result<MadeLink, ApiError> {
        let caller = Caller::current()?;
        let change = MemberChange::MakePasswordLink;
        let changed = make(&caller, csrf, member, change, &Resets::default(), password).await?;
        let token = changed.password_link.ok_or(ApiError::Malformed)?;
        let link = link::give(&caller, Destination::Password, &token);
        caller.lead_form_to("/members?done=link-made");
        // Whoever reads the mail of the member might not be the member: the admin hands it over.
        Ok(MadeLink { link, mailed: Mailed::Off })
    }

    async fn make(
        caller: &Caller,
        csrf: &str,
        member: &str,
        change: MemberChange,
        resets: &Resets,
        password: &str,
    ) -> Result<ChangedMember, ApiError> {
        let session = caller.session_for_change(csrf).await?;
        let member =
            MemberId::parse(member).ok_or(ApiError::Malformed).map_err(crate::api::caller::answer)?;
        let action = ChangeMember::new(member, change, resets.keys());
        let confirmed = caller.confirm(session, action, password).await?;
        let changed = caller.claviger.change_member(confirmed).await;
        let changed = changed.map_err(|error| caller.refuse(error))?;
        keep_session(&changed.session_token);
        Ok(changed)
    }

    impl MembersAccess {
        pub(super) fn of(overview: MembersOverview, search: String) -> Self {
            let page = match overview {
                MembersOverview::Refused { admins } => return Self::Refused { admins },
                MembersOverview::Permitted(page) => *page,
            };
            Self::Permitted(Members {
                members: page.members.into_iter().map(Member::from).collect(),
                found: page.found,
                page: page.page,
                pages: page.pages,
                search: search.trim().to_owned(),
                roles: page.roles.into_iter().map(RoleChoice::from).collect(),
                invitations: page.invitations.into_iter().map(Invitation::from).collect(),
                is_admin: page.is_admin,
                own: page.own.iter().map(Into::into).collect(),
                keys: page.keys.iter().map(|(kind, shown)| ((*kind).into(), shown.number())).collect(),
            })
        }
    }

    impl From<MemberLine> for Member {
        fn from(line: MemberLine) -> Self {
            Self {
                id: line.id.as_str().to_owned(),
                name: line.name,
                email: line.email,
                is_self: line.is_self,
                is_active: line.is_active,
                is_waiting: line.is_waiting,
                role: line.role.map(|role| role.as_str().to_owned()),
                by_role: line.by_role.iter().map(Into::into).collect(),
                grants: line.grants.into_iter().map(Grant::from).collect(),
                seen: line.seen.into_iter().map(Into::into).collect(),
                may_change: line.may_change,
                is_last_admin: line.is_last_admin,
            }
        }
    }

    impl From<members::Grant> for Grant {
        fn from(grant: members::Grant) -> Self {
            Self { permission: grant.permission.into(), by: grant.by, at: grant.at.into() }
        }
    }

    impl From<RoleLine> for RoleChoice {
        fn from(line: RoleLine) -> Self {
            Self {
                id: line.role.id.as_str().to_owned(),
                reaches_keys: line.role.permissions.contains(Permission::ApiCredentialsManagement),
                name: line.role.name,
                may_give: line.may_give,
            }
        }
    }

    impl From<InvitationLine> for Invitation {
        fn from(line: InvitationLine) -> Self {
            Self {
                id: line.id.as_str().to_owned(),
                name: line.name,
                email: line.email,
                invited_by: line.invited_by,
                expires_at: line.expires_at.into(),
                has_expired: line.has_expired,
            }
        }
    }
}
