//! Permissions, and sets of them.

pub use claviger_types::Permission;

/// The set is one byte.
const _: () = assert!(Permission::ALL.len() <= 8, "widen the integer of `Permissions`");

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
        self.0 & bit(permission) != 0
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

const fn bit(permission: Permission) -> u8 {
    1 << permission as u8
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<T: IntoIterator<Item = Permission>>(permissions: T) -> Self {
        permissions.into_iter().fold(Self::default(), |set, permission| Self(set.0 | bit(permission)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Permission::{ApiCredentialsManagement, AuditLog, MemberManagement};

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
        let three = [ApiCredentialsManagement, MemberManagement, AuditLog];
        assert_eq!(set.union([MemberManagement].into_iter().collect()), three.into_iter().collect());
    }
}
