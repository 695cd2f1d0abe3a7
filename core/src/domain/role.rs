//! Roles: named sets of permissions. Three are built in; an organisation can add its own.

use super::{
    identifier::identifier,
    text::{TextError, parse_line},
};

identifier! {
    /// The identifier of a role.
    RoleId
}

/// The id of the role that has every permission. Only admins can assign it.
const ADMIN: &str = "admin";

impl RoleId {
    /// The id of the Admin role.
    #[must_use]
    pub fn admin() -> Self {
        Self::from_stored(ADMIN.to_owned())
    }

    /// Whether this is the Admin role.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.as_str() == ADMIN
    }
}

/// The name of a role: one line of 1 to 40 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleName(String);

impl RoleName {
    /// Accepts a name that a person typed. Removes the spaces around it.
    ///
    /// # Errors
    /// Returns why the name is not valid.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        parse_line(text, 40).map(Self)
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a person would read the two names as the same name.
    #[must_use]
    pub fn is_like(&self, other: &str) -> bool {
        self.0.to_lowercase() == other.to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_in_case_are_alike() {
        let name = RoleName::parse(" Support ").unwrap();
        assert_eq!(name.as_str(), "Support");
        assert!(name.is_like("SUPPORT") && !name.is_like("Sales"));
    }

    #[test]
    fn only_one_role_is_that_of_the_admins() {
        assert!(RoleId::admin().is_admin());
        assert!(!RoleId::parse("developer").unwrap().is_admin());
    }
}
