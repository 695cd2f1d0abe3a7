//! The actions that ask for the password, each a type of its own: what was confirmed for one cannot do another.

use crate::{
    audit::AuditAction,
    domain::{
        credential::{CredentialKind, Generation},
        permission::Permission,
    },
};

mod sealed {
    pub trait Sealed {}
}

/// Something that happens only after the password was entered for it. Only the types of this module can be one.
#[expect(
    private_interfaces,
    reason = "nobody outside can implement or call it; what it records is the core's"
)]
pub trait Action: sealed::Sealed + Send + Sync + 'static {
    /// What the member must be permitted.
    const PERMISSION: Permission;

    /// How the audit trail names it.
    fn audit_action(&self) -> AuditAction;

    /// The keys that it touches.
    fn kinds(&self) -> Vec<CredentialKind>;
}

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

impl sealed::Sealed for View {}
impl sealed::Sealed for Copy {}
impl sealed::Sealed for Reset {}

#[expect(private_interfaces, reason = "as at the trait")]
impl Action for View {
    const PERMISSION: Permission = Permission::ApiCredentialsManagement;

    fn audit_action(&self) -> AuditAction {
        AuditAction::ViewCredential
    }

    fn kinds(&self) -> Vec<CredentialKind> {
        vec![self.kind]
    }
}

#[expect(private_interfaces, reason = "as at the trait")]
impl Action for Copy {
    const PERMISSION: Permission = Permission::ApiCredentialsManagement;

    fn audit_action(&self) -> AuditAction {
        AuditAction::CopyCredential
    }

    fn kinds(&self) -> Vec<CredentialKind> {
        vec![self.kind]
    }
}

#[expect(private_interfaces, reason = "as at the trait")]
impl Action for Reset {
    const PERMISSION: Permission = Permission::ApiCredentialsManagement;

    fn audit_action(&self) -> AuditAction {
        AuditAction::ResetCredential
    }

    fn kinds(&self) -> Vec<CredentialKind> {
        self.shown.iter().map(|(kind, _)| *kind).collect()
    }
}
