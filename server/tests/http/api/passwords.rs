//! What holds of every function that asks for the password again.

use super::{FieldsOf, acceptable, borrowed};
use crate::support::{Answer, Browser, PASSWORD, TestApp};
use claviger_app::api::error::ApiError;
use claviger_core::domain::permission::Permission;
use std::time::Duration;

pub(super) const WRONG: &str = "not the password at all";

/// A server function, and what makes fields that it would accept.
#[derive(Clone, Copy)]
pub(super) struct Asking {
    pub(super) function: &'static str,
    pub(super) right: FieldsOf,
}

/// Who may call a function that not everybody may call.
#[derive(Clone, Copy)]
pub(super) enum ForWhom {
    /// Whoever has the permission.
    Permitted(Permission),
    /// Admins only, of all who have Member management.
    Admins,
}

impl Asking {
    /// Calls it with this password, or without the field.
    async fn call(self, browser: &mut Browser<'_>, password: Option<&str>) -> Answer {
        let right = acceptable(self.right, browser).await;
        let mut fields = borrowed(&right);
        fields.retain(|(name, _)| *name != "password");
        fields.extend(password.map(|password| ("password", password)));
        browser.call(self.function, &fields).await
    }

    pub(super) async fn refuses(self, password: Option<&str>) {
        let app = TestApp::start().await;
        let answer = self.call(&mut app.admin().await, password).await;
        assert!(matches!(answer.expect_refusal(401), ApiError::WrongPassword { .. }), "{answer:?}");
    }

    pub(super) async fn refuses_somebody_elses_password(self) {
        let app = TestApp::start().await;
        let mut admin = app.admin().await;
        let other = "quiet orange ladder 4 frost";
        app.browser().sign_up("Other", "Eve", "eve@example.org", other).await.expect_done();
        let answer = self.call(&mut admin, Some(other)).await;
        assert!(matches!(answer.expect_refusal(401), ApiError::WrongPassword { .. }), "{answer:?}");
    }

    pub(super) async fn makes_even_the_right_password_wait(self) {
        let app = TestApp::start().await;
        let mut browser = app.admin().await;
        for wait_seconds in [0, 0, 0, 0, 30] {
            let error = self.call(&mut browser, Some(WRONG)).await.expect_refusal(401);
            assert_eq!(error, ApiError::WrongPassword { wait_seconds });
        }
        let answer = self.call(&mut browser, Some(PASSWORD)).await;
        assert_eq!(answer.expect_refusal(429), ApiError::Waiting { seconds: 30 });
        assert_eq!(answer.header("retry-after"), Some("30"));
        app.clock().advance(Duration::from_secs(30));
        self.call(&mut browser, Some(PASSWORD)).await.expect_done();
    }

    pub(super) async fn refuses_members_without_the_permission(self, for_whom: ForWhom, password: &str) {
        let permission = match for_whom {
            ForWhom::Permitted(permission) => permission,
            ForWhom::Admins => Permission::MemberManagement,
        };
        let app = TestApp::start().await;
        let _admin = app.admin().await;
        let answer = self.call(&mut app.member(&[]).await, Some(password)).await;
        let (permission, admins) = (permission.into(), vec!["Ada".to_owned()]);
        assert_eq!(answer.expect_refusal(403), ApiError::NotPermitted { permission, admins });
    }

    pub(super) async fn lets_everybody(self) {
        let app = TestApp::start().await;
        let _admin = app.admin().await;
        self.call(&mut app.member(&[]).await, Some(PASSWORD)).await.expect_done();
    }

    pub(super) async fn lets_members_who_may(self, for_whom: ForWhom) {
        let app = TestApp::start().await;
        let _admin = app.admin().await;
        match for_whom {
            ForWhom::Permitted(permission) => {
                let mut member = app.member(&[permission]).await;
                self.call(&mut member, Some(PASSWORD)).await.expect_done();
            }
            ForWhom::Admins => {
                let mut manager = app.member(&Permission::ALL).await;
                let refused = self.call(&mut manager, Some(PASSWORD)).await.expect_refusal(403);
                assert_eq!(refused, ApiError::AdminsOnly);
            }
        }
    }

    pub(super) async fn replaces_the_session_token(self) {
        let app = TestApp::start().await;
        let mut browser = app.admin().await;
        let mut before = browser.clone();
        self.call(&mut browser, Some(PASSWORD)).await.expect_done();
        assert!(!browser.has_same_cookies(&before));
        app.clock().advance(Duration::from_millis(9_999));
        before.viewer().await.expect_done();
        app.clock().advance(Duration::from_millis(1));
        assert_eq!(before.viewer().await.expect_refusal(401), ApiError::SignedOut);
        browser.viewer().await.expect_done();
    }

