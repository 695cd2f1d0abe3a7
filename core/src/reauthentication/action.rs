//! What an action is that asks for the password: each is a type of its own, so that what was confirmed for one cannot do
//! another. It must not know any of them.

use super::ActionError;
use crate::{
    audit::{AuditAction, Target},
    authentication::session::Session,
    domain::permission::Permission,
    store::{self, Connection},
};

pub(crate) mod sealed {
    //! Keeps the actions those of this crate.

    pub trait Sealed {}
}

/// Something that happens only after the password was entered for it. Only types of this crate can be one.
#[expect(
    private_interfaces,
    reason = "nobody outside can implement or call it; what it records is the core's"
)]
pub trait Action: sealed::Sealed + Send + Sync + 'static {
    /// How the audit trail names it.
    fn audit_action(&self) -> AuditAction;

    /// What it is done to.
    fn target(&self) -> Target;

    /// Whether the member may do this, as things stand. It is asked before the password, and once more inside the
    /// transaction that acts.
    fn allowed(
        &self,
        connection: &mut Connection,
        session: &Session,
    ) -> impl Future<Output = Result<(), ActionError>> + Send;
}

/// Refuses whoever lacks the permission, and says whom to ask.
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
