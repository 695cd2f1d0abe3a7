//! What the tests of members, roles and links have in common.

use crate::support::*;
use claviger_core::{
    domain::{
        credential::{CredentialKind, Generation},
        member::MemberId,
        permission::{Permission, Permissions},
        role::RoleId,
    },
    links::InviteForm,
    members::{ChangeMember, MemberChange, MemberLine, MembersOverview, MembersPage},
    password::PasswordAttempt,
    reauthentication::ActionError,
    roles::{ChangeRoles, RolesOverview},
    token::Token,
};

/// Another good password.
pub(crate) const OTHER: &str = "amber wagon silent kelp 77";

pub(crate) fn set(permissions: &[Permission]) -> Permissions {
    permissions.iter().copied().collect()
}

impl Installation {
    /// Makes a change with the right password; answers the token of a link where one was made.
    pub(crate) async fn change(
        &self,
        person: &mut Person,
        member: &MemberId,
        change: MemberChange,
    ) -> Result<Option<Token>, ActionError> {
        self.change_and_reset(person, member, change, &[]).await
    }

    /// The same, with API keys to be reset in these generations.
    pub(crate) async fn change_and_reset(
        &self,
        person: &mut Person,
        member: &MemberId,
        change: MemberChange,
        reset: &[u32],
    ) -> Result<Option<Token>, ActionError> {
        let session = self.session(person).await.map_err(|_| ActionError::SignedOut)?;
        let reset = reset.iter().map(|shown| (CredentialKind::ApiKey, Generation::new(*shown))).collect();
        let action = ChangeMember::new(member.clone(), change, reset);
        let attempt = PasswordAttempt::new(PASSWORD);
        let confirmed = self.claviger.confirm(session, action, attempt, circumstances()).await?;
        let changed = self.claviger.change_member(confirmed).await?;
        changed.session_token.expose().clone_into(&mut person.session_token);
        Ok(changed.password_link)
    }

    /// Changes the roles with the right password.
    pub(crate) async fn change_roles(
        &self,
        person: &mut Person,
        action: ChangeRoles,
    ) -> Result<(), ActionError> {
        let session = self.session(person).await.map_err(|_| ActionError::SignedOut)?;
        let attempt = PasswordAttempt::new(PASSWORD);
        let confirmed = self.claviger.confirm(session, action, attempt, circumstances()).await?;
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

    /// The first page of the members whom a search finds.
    pub(crate) async fn found(&self, person: &Person, search: &str, page: u32) -> MembersPage {
        let session = self.session(person).await.unwrap();
        match self.claviger.members(&session, search, page).await.unwrap() {
            MembersOverview::Permitted(page) => *page,
            MembersOverview::Refused { .. } => panic!("the members are refused"),
        }
    }

    /// The member with this e-mail address, as somebody sees them who manages members.
    pub(crate) async fn line(&self, person: &Person, email: &str) -> MemberLine {
        self.found(person, email, 1).await.members.into_iter().find(|line| line.email == email).unwrap()
    }

    pub(crate) async fn id(&self, person: &Person, email: &str) -> MemberId {
        self.line(person, email).await.id
    }

    /// Invites somebody and answers the token of the link.
    pub(crate) async fn invite(&self, person: &Person, email: &str) -> Result<String, ActionError> {
        let session = self.session(person).await.map_err(|_| ActionError::SignedOut)?;
        let form = InviteForm { name: "Grace Hopper", email };
        let token = self.claviger.invite(&session, form, &circumstances()).await?;
        Ok(token.expose().to_owned())
    }
}
