//! The actions on credentials.

use crate::{
    audit::{AuditAction, Target},
    authentication::session::Session,
    domain::{
        credential::{CredentialKind, Generation},
        permission::Permission,
    },
    reauthentication::{Action, ActionError, require, sealed::Sealed},
    store::Connection,
};

/// To disclose a key to be read on the page.
#[derive(Debug)]
pub struct View {
    pub(crate) kind: CredentialKind,
}

impl View {
    /// To view this key.
    #[must_use]
    pub const fn new(kind: CredentialKind) -> Self {
        Self { kind }
    }
}

/// To disclose a key to be put on the clipboard.
#[derive(Debug)]
pub struct Copy {
    pub(crate) kind: CredentialKind,
}

impl Copy {
    /// To copy this key.
    #[must_use]
    pub const fn new(kind: CredentialKind) -> Self {
        Self { kind }
    }
}

/// To replace one key or both, each in the generation that the person saw.
#[derive(Debug)]
pub struct Reset {
    pub(crate) shown: Vec<(CredentialKind, Generation)>,
}

impl Reset {
    /// To replace one key.
    #[must_use]
    pub fn one(kind: CredentialKind, shown: Generation) -> Self {
        Self { shown: vec![(kind, shown)] }
    }

    /// To replace both keys, or neither.
    #[must_use]
    pub fn both(api_key: Generation, bundle_key: Generation) -> Self {
        Self { shown: vec![(CredentialKind::ApiKey, api_key), (CredentialKind::BundleKey, bundle_key)] }
    }
}

/// Makes an action of a type, with its name in the audit trail and the keys that it touches.
macro_rules! credential_action {
    ($type:ty, $audit_action:expr, |$action:ident| $kinds:expr) => {
        impl Sealed for $type {}

        #[expect(private_interfaces, reason = "as at the trait")]
        impl Action for $type {
            fn audit_action(&self) -> AuditAction {
                $audit_action
            }

            fn target(&self) -> Target {
                let $action = self;
                Target::kinds(&$kinds)
            }

            async fn allowed(
                &self,
                connection: &mut Connection,
                session: &Session,
            ) -> Result<(), ActionError> {
                require(connection, session, Permission::ApiCredentialsManagement).await
            }
        }
    };
}

credential_action!(View, AuditAction::ViewCredential, |action| [action.kind]);
credential_action!(Copy, AuditAction::CopyCredential, |action| [action.kind]);
credential_action!(Reset, AuditAction::ResetCredential, |action| action
    .shown
    .iter()
    .map(|(kind, _)| *kind)
    .collect::<Vec<_>>());
