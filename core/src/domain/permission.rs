//! Permissions: what a member may do beyond looking at the pages that everybody has.

/// What an admin may grant. Admins have all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// To view, copy and reset the API key and the bundle key.
    ApiCredentialsManagement,
    /// To invite, disable and remove members, and to say what they may do.
    MemberManagement,
    /// To read the audit log.
    AuditLog,
}

impl Permission {
    /// All there are, in the order in which they are shown.
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

    /// From the word in the database.
    #[must_use]
    pub fn from_stored(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.as_str() == word)
    }

    const fn bit(self) -> u8 {
        match self {
            Self::ApiCredentialsManagement => 1,
            Self::MemberManagement => 2,
            Self::AuditLog => 4,
        }
    }
}

/// A set of permissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Permissions(u8);

impl Permissions {
    /// None.
    #[must_use]
    pub const fn empty() -> Self {
        Self(0)
    }

    /// Whether the permission is among them.
    #[must_use]
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// Whether all of `others` are among them.
    #[must_use]
    pub const fn includes(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// Those of either set.
    #[must_use]
    pub const fn union(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Those that are not among `others`.
    #[must_use]
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// Each of them, in the order in which they are shown.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |permission| self.contains(*permission))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<T: IntoIterator<Item = Permission>>(permissions: T) -> Self {
        permissions.into_iter().fold(Self::default(), |set, permission| Self(set.0 | permission.bit()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Permission::{ApiCredentialsManagement, AuditLog, MemberManagement};

    #[test]
    fn a_permission_is_read_back_from_its_word() {
        for permission in Permission::ALL {
            assert_eq!(Permission::from_stored(permission.as_str()), Some(permission));
        }
        assert_eq!(Permission::from_stored("everything"), None);
    }

    #[test]
    fn a_set_holds_what_was_put_into_it_and_nothing_else() {
        let set: Permissions = [AuditLog, ApiCredentialsManagement, AuditLog].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [ApiCredentialsManagement, AuditLog]);
        assert!(!set.contains(MemberManagement));
        assert!(set.includes(Permissions::default()) && !Permissions::default().includes(set));
        assert_eq!(
            set.without([AuditLog].into_iter().collect()),
            [ApiCredentialsManagement].into_iter().collect()
        );
        assert!(
            set.union([MemberManagement].into_iter().collect())
                .includes(Permission::ALL.into_iter().collect())
        );
    }
}
