//! Permissions: what a member may do in addition to viewing the pages that every member may view.

use crate::named_enum;

/// Creates the enum with its names, and the words for each permission on the pages, from the table of all permissions.
macro_rules! permissions {
    ($(
        $(#[$attribute:meta])*
        $variant:ident = $name:literal { title: $title:literal, allows: $allows:literal }
    )+) => {
        named_enum! {
            /// A permission that an admin can grant to a member. Admins have all permissions.
            pub enum Permission {
                $($(#[$attribute])* $variant = $name,)+
            }
        }

        impl Permission {
            /// The name of the permission on the pages.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$variant => $title,)+
                }
            }

            /// What the permission allows, as the continuation of "will be able to".
            #[must_use]
            pub const fn allows(self) -> &'static str {
                match self {
                    $(Self::$variant => $allows,)+
                }
            }
        }
    };
}

permissions! {
    /// To view, copy and reset the API key and the bundle key.
    ApiCredentialsManagement = "api_credentials_management" {
        title: "API credentials management",
        allows: "view, copy and reset the API key and the bundle key"
    }
    /// To invite, disable and remove members, and to change their permissions.
    MemberManagement = "member_management" {
        title: "Member management",
        allows: "invite members and say what they may do"
    }
    /// To read the audit log.
    AuditLog = "audit_log" {
        title: "Audit log",
        allows: "read the audit log"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_is_read_back_from_its_name() {
        for permission in Permission::ALL {
            assert_eq!(Permission::parse(permission.as_str()), Some(permission));
        }
        assert_eq!(Permission::parse("everything"), None);
    }
}
