//! The unwrapped keys of the installation, and how they are created. It must not know what they protect.

mod upgrade;
mod wrapped;

use wrapped::{make_key, unwrap};

use super::OpenError;
use crate::{
    audit::{self, AuditKey},
    clock::Timestamp,
    crypto::{
        encryption::DataKey,
        key_digest::Pepper,
        master_key::{MasterKey, MasterKeyError},
        row_mac::RowKey,
    },
    domain::account::AccountId,
    password::PasswordSecret,
    random::{NoRandomness, Random},
    settings::Settings,
    store::{
        Connection, Database, StoreError, Transaction,
        wrapped_key::{self, KeyName},
    },
};
use secrecy::ExposeSecret;
use std::path::PathBuf;

/// The name of the master key's file in the data folder.
pub const MASTER_KEY_FILE: &str = "master.key";

/// Why a key cannot be created or read.
#[derive(Debug, thiserror::Error)]
pub enum InstallationKeyError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system returned no random bytes.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The key cannot be unwrapped: it is damaged, or was wrapped with another master key.
    #[error(transparent)]
    Unwrap(#[from] MasterKeyError),
    /// The key is not in the database.
    #[error("a key of this installation is missing")]
    Missing,
}

/// The keys that serve all accounts.
#[derive(Debug)]
pub(crate) struct InstallationKeys {
    master: MasterKey,
    pub(crate) pepper: Pepper,
    pub(crate) audit: AuditKey,
    pub(crate) row: RowKey,
}

/// The result of opening the keys.
#[derive(Debug)]
pub(crate) struct OpenedKeys {
    pub(crate) keys: InstallationKeys,
    pub(crate) password_secret: PasswordSecret,
    /// The file of the master key, if it has just been created.
    pub(crate) new_master_key_file: Option<PathBuf>,
}

impl InstallationKeys {
    /// Reads the keys, or creates them if the database is new.
    pub(crate) async fn open(
        database: &Database,
        settings: &Settings,
        rows_may_be_unprotected: bool,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<OpenedKeys, OpenError> {
        let is_new = !wrapped_key::any_exists(&mut database.reader().await?).await?;
        let (master, new_master_key_file) = master_key(settings, is_new, random)?;
        if is_new {
            make(database, &master, now, random).await?;
        } else {
            upgrade::protect_rows(database, &master, rows_may_be_unprotected, now, random).await?;
        }
        let mut connection = database.reader().await?;
        let pepper = unwrap(&mut connection, &master, KeyName::Pepper).await?;
        let audit = unwrap(&mut connection, &master, KeyName::Audit).await?;
        let row = unwrap(&mut connection, &master, KeyName::Row).await?;
        let password = unwrap(&mut connection, &master, KeyName::Password).await?;
        let keys = Self {
            master,
            pepper: Pepper::from_bytes(&pepper),
            audit: AuditKey::from_bytes(&audit),
            row: RowKey::from_bytes(&row),
        };
        Ok(OpenedKeys { keys, password_secret: PasswordSecret::from_bytes(password), new_master_key_file })
    }

    /// Creates the data key of an account, which encrypts its credentials.
    pub(crate) async fn make_data_key(
        &self,
        transaction: &mut Transaction,
        account: &AccountId,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<DataKey, InstallationKeyError> {
        let key = DataKey::generate(random)?;
        let wrapped = self.master.wrap(key.expose());
        wrapped_key::insert(transaction, KeyName::Data(account.as_str()), &wrapped, now).await?;
        Ok(key)
    }

    /// The data key of an account, which encrypts its credentials.
    pub(crate) async fn data_key(
        &self,
        connection: &mut Connection,
        account: &AccountId,
    ) -> Result<DataKey, InstallationKeyError> {
        let wrapped = wrapped_key::find(connection, KeyName::Data(account.as_str()))
            .await?
            .ok_or(InstallationKeyError::Missing)?;
        Ok(DataKey::from_bytes(self.master.unwrap(&wrapped)?))
    }
}

/// Reads the master key from the settings or from its file. Creates a new one only for a database without any wrapped
/// key: with any other database, a new master key could unwrap nothing, and would hide that the right one is missing.
fn master_key(
    settings: &Settings,
    database_is_new: bool,
    random: &dyn Random,
) -> Result<(MasterKey, Option<PathBuf>), OpenError> {
    if let Some(text) = &settings.master_key {
        return Ok((MasterKey::parse(text.expose_secret())?, None));
    }
    let path = settings.data_dir.join(MASTER_KEY_FILE);
    if let Some(key) = MasterKey::read_file(&path)? {
        return Ok((key, None));
    }
    if !database_is_new {
        return Err(OpenError::MissingMasterKey(path));
    }
    let key = MasterKey::generate(random)?;
    key.write_new_file(&path)?;
    Ok((key, Some(path)))
}

/// Creates the keys of a new installation. If two processes start on a new database at the same time, the primary key
/// of the table refuses the second one. It finds the keys of the first when it starts again.
async fn make(
    database: &Database,
    master: &MasterKey,
    now: Timestamp,
    random: &dyn Random,
) -> Result<(), OpenError> {
    let mut transaction = database.write_unlocked().await?;
    for name in [KeyName::Pepper, KeyName::Row, KeyName::Password] {
        make_key(&mut transaction, master, name, now, random).await?;
    }
    let audit_key = make_key(&mut transaction, master, KeyName::Audit, now, random).await?;
    audit::begin_chain(&mut transaction, &AuditKey::from_bytes(&audit_key), None).await?;
    Ok(transaction.commit().await?)
}
