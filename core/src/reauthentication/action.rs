//! The trait of actions that need the password. Each action is its own type, so that a confirmation for one action
//! cannot perform another. It must not know any single action.

use super::ActionError;
use crate::{
    audit::{AuditAction, Target},
    authentication::session::Session,
    domain::permission::Permission,
    store::{self, Connection},
};

pub(crate) mod sealed {
    //! The sealed trait: only this crate can define actions.

    pub trait Sealed {}
}

/// An action that happens only after the member entered the password for it. Only types of this crate can implement
/// it.
#[expect(
    private_interfaces,
    reason = "nobody outside can implement or call it; what it records is the core's"
)]
pub trait Action: sealed::Sealed + Send + Sync + 'static {
    /// The name of the action in the audit trail.
    fn audit_action(&self) -> AuditAction;

    /// The target of the action.
    fn target(&self) -> Target;

    /// Checks whether the member may perform the action now. It is called before the password check, and again inside
    /// the transaction of the action.
    fn allowed(
        &self,
        connection: &mut Connection,
        session: &Session,
    ) -> impl Future<Output = Result<(), ActionError>> + Send;
}

/// Refuses a member who lacks the permission, and returns the names of the admins who can grant it.
pub(crate) async fn require(
    connection: &mut Connection,
    session: &Session,
    permission: Permission,
) -> Result<(), ActionError> {
    if store::member::is_permitted(connection, &session.member, permission).await? {
        return Ok(());
    }
    let admins = store::member::admin_names(connection, &session.account).await?;
    Err(ActionError::NotPermitted { permission, admins })
}
