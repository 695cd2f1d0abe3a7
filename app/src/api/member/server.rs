//! The code that the changes share.

use super::{ApiError, Grant, Invitation, Member, MemberChange, Members, MembersAccess, RoleChoice};
use crate::{
    done::MembersDone,
    server::{
        caller::{Caller, keep_session},
        link::{self, Destination},
    },
    wire::{
        mailed::{MadeLink, Mailed},
        proof::Proof,
    },
};
use claviger_core::{
    domain::{
        credential::{CredentialKind, Generation},
        member::MemberId,
        permission::Permission,
        role::RoleId,
    },
    use_cases::{
        links::InvitationLine,
        members::{self, ChangeMember, ChangedMember, MemberLine, MembersOverview, RoleLine},
    },
};

/// The keys that the change also resets, by the generations that the page showed.
#[derive(Default)]
pub(super) struct Resets {
    pub(super) api_key: Option<Generation>,
    pub(super) bundle_key: Option<Generation>,
}

impl Resets {
    fn is_empty(&self) -> bool {
        self.api_key.is_none() && self.bundle_key.is_none()
    }

    fn keys(&self) -> Vec<(CredentialKind, Generation)> {
        let api_key = self.api_key.map(|shown| (CredentialKind::ApiKey, shown));
        let bundle_key = self.bundle_key.map(|shown| (CredentialKind::BundleKey, shown));
        api_key.into_iter().chain(bundle_key).collect()
    }
}

/// The role that a form names. An empty id means no role.
pub(super) fn role(id: &str) -> Result<Option<RoleId>, ApiError> {
    if id.is_empty() {
        return Ok(None);
    }
    RoleId::parse(id).map(Some).ok_or(ApiError::Malformed).map_err(crate::server::caller::answer)
}

/// Makes one change, and redirects a plain form to the page that reports it.
pub(super) async fn change(
    csrf: &str,
    member: &str,
    change: MemberChange,
    resets: Resets,
    proof: Proof,
    done: MembersDone,
) -> Result<(), ApiError> {
    let caller = Caller::current()?;
    make(&caller, csrf, member, change, &resets, proof).await?;
    let and_reset = if resets.is_empty() { "" } else { "&reset=1" };
    caller.redirect_form_to(&(done.address() + and_reset));
    Ok(())
}

pub(super) async fn make_link(csrf: &str, member: &str, proof: Proof) -> Result<MadeLink, ApiError> {
    let caller = Caller::current()?;
    let change = MemberChange::MakePasswordLink;
    let changed = make(&caller, csrf, member, change, &Resets::default(), proof).await?;
    let token = changed.password_link.ok_or(ApiError::Malformed)?;
    let link = link::give(&caller, Destination::Password, &token);
    caller.redirect_form_to(&MembersDone::LinkMade.address());
    // The link is not sent by e-mail, because a person other than the member might read the member's e-mail. The admin hands the
    // link over.
    Ok(MadeLink { link, mailed: Mailed::Off })
}

async fn make(
    caller: &Caller,
    csrf: &str,
    member: &str,
    change: MemberChange,
    resets: &Resets,
    proof: Proof,
) -> Result<ChangedMember, ApiError> {
    let session = caller.session_for_change(csrf).await?;
    let member = MemberId::parse(member).ok_or(ApiError::Malformed).map_err(crate::server::caller::answer)?;
    let action = ChangeMember::new(member, change, resets.keys());
    let confirmed = caller.confirm(session, action, proof).await?;
    let changed = caller.claviger.change_member(confirmed).await;
    let changed = changed.map_err(|error| caller.refuse(error))?;
    keep_session(&changed.session_token);
    Ok(changed)
}

impl MembersAccess {
    pub(super) fn of(overview: MembersOverview, search: &str) -> Self {
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
            invitation_page: page.invitation_page,
            invitation_pages: page.invitation_pages,
            is_admin: page.is_admin,
            own: page.own.iter().collect(),
            keys: page.keys,
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
            by_role: line.by_role.iter().collect(),
            grants: line.grants.into_iter().map(Grant::from).collect(),
            seen: line.seen,
            may_change: line.may_change,
            is_last_admin: line.is_last_admin,
        }
    }
}

impl From<members::Grant> for Grant {
    fn from(grant: members::Grant) -> Self {
        Self { permission: grant.permission, by: grant.by, at: grant.at.into() }
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
