//! The upgrade of a database of release 0.1.0: everybody can still do what they could do before.

use crate::{people::*, support::*};
use claviger_core::{
    authentication::sign_in::SignInError,
    domain::{
        credential::CredentialKind::{ApiKey, BundleKey},
        permission::Permission::MemberManagement,
    },
    installation::OpenError,
    use_cases::credentials::Overview,
    verification::Presented,
};
use sqlx::migrate::Migrator;
use tempfile::TempDir;

/// The master key and the tokens with which the rows of `release_0_1.sql` were made.
const MASTER_KEY: &str = "YRj/+dqGe8ICQtr5nRZMuXe+3Tw+LGhFRxI0PDN3HaA=";
const API_KEY: &str = "clv_api_BL0YalCuqPPGe8D6j5X3z9Q8Bnno7aLt2ejToq";
const BUNDLE_KEY: &str = "clv_bdl_Q01jH4M8KLQxeutLymiCvW2YJG64npwS33kxIL";
const INVITATION: &str = "kI4cBs9-rAMUdyx747BzK4kzhQh-ijmwSl_NwdMBxfI";
const PASSWORD_LINK: &str = "9tRLU1otCBqVSIiJhTHZC94-9cauuM1URdhfO4nlS-Q";
/// The migrations of release 0.1.0.
const MIGRATIONS: i64 = 3;

fn ada() -> Person {
    Person {
        email: ADA.to_owned(),
        session_token: "R5yx8wOXms2xYtHvm_K1-i4xQIK-8lrbSwif1rjjdGA".to_owned(),
        device_token: "vcjug5yUEMboegCfL_Hq6-TE8W75Gl-ibM0-se3Jr-w".to_owned(),
    }
}

fn grace() -> Person {
    Person {
        email: GRACE.to_owned(),
        session_token: "-MPZqQ1B-cn2XwRUb6FWQjbSIO51eKzrDSHxl7jMllQ".to_owned(),
        device_token: "S51Yk8udDs0QUhccP1mLv1lQnnOAPwKkHo9lvGIleMI".to_owned(),
    }
}

fn alan() -> Person {
    Person {
        email: "alan@example.org".to_owned(),
        session_token: "4J3Uva5PDRk1ifNd5SwFQgKYiNgpQNlXio5jSxxP64w".to_owned(),
        device_token: "QcexyFYH_3873HjvVF_0lWer4Nim-fMVanOhc0-k1nQ".to_owned(),
    }
}

/// Replaces the whole database with that of release 0.1.0.
async fn put_release_0_1(installation: &Installation) {
    installation.wipe().await;
    let pool = installation.database().await;
    let all = sqlx::migrate!();
    let old = all.iter().filter(|migration| migration.version <= MIGRATIONS).cloned();
    Migrator::with_migrations(old.collect()).run(&pool).await.unwrap();
    sqlx::raw_sql(include_str!("release_0_1.sql")).execute(&pool).await.unwrap();
    pool.close().await;
}

/// Opens the database with the present release, in a new data folder without a mark.
async fn upgraded(installation: &Installation) -> Installation {
    installation.opened_in(TempDir::new().unwrap(), Some(MASTER_KEY)).await.unwrap()
}

fn presented<'a>(api_key: &'a str, bundle_key: &'a str) -> Presented<'a> {
    let address = [203, 0, 113, 9].into();
    Presented { api_key: Some(api_key), bundle_key: Some(bundle_key), service: None, address }
}

on_both_engines! {
    async fn an_upgrade_leaves_everybody_what_they_had(installation: Installation) {
        put_release_0_1(&installation).await;
        let upgraded = upgraded(&installation).await;
        let (mut ada, mut grace, alan) = (ada(), grace(), alan());

        let members = upgraded.found(&ada, "", 1).await;
        assert_eq!((members.found, members.is_admin, members.roles.len()), (3, true, 3));
        assert_eq!(upgraded.found(&ada, "LOVELACE", 1).await.found, 1);
        assert_eq!(upgraded.line(&ada, GRACE).await.seen, [ApiKey, BundleKey]);
        assert!(not_permitted(&upgraded.invite(&grace, "joe@example.org").await, MemberManagement));
        let session = upgraded.session(&alan).await.unwrap();
        let overview = upgraded.claviger.credentials(&session).await.unwrap();
        assert!(matches!(overview, Overview::Refused { .. }));

        assert_eq!(upgraded.view(&mut grace, PASSWORD).await.unwrap(), API_KEY);
        upgraded.claviger.load_keys().await.unwrap();
        let passed = upgraded.claviger.verify(&presented(API_KEY, BUNDLE_KEY)).unwrap();
        assert_eq!(passed.bundle().as_str(), "default");
        assert!(upgraded.claviger.verify_audit().await.unwrap().broken.is_empty());
        upgraded.reset(&mut ada, reset_api_key(1)).await.unwrap();
        assert!(upgraded.claviger.verify(&presented(API_KEY, BUNDLE_KEY)).is_err());
        upgraded.remove().await;
    }

    async fn links_browsers_and_failures_are_carried_over(installation: Installation) {
        put_release_0_1(&installation).await;
        let upgraded = upgraded(&installation).await;
        upgraded.claviger.join(INVITATION, OTHER, NEW_DEVICE, &request_context()).await.unwrap();
        upgraded.claviger.choose_password(PASSWORD_LINK, OTHER, NEW_DEVICE, &request_context()).await.unwrap();
        // One wrong password from Ada's browser was counted before the upgrade. After four more, the browser must wait.
        for _ in 0..4 {
            let _ = upgraded.sign_in(ADA, WRONG, ada().tokens()).await;
        }
        let waiting = upgraded.sign_in(ADA, PASSWORD, ada().tokens()).await;
        assert!(matches!(waiting, Err(SignInError::Throttled(_))));
        upgraded.remove().await;
    }

    async fn a_password_gets_the_secret_at_the_next_sign_in(installation: Installation) {
        put_release_0_1(&installation).await;
        let upgraded = upgraded(&installation).await;
        let without = "SELECT COUNT(*) FROM member WHERE password_hash LIKE 'legacy:%'";
        assert_eq!(upgraded.count(without).await, 3);
        upgraded.sign_in(GRACE, PASSWORD, grace().tokens()).await.unwrap();
        assert_eq!(upgraded.count(without).await, 2);
        upgraded.sign_in(GRACE, PASSWORD, grace().tokens()).await.unwrap();
        upgraded.remove().await;
    }

    async fn rows_are_protected_once_and_never_again(installation: Installation) {
        put_release_0_1(&installation).await;
        let upgraded = upgraded(&installation).await;
        upgraded.claviger.close().await;
        // An attacker replaces Grace's password hash and then tries to have the forged hash protected.
        upgraded.tamper("UPDATE member SET password_hash = 'forged' WHERE email = 'grace@example.org'").await;
        upgraded.tamper("DELETE FROM wrapped_key WHERE purpose IN ('row', 'password')").await;
        let refused = upgraded.reopen(Some(MASTER_KEY)).await;
        assert!(matches!(refused.err(), Some(OpenError::MissingWrappedKey)));
        // A new data folder without a mark does not help the attacker either.
        let refused = upgraded.opened_in(TempDir::new().unwrap(), Some(MASTER_KEY)).await;
        assert!(matches!(refused.err(), Some(OpenError::MissingWrappedKey)));
        upgraded.remove().await;
    }
}
