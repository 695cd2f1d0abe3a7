//! Helpers for the tests of members, roles, links and profiles.

use crate::support::*;
use claviger_core::{
    authentication::session::{BrowserTokens, SignedIn},
    crypto::token::Token,
    domain::{
        credential::{CredentialKind, Generation},
        field_errors::{EmailProblem, FieldErrors},
        invitation::InvitationId,
        member::MemberId,
        permission::{
            Permission::{self, AuditLog},
            Permissions,
        },
        role::{RoleId, RoleName},
    },
    password::PasswordAttempt,
    reauthentication::{Action, ActionError, Confirmed, Proof},
    use_cases::{
        links::{InviteForm, LinkError},
        members::{ChangeMember, MemberChange, MemberLine, MembersOverview, MembersPage},
        profile::ChangeEmail,
        roles::{ChangeRoles, RolesOverview},
    },
};

pub(crate) const ADA: &str = "ada@example.org";
pub(crate) const GRACE: &str = "grace@example.org";

/// Another good password.
pub(crate) const OTHER: &str = "amber wagon silent kelp 77";

/// A browser that is not a known device.
pub(crate) const NEW_DEVICE: BrowserTokens<'static> = BrowserTokens { session: None, device: None };

pub(crate) fn set(permissions: &[Permission]) -> Permissions {
    permissions.iter().copied().collect()
}

/// The change that assigns a built-in role.
pub(crate) fn give(role: &str) -> MemberChange {
    MemberChange::SetRole(RoleId::parse(role))
}

