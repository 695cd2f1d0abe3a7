//! The actions on credentials: view, copy and reset. It must not know how they are performed.

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

/// The action of disclosing a key to show it on the page.
#[derive(Debug)]
pub struct View {
    pub(crate) kind: CredentialKind,
}

impl View {
    /// Creates the action for this key.
    #[must_use]
    pub const fn new(kind: CredentialKind) -> Self {
        Self { kind }
    }
}

/// The action of disclosing a key to copy it to the clipboard.
#[derive(Debug)]
pub struct Copy {
    pub(crate) kind: CredentialKind,
}

impl Copy {
    /// Creates the action for this key.
    #[must_use]
    pub const fn new(kind: CredentialKind) -> Self {
        Self { kind }
    }
}

/// The action of replacing one key or both, each in the generation that the page showed.
#[derive(Debug)]
pub struct Reset {
    pub(crate) shown: Vec<(CredentialKind, Generation)>,
}

impl Reset {
    /// Creates the action for one key.
    #[must_use]
    pub fn one(kind: CredentialKind, shown: Generation) -> Self {
        Self { shown: vec![(kind, shown)] }
    }

    /// Creates the action for both keys. It replaces both or neither.
    #[must_use]
    pub fn both(api_key: Generation, bundle_key: Generation) -> Self {
        Self { shown: vec![(CredentialKind::ApiKey, api_key), (CredentialKind::BundleKey, bundle_key)] }
    }
}

/// Implements [`Action`] for a type, with its name in the audit trail and the keys that it affects.
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
