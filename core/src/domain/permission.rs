//! Permissions: what a member may do beyond looking at the pages that everybody has.

/// What an admin may grant. Admins have all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// To view, copy and reset the API key and the bundle key.
    ApiCredentialsManagement,
    /// To invite, disable and remove members.
    MemberManagement,
    /// To read the audit log.
    AuditLog,
}

impl Permission {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::ApiCredentialsManagement, Self::MemberManagement, Self::AuditLog];

    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ApiCredentialsManagement => "api_credentials_management",
            Self::MemberManagement => "member_management",
            Self::AuditLog => "audit_log",
        }
    }
}