/// Every kind of change with its word in the audit trail, in an order in which each change is possible after the one
/// before.
pub(crate) fn every_change() -> [(MemberChange, &'static str); 9] {
    [
        (MemberChange::Grant(AuditLog), "permission.grant"),
        (MemberChange::Revoke(AuditLog), "permission.revoke"),
        (give("auditor"), "member.change_role"),
        (MemberChange::Unlock, "member.unlock"),
        (MemberChange::MakePasswordLink, "member.make_password_link"),
        (MemberChange::EndSessions, "member.end_sessions"),
        (MemberChange::Disable, "member.disable"),
        (MemberChange::Enable, "member.enable"),
        (MemberChange::Remove, "member.remove"),
    ]
}

/// The change without a reset of keys.
pub(crate) fn changing(member: &MemberId, change: MemberChange) -> ChangeMember {
    ChangeMember::new(member.clone(), change, Vec::new())
}

/// Creates a role of the organisation's own.
pub(crate) fn create(name: &str, permissions: &[Permission]) -> ChangeRoles {
    ChangeRoles::create(RoleName::parse(name).unwrap(), set(permissions))
}

/// The errors for an e-mail address that is taken.
pub(crate) fn taken() -> FieldErrors {
    FieldErrors { email: Some(EmailProblem::Taken), ..FieldErrors::default() }
}

pub(crate) fn is_taken<T>(result: &Result<T, ActionError>) -> bool {
    matches!(result, Err(ActionError::Invalid(errors)) if *errors == taken())
}

pub(crate) fn unusable<T>(result: &Result<T, LinkError>) -> bool {
    matches!(result, Err(LinkError::Unusable))
}

pub(crate) fn not_permitted<T>(result: &Result<T, ActionError>, wanted: Permission) -> bool {
    matches!(result, Err(ActionError::NotPermitted { permission, .. }) if *permission == wanted)
}

impl Installation {
    /// Ada with her organisation, and Grace as its member with these permissions.
    pub(crate) async fn with_grace(&self, permissions: &[Permission]) -> (Person, Person, MemberId) {
        let ada = self.sign_up(ADA).await;
        let grace = self.add(&ada, GRACE, permissions).await;
        let id = self.id(&ada, GRACE).await;
        (ada, grace, id)
    }

    /// Enters the right password for an action. The test then spends the confirmation.
    pub(crate) async fn confirm<A: Action>(
        &self,
        person: &Person,
        action: A,
    ) -> Result<Confirmed<A>, ActionError> {
        self.confirm_with(person, action, PASSWORD).await
    }

    pub(crate) async fn confirm_with<A: Action>(
        &self,
        person: &Person,
        action: A,
        password: &str,
    ) -> Result<Confirmed<A>, ActionError> {
        let session = self.session(person).await.map_err(|_| ActionError::SignedOut)?;
        self.claviger
            .confirm(session, action, Proof::Password(PasswordAttempt::new(password)), request_context())
            .await
    }

    /// Makes a change with the right password. Returns the token if the change created a link.
    pub(crate) async fn change(
        &self,
        person: &mut Person,
        member: &MemberId,
        change: MemberChange,
    ) -> Result<Option<Token>, ActionError> {
        self.change_and_reset(person, member, change, &[]).await
    }

    /// The same with a reset of the keys in these generations.
    pub(crate) async fn change_and_reset(
        &self,
        person: &mut Person,
        member: &MemberId,
        change: MemberChange,
        reset: &[(CredentialKind, u32)],
    ) -> Result<Option<Token>, ActionError> {
        let reset = reset.iter().map(|(kind, shown)| (*kind, Generation::new(*shown))).collect();
        let confirmed = self.confirm(person, ChangeMember::new(member.clone(), change, reset)).await?;
        let changed = self.claviger.change_member(confirmed).await?;
        changed.session_token.expose().clone_into(&mut person.session_token);
        Ok(changed.password_link)
    }

    /// Creates a password link for a member. Returns its token.
    pub(crate) async fn link_for(&self, person: &mut Person, member: &MemberId) -> String {
        let link = self.change(person, member, MemberChange::MakePasswordLink).await.unwrap().unwrap();
        link.expose().to_owned()
    }

    /// Changes the roles with the right password.
    pub(crate) async fn change_roles(
        &self,
        person: &mut Person,
        action: ChangeRoles,
    ) -> Result<(), ActionError> {
        let confirmed = self.confirm(person, action).await?;
        let token = self.claviger.change_roles(confirmed).await?;
        token.expose().clone_into(&mut person.session_token);
        Ok(())
    }

    /// The id of one of the organisation's own roles.
    pub(crate) async fn role(&self, person: &Person, name: &str) -> RoleId {
        let session = self.session(person).await.unwrap();
        match self.claviger.roles(&session).await.unwrap() {
            RolesOverview::Permitted { roles, .. } => {
                roles.into_iter().find(|role| role.name == name).unwrap().id
            }
            RolesOverview::Refused { .. } => panic!("the roles are refused"),
        }
    }

    /// A page of the members that a search finds.
    pub(crate) async fn found(&self, person: &Person, search: &str, page: u32) -> MembersPage {
        let session = self.session(person).await.unwrap();
        match self.claviger.members(&session, search, page, 1).await.unwrap() {
            MembersOverview::Permitted(page) => *page,
            MembersOverview::Refused { .. } => panic!("the members are refused"),
        }
    }

    /// The member with this e-mail address, as a person with Member management sees them.
    pub(crate) async fn line(&self, person: &Person, email: &str) -> MemberLine {
        self.found(person, email, 1).await.members.into_iter().find(|line| line.email == email).unwrap()
    }

    pub(crate) async fn id(&self, person: &Person, email: &str) -> MemberId {
        self.line(person, email).await.id
    }

    /// Invites a person. Returns the token of the link.
    pub(crate) async fn invite(&self, person: &Person, email: &str) -> Result<String, ActionError> {
        let session = self.session(person).await.map_err(|_| ActionError::SignedOut)?;
        let form = InviteForm { name: "Grace Hopper", email };
        let token = self.claviger.invite(&session, form, &request_context()).await?;
        Ok(token.expose().to_owned())
    }

    pub(crate) async fn withdraw(&self, person: &Person, id: &InvitationId) -> Result<(), ActionError> {
        let session = self.session(person).await.map_err(|_| ActionError::SignedOut)?;
        self.claviger.withdraw_invitation(&session, id, &request_context()).await
    }

    /// Accepts an invitation.
    pub(crate) async fn join(&self, token: &str, password: &str) -> Result<SignedIn, LinkError> {
        self.claviger.join(token, password, NEW_DEVICE, &request_context()).await
    }

    /// Chooses a new password with a link.
    pub(crate) async fn choose(&self, token: &str, password: &str) -> Result<SignedIn, LinkError> {
        self.claviger.choose_password(token, password, NEW_DEVICE, &request_context()).await
    }

    /// Changes the person's own password.
    pub(crate) async fn change_password(&self, person: &mut Person, new: &str) -> Result<(), ActionError> {
        let session = self.session(person).await.map_err(|_| ActionError::SignedOut)?;
        let action = self.claviger.prepare_password(&session, new).await?;
        let token = self.claviger.change_password(self.confirm(person, action).await?).await?;
        token.expose().clone_into(&mut person.session_token);
        Ok(())
    }

    /// Changes the person's own address without the confirmation of the new address.
    pub(crate) async fn change_email(&self, person: &mut Person, new: &str) -> Result<(), ActionError> {
        let action = ChangeEmail::parse(new)?;
        let token = self.claviger.change_email(self.confirm(person, action).await?).await?;
        token.expose().clone_into(&mut person.session_token);
        Ok(())
    }

    /// Requests a change to a new address that is not taken. Returns the token of the link that confirms it.
    pub(crate) async fn request_email_change(
        &self,
        person: &mut Person,
        new: &str,
    ) -> Result<String, ActionError> {
        Ok(self.announce(person, new).await?.expect("somebody has the address"))
    }

    /// Requests a change to a new address. Returns the token of the link if there is one.
    pub(crate) async fn announce(
        &self,
        person: &mut Person,
        new: &str,
    ) -> Result<Option<String>, ActionError> {
        let action = ChangeEmail::parse(new)?;
        let announced = self.claviger.request_email_change(self.confirm(person, action).await?).await?;
        announced.session_token.expose().clone_into(&mut person.session_token);
        Ok(announced.link.map(|link| link.expose().to_owned()))
    }

    /// Whether a new browser can sign in with this address and password.
    pub(crate) async fn lets_in(&self, email: &str, password: &str) -> bool {
        self.sign_in(email, password, NEW_DEVICE).await.is_ok()
    }
}
