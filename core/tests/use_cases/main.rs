//! The use cases of the core on a real database, each test once on SQLite and once on PostgreSQL.
//!
//! `CLAVIGER_TEST_POSTGRES_URL` names a PostgreSQL server on which each test creates its own database. Without it, the
//! tests on PostgreSQL are skipped and say so. They fail where `CLAVIGER_TEST_DEMANDS_POSTGRES` is set, as in `make test`.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod places;
mod postgres_server;
mod support;

/// Declares a test for both engines from one body.
macro_rules! on_both_engines {
    ($($(#[$attribute:meta])* async fn $name:ident($installation:ident: Installation) $body:block)+) => {
        mod sqlite {
            use super::*;
            $($(#[$attribute])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $name() {
                let $installation = Installation::on_sqlite().await;
                $body
                $installation.remove().await;
            })+
        }
        mod postgres {
            use super::*;
            $($(#[$attribute])* #[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $name() {
                let Some($installation) = Installation::on_postgres().await else { return };
                $body
                $installation.remove().await;
            })+
        }
    };
}

mod at_once;
mod audit;
mod bounds;
mod changes;
mod credentials;
mod departures;
mod growth;
mod installation;
mod invitations;
mod keys;
mod member_list;
mod members;
mod model;
mod operator_resets;
mod outages;
mod password_links;
mod people;
mod profile;
mod races;
mod reauthentication;
mod refusals;
mod roles;
mod sessions;
mod sign_in;
mod sign_up;
mod throttle;
mod tls;
mod upgrade;
mod usage;
mod verification;
mod writable_database;
