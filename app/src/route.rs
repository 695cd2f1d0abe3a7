//! The addresses of the pages. Each address is written once: the router, links, redirects and forms take it from here.

use leptos_router::{PossibleRouteMatch, path};

/// Declares each route with its path, and a function that returns the path in the form that the router needs.
macro_rules! routes {
    ($($variant:ident, $segments:ident: $path:tt;)+) => {
        /// The pages. The paths of some pages contain a token.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Route {
            $($variant,)+
        }

        impl Route {
            /// The path, with `:token` as a placeholder.
            pub const fn path(self) -> &'static str {
                match self {
                    $(Self::$variant => $path,)+
                }
            }
        }

        pub mod segments {
            //! The paths in the form that the router needs.

            use super::*;

            $(pub fn $segments() -> impl PossibleRouteMatch + Clone + std::fmt::Debug + Send + Sync + 'static {
                path!($path)
            })+
        }
    };
}

routes! {
    Home, home: "/";
    SignUp, sign_up: "/signup";
    LogIn, log_in: "/login";
    Credentials, credentials: "/credentials";
    Members, members: "/members";
    Roles, roles: "/members/roles";
    Join, join: "/join/:token";
    NewPassword, new_password: "/password/:token";
    Email, email: "/email/:token";
    Profile, profile: "/profile";
    Guide, guide: "/guide";
}

impl Route {
    /// The address of the log-in page that leads back to this page.
    pub fn log_in(self) -> String {
        format!("{}?next={}", Self::LogIn.path(), self.path())
    }

    /// The part of a link's path before the token.
    pub fn prefix(self) -> &'static str {
        self.path().trim_end_matches(":token")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_in_leads_back_to_the_page() {
        assert_eq!(Route::Roles.log_in(), "/login?next=/members/roles");
    }

    #[test]
    fn a_link_is_its_prefix_and_a_token() {
        assert_eq!(Route::Join.prefix(), "/join/");
        assert_eq!(Route::Profile.prefix(), "/profile");
    }
}
