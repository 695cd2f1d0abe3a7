//! Permissions: what a member may do besides viewing the pages that every member has.

/// A permission that an admin can grant. Admins have every permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// To view, copy and reset the API key and the bundle key.
    ApiCredentialsManagement,
    /// To invite, disable and remove members, and to set their permissions.
    MemberManagement,
    /// To read the audit log.
    AuditLog,
}

impl Permission {
    /// All permissions, in the order in which pages show them.
    pub const ALL: [Self; 3] = [Self::ApiCredentialsManagement, Self::MemberManagement, Self::AuditLog];

    /// The value in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ApiCredentialsManagement => "api_credentials_management",
            Self::MemberManagement => "member_management",
            Self::AuditLog => "audit_log",
        }
    }

    /// Reads the value in the database.
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
    /// The empty set.
    #[must_use]
    pub const fn empty() -> Self {
        Self(0)
    }

    /// Whether the set contains this permission.
    #[must_use]
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// Whether the set contains every permission of `others`.
    #[must_use]
    pub const fn includes(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// The permissions that are in either set.
    #[must_use]
    pub const fn union(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// The permissions that are not in `others`.
    #[must_use]
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// The permissions of the set, in the order in which pages show them.
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
