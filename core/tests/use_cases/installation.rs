//! How an installation begins, which commands leave it unchanged, and how an older copy of its database is detected.

use crate::support::*;
use claviger_core::{
    claviger::Opened,
    installation::{
        OpenError, Refusal,
        mark::{MARK_FILE, Mark, Older},
        opening::{LockState, Opening},
    },
};
use std::{fs, time::Duration};
use tokio::time::timeout;

const SERVING: Opening = Opening::Serving { accept_older: false };
const ACCEPTING: Opening = Opening::Serving { accept_older: true };

/// Undoes the migration that created the table `installation`, so that it can run again.
const BACK_BEFORE_MARKS: [&str; 3] = [
    "DROP TABLE installation",
    "ALTER TABLE credential DROP COLUMN made_by_operator",
    "DELETE FROM _sqlx_migrations WHERE version >= 6",
];

fn refusal(opened: Result<Opened, OpenError>) -> Refusal {
    match opened {
        Err(OpenError::Refused(refusal)) => *refusal,
        other => panic!("{other:?} is no refusal"),
    }
}

fn mark(installation: &Installation) -> Mark {
    Mark::read(installation.data_folder()).unwrap().unwrap()
}

/// Runs the server once, from start to stop.
async fn serve_once(installation: &Installation, opening: Opening) -> Option<Older> {
    let mut opened = installation.open_as(opening).await.unwrap();
    opened.lock.as_mut().unwrap().release().await;
    opened.claviger.close().await;
    opened.older
}