    pub(super) async fn keeps_the_token_when_the_password_is_wrong(self) {
        let app = TestApp::start().await;
        let mut browser = app.admin().await;
        let before = browser.clone();
        self.call(&mut browser, Some(WRONG)).await.expect_refusal(401);
        assert!(browser.has_same_cookies(&before));
    }

    pub(super) async fn discloses_nothing_to_a_plain_form(self) {
        let app = TestApp::start().await;
        let mut browser = app.admin().await;
        let right = acceptable(self.right, &mut browser).await;
        let answer = browser.submit("/credentials", self.function, &borrowed(&right)).await;
        assert!(answer.status.is_redirection(), "{answer:?}");
        answer.expect_no_key();
    }

    pub(super) async fn refuses_too_long_a_password(self) {
        let app = TestApp::start().await;
        let answer = self.call(&mut app.admin().await, Some(&"x".repeat(5_000))).await;
        assert!(answer.status.is_client_error(), "{answer:?}");
        answer.expect_no_key();
    }
}

/// What holds of every function that asks for the password, and who may call it.
macro_rules! asks_for_the_password {
    ($function:literal, $right:path) => {
        asks_for_the_password!($function, $right, Permitted(ApiCredentialsManagement));
    };
    ($function:literal, $right:path, Everybody) => {
        mod passwords {
            super::super::passwords::asks_everybody_for_the_password!($function, $right);

            #[tokio::test]
            async fn everybody_may() {
                IT.lets_everybody().await;
            }
        }
    };
    ($function:literal, $right:path, $for_whom:expr) => {
        mod passwords {
            #[allow(unused_imports, reason = "not every function is for all of them")]
            use super::super::passwords::ForWhom::{self, *};
            #[allow(unused_imports, reason = "as above")]
            use claviger_core::domain::permission::Permission::*;

            super::super::passwords::asks_everybody_for_the_password!($function, $right);

            const FOR_WHOM: ForWhom = $for_whom;

            #[tokio::test]
            async fn a_member_without_the_permission_is_refused_even_with_the_password() {
                IT.refuses_members_without_the_permission(FOR_WHOM, PASSWORD).await;
            }

            #[tokio::test]
            async fn a_member_without_the_permission_is_not_told_whether_the_password_was_right() {
                IT.refuses_members_without_the_permission(FOR_WHOM, WRONG).await;
            }

            #[tokio::test]
            async fn whoever_may_may_and_nobody_else() {
                IT.lets_members_who_may(FOR_WHOM).await;
            }
        }
    };
}
pub(super) use asks_for_the_password;

/// The part that does not depend on who may call the function.
macro_rules! asks_everybody_for_the_password {
    ($function:literal, $right:path) => {
        use super::super::passwords::{Asking, WRONG};
        use crate::support::PASSWORD;

        const IT: Asking = Asking { function: $function, right: $right };

        #[tokio::test]
        async fn a_missing_password_is_refused() {
            IT.refuses(None).await;
        }

        #[tokio::test]
        async fn an_empty_password_is_refused() {
            IT.refuses(Some("")).await;
        }

        #[tokio::test]
        async fn a_wrong_password_is_refused() {
            IT.refuses(Some(WRONG)).await;
        }

        #[tokio::test]
        async fn the_password_in_another_case_is_refused() {
            IT.refuses(Some(&PASSWORD.to_uppercase())).await;
        }

        #[tokio::test]
        async fn the_password_of_somebody_else_is_refused() {
            IT.refuses_somebody_elses_password().await;
        }

        #[tokio::test]
        async fn a_password_longer_than_any_may_be_is_refused() {
            IT.refuses_too_long_a_password().await;
        }

        #[tokio::test]
        async fn after_five_wrong_passwords_even_the_right_one_must_wait() {
            IT.makes_even_the_right_password_wait().await;
        }

        #[tokio::test]
        async fn the_session_token_is_replaced_and_the_old_one_works_ten_seconds_more() {
            IT.replaces_the_session_token().await;
        }

        #[tokio::test]
        async fn a_wrong_password_replaces_no_token() {
            IT.keeps_the_token_when_the_password_is_wrong().await;
        }
    };
}
pub(super) use asks_everybody_for_the_password;

/// For the functions whose answer to a script holds a key.
macro_rules! discloses_nothing_to_a_plain_form {
    ($function:literal, $right:path) => {
        #[tokio::test]
        async fn without_a_script_nothing_is_disclosed() {
            super::passwords::Asking { function: $function, right: $right }
                .discloses_nothing_to_a_plain_form()
                .await;
        }
    };
}
pub(super) use discloses_nothing_to_a_plain_form;
