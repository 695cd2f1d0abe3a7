//! A change of one member, after the acting member entered the password.

use super::rules::{TargetMember, check_change, effective_permissions};
use crate::{
    audit::{AuditAction, Target},
    authentication::session::Session,
    claviger::Claviger,
    crypto::token::Token,
    domain::{
        credential::{CredentialKind, Generation},
        member::MemberId,
        permission::Permission,
        role::RoleId,
    },
    reauthentication::{Acting, Action, ActionError, Confirmed, require, sealed::Sealed},
    store::{self, Connection},
    use_cases::credentials::replace_shown,
};

/// The changes that can be made to a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberChange {
    /// Grant one permission in addition to those of the role.
    Grant(Permission),
    /// Revoke one permission that was granted in addition to the role.
    Revoke(Permission),
    /// Set another role, or none.
    SetRole(Option<RoleId>),
    /// End all sessions, and refuse new ones.
    Disable,
    /// Allow new sessions again.
    Enable,
    /// Remove all access permanently. The e-mail address can be used again.
    Remove,
    /// End all sessions.
    EndSessions,
    /// Clear the counted wrong passwords.
    Unlock,
    /// Create a link to choose a new password.
    MakePasswordLink,
}

/// The action of changing a member and, in the same transaction, resetting keys that the member has seen.
#[derive(Debug)]
pub struct ChangeMember {
    member: MemberId,
    change: MemberChange,
    reset: Vec<(CredentialKind, Generation)>,
}

impl ChangeMember {
    /// Creates the action for this change. It also replaces these keys, in the generations that the page showed.
    #[must_use]
    pub const fn new(
        member: MemberId,
        change: MemberChange,
        reset: Vec<(CredentialKind, Generation)>,
    ) -> Self {
        Self { member, change, reset }
    }
}

/// The result of a change.
#[derive(Debug)]
pub struct ChangedMember {
    /// The new session token, which replaces the old one.
    pub session_token: Token,
    /// The token of the password link, if one was created.
    pub password_link: Option<Token>,
}

impl Sealed for ChangeMember {}

#[expect(private_interfaces, reason = "as at the trait")]
impl Action for ChangeMember {
    fn audit_action(&self) -> AuditAction {
        match &self.change {
            MemberChange::Grant(_) => AuditAction::GrantPermission,
            MemberChange::Revoke(_) => AuditAction::RevokePermission,
            MemberChange::SetRole(_) => AuditAction::ChangeRole,
            MemberChange::Disable => AuditAction::DisableMember,
            MemberChange::Enable => AuditAction::EnableMember,
            MemberChange::Remove => AuditAction::RemoveMember,
            MemberChange::EndSessions => AuditAction::EndSessions,
            MemberChange::Unlock => AuditAction::UnlockMember,
            MemberChange::MakePasswordLink => AuditAction::MakePasswordLink,
        }
    }

    fn target(&self) -> Target {
        match &self.change {
            MemberChange::Grant(permission) | MemberChange::Revoke(permission) => {
                Target::member_and(&self.member, permission.as_str())
            }
            MemberChange::SetRole(role) => {
                Target::member_and(&self.member, role.as_ref().map_or("", RoleId::as_str))
            }
            _ => Target::member(&self.member),
        }
    }

    async fn allowed(&self, connection: &mut Connection, session: &Session) -> Result<(), ActionError> {
        require(connection, session, Permission::MemberManagement).await?;
        if !self.reset.is_empty() {
            require(connection, session, Permission::ApiCredentialsManagement).await?;
        }
        let account = &session.account;
        let actor = store::member::find(connection, account, &session.member).await?;
        let actor = actor.ok_or(ActionError::SignedOut)?;
        let actor = effective_permissions(connection, account, &session.member, &actor).await?;
        let target = store::member::find(connection, account, &self.member).await?;
        let target = target.ok_or(ActionError::Gone)?;
        let target = TargetMember {
            effective: effective_permissions(connection, account, &self.member, &target).await?,
            is_active: target.is_active,
            another_admin_is_active: store::member::has_other_active_admin(connection, account, &self.member)
                .await?,
        };
        let role = match &self.change {
            MemberChange::SetRole(Some(role)) => {
                Some(store::role::find(connection, account, role).await?.ok_or(ActionError::Gone)?)
            }
            _ => None,
        };
        check_change(actor, target, &self.change, role.as_ref())
    }
}

impl Claviger {
    /// Changes a member. When this returns, the change is in effect: revoked access is refused.
    ///
    /// # Errors
    /// The reason why nothing was changed.
    pub async fn change_member(
        &self,
        confirmed: Confirmed<ChangeMember>,
    ) -> Result<ChangedMember, ActionError> {
        let mut acting = confirmed.begin(self).await?;
        let reset = acting.action.reset.clone();
        if let Err(error) = replace_shown(&mut acting, &reset).await {
            if matches!(error, ActionError::Stale { .. }) {
                acting.commit_as_stale().await?;
            }
            return Err(error);
        }
        let password_link = self.make_change(&mut acting).await?;
        let target = acting.action.target();
        acting.record(target).await?;
        Ok(ChangedMember { session_token: acting.commit().await?, password_link })
    }

    async fn make_change(&self, acting: &mut Acting<ChangeMember>) -> Result<Option<Token>, ActionError> {
        let (now, transaction) = (self.now(), &mut acting.transaction);
        let (member, actor) = (&acting.action.member, &acting.session.member);
        match &acting.action.change {
            MemberChange::Grant(permission) => {
                store::permission_grant::insert(transaction, member, *permission, actor, now).await?;
            }
            MemberChange::Revoke(permission) => {
                store::permission_grant::delete(transaction, member, *permission).await?;
            }
            MemberChange::SetRole(role) => {
                store::member::set_role(transaction, member, role.as_ref()).await?;
            }
            MemberChange::Disable => {
                store::member::set_active(transaction, member, false).await?;
                store::session::delete_all_of(transaction, member, None).await?;
            }
            MemberChange::Enable => store::member::set_active(transaction, member, true).await?,
            MemberChange::Remove => {
                store::session::delete_all_of(transaction, member, None).await?;
                store::permission_grant::delete_all(transaction, member).await?;
                store::device::forget_all(transaction, member).await?;
                store::login_failure::clear_all(transaction, member.as_str()).await?;
                store::password_link::delete(transaction, member).await?;
                store::email_change::delete(transaction, member).await?;
                store::invitation::delete_by(transaction, member).await?;
                store::member::remove(transaction, member, now).await?;
            }
            MemberChange::EndSessions => {
                store::session::delete_all_of(transaction, member, None).await?;
            }
            MemberChange::Unlock => {
                store::login_failure::clear_all(transaction, member.as_str()).await?;
            }
            MemberChange::MakePasswordLink => {
                let account = &acting.session.account;
                return Ok(Some(self.set_password_link(transaction, account, member, Some(actor)).await?));
            }
        }
        Ok(None)
    }
}
