//! The keys of the installation: created once, and reported if they are missing.

use crate::support::*;
use claviger_core::{crypto::master_key::MasterKeyError, installation::OpenError};
use std::{fs, os::unix::fs::PermissionsExt};

const ANOTHER_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

on_both_engines! {
    async fn the_master_key_is_made_once_and_for_its_owner_only(installation: Installation) {
        let file = installation.master_key_file();
        let made = fs::read_to_string(&file).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        installation.reopen(None).await.unwrap().close().await;
        assert_eq!(fs::read_to_string(&file).unwrap(), made);
    }

    async fn without_its_master_key_an_installation_does_not_open(installation: Installation) {
        fs::remove_file(installation.master_key_file()).unwrap();
        let refused = installation.reopen(None).await;
        assert!(matches!(refused, Err(OpenError::MissingMasterKey(_))));
        assert!(!installation.master_key_file().exists(), "no new one is made for an old database");
    }

    async fn with_another_master_key_an_installation_does_not_open(installation: Installation) {
        let refused = installation.reopen(Some(ANOTHER_KEY)).await;
        assert!(matches!(refused, Err(OpenError::MasterKey(MasterKeyError::Wrong))));
    }

    async fn the_master_key_can_be_kept_elsewhere(installation: Installation) {
        let key = fs::read_to_string(installation.master_key_file()).unwrap();
        fs::remove_file(installation.master_key_file()).unwrap();
        installation.reopen(Some(key.trim())).await.unwrap().close().await;
    }

    async fn a_database_that_lost_its_pepper_does_not_open(installation: Installation) {
        installation.tamper("DELETE FROM wrapped_key WHERE purpose = 'pepper'").await;
        assert!(matches!(installation.reopen(None).await, Err(OpenError::MissingWrappedKey)));
    }
}