on_both_engines! {
    async fn only_serve_and_account_create_make_an_installation(installation: Installation) {
        installation.wipe().await;
        for file in [MARK_FILE, "master.key"] {
            fs::remove_file(installation.data_folder().join(file)).unwrap();
        }
        let refused = refusal(installation.open_as(Opening::Existing).await);
        assert!(matches!(refused, Refusal::NoInstallation { .. }), "{refused}");
        assert!(refused.to_string().starts_with("there is no installation in "), "{refused}");
        assert!(installation.is_wiped().await, "nothing was made");
        installation.open_as(Opening::Making).await.unwrap().claviger.close().await;
        installation.open_as(Opening::Existing).await.unwrap().claviger.close().await;
    }

    async fn a_database_that_is_gone_is_not_made_anew(installation: Installation) {
        installation.wipe().await;
        for left in ["master.key", MARK_FILE] {
            for opening in [SERVING, ACCEPTING, Opening::Making] {
                let refused = refusal(installation.open_as(opening).await);
                assert!(matches!(&refused, Refusal::LostDatabase { belonging, .. } if belonging.ends_with(left)));
                assert!(refused.to_string().contains("Is a volume not mounted?"), "{refused}");
            }
            assert!(installation.is_wiped().await, "nothing was made");
            fs::remove_file(installation.data_folder().join(left)).unwrap();
        }
    }

    async fn a_database_of_an_older_release_is_brought_up_to_date_by_serving_only(installation: Installation) {
        for statement in BACK_BEFORE_MARKS {
            installation.tamper(statement).await;
        }
        fs::remove_file(installation.data_folder().join(MARK_FILE)).unwrap();
        let refused = refusal(installation.open_as(Opening::Existing).await);
        assert!(matches!(refused, Refusal::OlderTables { .. }), "{refused}");
        assert_eq!(serve_once(&installation, SERVING).await, None);
        installation.open_as(Opening::Existing).await.unwrap().claviger.close().await;
    }

    async fn a_database_of_a_newer_release_is_refused(installation: Installation) {
        installation.tamper("UPDATE _sqlx_migrations SET version = 9999 WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)").await;
        for opening in [SERVING, Opening::Making, Opening::Existing] {
            let refused = refusal(installation.open_as(opening).await);
            assert!(refused.to_string().contains("made by a newer Claviger"), "{refused}");
        }
    }

    async fn a_second_server_is_refused_until_the_first_has_ended(installation: Installation) {
        let mut first = installation.open_as(SERVING).await.unwrap();
        let command = installation.open_as(Opening::Existing).await.unwrap().claviger;
        assert!(command.server_runs().await.unwrap());
        let refused = refusal(installation.open_as(SERVING).await);
        assert!(matches!(refused, Refusal::AnotherServer { .. }), "{refused}");
        first.lock.as_mut().unwrap().release().await;
        drop(first.lock);
        first.claviger.close().await;
        let second = installation.open_as(SERVING).await.unwrap();
        assert!(command.server_runs().await.unwrap());
        drop(second.lock);
        second.claviger.close().await;
        command.close().await;
    }

    async fn a_server_whose_lock_was_taken_by_another_notices(installation: Installation) {
        let mut first = installation.open_as(SERVING).await.unwrap();
        let lock = first.lock.as_mut().unwrap();
        assert_eq!(lock.keep().await.unwrap(), LockState::Held);
        // Only on PostgreSQL does the lock depend on a connection.
        if installation.is_on_postgres() {
            installation.end_lock_sessions().await;
            assert_eq!(lock.keep().await.unwrap(), LockState::TakenAgain);
            installation.end_lock_sessions().await;
            let second = installation.open_as(SERVING).await.unwrap();
            assert_eq!(lock.keep().await.unwrap(), LockState::LostToAnother);
            drop(second.lock);
            second.claviger.close().await;
        }
        first.claviger.close().await;
    }

    async fn the_mark_follows_starts_and_resets(installation: Installation) {
        let mut ada = installation.sign_up("ada@example.org").await;
        serve_once(&installation, SERVING).await;
        let before = mark(&installation);
        assert_eq!(before.starts, 1);
        serve_once(&installation, SERVING).await;
        assert_eq!(mark(&installation).starts, 2);
        installation.reset(&mut ada, reset_api_key(1)).await.unwrap();
        timeout(Duration::from_secs(5), installation.claviger.mark_is_due()).await.expect("a reset is due at once");
        installation.claviger.raise_mark().await.unwrap();
        let recorded = installation.count("SELECT COUNT(*) FROM audit_event").await;
        assert_eq!(mark(&installation).events, recorded);
        assert!(recorded > before.events);
        assert_eq!(installation.claviger.older_than_seen().await.unwrap(), None);
    }

    async fn a_database_with_fewer_records_than_were_seen_is_older_until_it_is_accepted(installation: Installation) {
        installation.sign_up("ada@example.org").await;
        assert_eq!(serve_once(&installation, SERVING).await, None);
        let seen = mark(&installation).events;
        installation.tamper("UPDATE audit_chain SET sequence = sequence - 1 WHERE id <> 'installation'").await;
        let older = Some(Older::Events { database: seen - 1, seen });
        assert_eq!(installation.claviger.older_than_seen().await.unwrap(), older);
        assert_eq!(serve_once(&installation, SERVING).await, older);
        installation.tamper("UPDATE audit_chain SET sequence = sequence + 9 WHERE id <> 'installation'").await;
        assert_eq!(serve_once(&installation, SERVING).await, Some(Older::FoundBefore), "it is not forgotten");
        assert_eq!(serve_once(&installation, ACCEPTING).await, None);
        assert_eq!(serve_once(&installation, SERVING).await, None);
        assert_eq!(installation.claviger.older_than_seen().await.unwrap(), None);
    }

    async fn a_database_that_knows_fewer_starts_is_older(installation: Installation) {
        serve_once(&installation, SERVING).await;
        installation.tamper("UPDATE installation SET starts = 0").await;
        assert_eq!(serve_once(&installation, SERVING).await, Some(Older::Starts { database: 0, seen: 1 }));
    }

    async fn tables_of_an_older_form_than_were_seen_are_refused_until_they_are_accepted(installation: Installation) {
        for statement in BACK_BEFORE_MARKS {
            installation.tamper(statement).await;
        }
        for opening in [SERVING, Opening::Making, Opening::Existing] {
            let refused = refusal(installation.open_as(opening).await);
            assert!(matches!(refused, Refusal::OlderThanSeen(Older::Schema { .. })), "{refused}");
        }
        assert_eq!(installation.count("SELECT COUNT(*) FROM _sqlx_migrations WHERE version = 6").await, 0);
        assert_eq!(serve_once(&installation, ACCEPTING).await, None);
        assert_eq!(serve_once(&installation, SERVING).await, None);
    }

    async fn the_mark_of_another_installation_is_refused(installation: Installation) {
        let own = mark(&installation);
        let other = Mark { installation: "01a206b9-a740-78ae-9510-3ebd765cbc74".to_owned(), ..own.clone() };
        other.write(installation.data_folder()).unwrap();
        for opening in [SERVING, Opening::Making, Opening::Existing] {
            let refused = refusal(installation.open_as(opening).await);
            assert!(matches!(refused, Refusal::OtherInstallation { .. }), "{refused}");
        }
        assert_eq!(serve_once(&installation, ACCEPTING).await, None);
        assert_eq!(mark(&installation).installation, own.installation);
    }
}
