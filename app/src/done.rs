//! The names of completed actions in the address of the page that follows: `/members?done=granted`. The server functions write
//! the name into the redirect of a plain form, and the page reads it.

use crate::route::Route;
use claviger_types::named_enum;

/// Declares the actions that can be completed on the page of a route.
macro_rules! done {
    ($type:ident on $route:ident { $($variant:ident = $name:literal,)+ }) => {
        named_enum! {
            pub enum $type {
                $($variant = $name,)+
            }
        }

        impl $type {
            /// The address of the page that reports the action.
            #[must_use]
            pub fn address(self) -> String {
                format!("{}?done={}", Route::$route.path(), self.as_str())
            }
        }
    };
}

// Only resets work without a script, so only they are listed.
done! {
    CredentialsDone on Credentials {
        ApiKey = "reset-api-key",
        BundleKey = "reset-bundle-key",
        BothKeys = "reset-both-keys",
    }
}

done! {
    MembersDone on Members {
        Granted = "granted",
        Revoked = "revoked",
        RoleChanged = "role-changed",
        Disabled = "disabled",
        Enabled = "enabled",
        Removed = "removed",
        SessionsEnded = "sessions-ended",
        Unlocked = "unlocked",
        LinkMade = "link-made",
        Invited = "invited",
        InvitedByMail = "invited-by-mail",
        InvitedBeyondLimit = "invited-beyond-limit",
        InvitedWithoutMail = "invited-without-mail",
        Withdrawn = "withdrawn",
    }
}

done! {
    RolesDone on Roles {
        Created = "created",
        Edited = "edited",
        Deleted = "deleted",
    }
}

done! {
    ProfileDone on Profile {
        Name = "name",
        EmailAnnounced = "email-announced",
        EmailNotSent = "email-not-sent",
        Email = "email",
        Password = "password",
        Session = "session",
        Sessions = "sessions",
        Organisation = "organisation",
    }
}
