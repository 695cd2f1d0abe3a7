//! Permissions: what a member may do beyond looking at the pages that everybody has.

use crate::named_enum;

/// The table of all permissions becomes the enum with its names, and the words for each on the pages.
macro_rules! permissions {
    ($(
        $(#[$attribute:meta])*
        $variant:ident = $name:literal { title: $title:literal, allows: $allows:literal }
    )+) => {
        named_enum! {
            /// What an admin may grant. Admins have all of them.
            pub enum Permission {
                $($(#[$attribute])* $variant = $name,)+
            }
        }

        impl Permission {
            /// What pages call it.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$variant => $title,)+
                }
            }

            /// What it allows, to go on after "will be able to".
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
    /// To invite, disable and remove members, and to say what they may do.
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
