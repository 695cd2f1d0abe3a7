//! The keys of the installation, unwrapped, and how they come to be. It must not know what they protect.

mod upgrade;

use crate::{
    audit::{self, AuditKey},
    clock::Timestamp,
    domain::account::AccountId,
    failure::Failure,
    master_key::{MasterKey, MasterKeyError},
    opening::Refusal,
    password::PasswordSecret,
    random::{NoRandomness, Random, bytes},
    row_mac::RowKey,
    sealing::DataKey,
    settings::Settings,
    store::{
        Connection, Database, StoreError, Transaction,
        wrapped_key::{self, KeyName},
    },
    verifier::Pepper,
};
use secrecy::ExposeSecret;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// The name of the master key's file in the data folder.
pub const MASTER_KEY_FILE: &str = "master.key";

/// Why the installation does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The master key cannot be read, or it is not the one of this database.
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    /// The database holds wrapped keys, so it once had a master key, and there is none now.
    #[error(
        "the master key is missing: this database was set up with one. Restore {0}, or set CLAVIGER_MASTER_KEY. \
         Without it the keys cannot be viewed again"
    )]
    MissingMasterKey(PathBuf),
    /// A key of the installation was removed from the database.
    #[error(
        "the database has lost a wrapped key: somebody removed it, or an upgrade was cut short. Restore the backup from before"
    )]
    MissingWrappedKey,
    /// The machine's randomness.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The database must be left as it is.
    #[error(transparent)]
    Refused(Box<Refusal>),
}

impl From<Refusal> for OpenError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// The keys that serve all accounts.
#[derive(Debug)]
pub(crate) struct Keys {
    master: MasterKey,
    pub(crate) pepper: Pepper,
    pub(crate) audit: AuditKey,
    pub(crate) row: RowKey,
}

/// What opening the keys gives.
#[derive(Debug)]
pub(crate) struct OpenedKeys {
    pub(crate) keys: Keys,
    pub(crate) password_secret: PasswordSecret,
    /// The file of a master key that was made just now.
    pub(crate) new_master_key_file: Option<PathBuf>,
}

impl Keys {
    /// Finds the keys, or makes them where the database is new.
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

    /// Makes the key that seals the credentials of an account.
    pub(crate) async fn make_data_key(
        &self,
        transaction: &mut Transaction,
        account: &AccountId,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<DataKey, Failure> {
        let key = DataKey::generate(random)?;
        let wrapped = self.master.wrap(key.expose());
        wrapped_key::insert(transaction, KeyName::Data(account.as_str()), &wrapped, now).await?;
        Ok(key)
    }

    /// The key that seals the credentials of an account.
    pub(crate) async fn data_key(
        &self,
        connection: &mut Connection,
        account: &AccountId,
    ) -> Result<DataKey, Failure> {
        let wrapped = wrapped_key::find(connection, KeyName::Data(account.as_str()))
            .await?
            .ok_or(Failure::MissingKey)?;
        Ok(DataKey::from_bytes(self.master.unwrap(&wrapped)?))
    }
}

/// The master key from the settings or from its file. A new one is made only for a database that has no wrapped key
/// yet: for any other it could open nothing, and would hide that the right one is missing.
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

/// Makes the keys of a new installation. Of two processes that start on a new database at once, the one that comes
/// second is refused by the primary key of the table, and finds the keys of the first when it starts again.
async fn make(
    database: &Database,
    master: &MasterKey,
    now: Timestamp,
    random: &dyn Random,
) -> Result<(), OpenError> {
    let mut transaction = database.write().await?;
    for name in [KeyName::Pepper, KeyName::Row, KeyName::Password] {
        make_key(&mut transaction, master, name, now, random).await?;
    }
    let audit_key = make_key(&mut transaction, master, KeyName::Audit, now, random).await?;
    audit::begin_chain(&mut transaction, &AuditKey::from_bytes(&audit_key), None).await?;
    Ok(transaction.commit().await?)
}

/// Makes one key of the installation.
async fn make_key(
    transaction: &mut Transaction,
    master: &MasterKey,
    name: KeyName<'_>,
    now: Timestamp,
    random: &dyn Random,
) -> Result<Zeroizing<[u8; 32]>, OpenError> {
    let key = bytes::<32>(random)?;
    wrapped_key::insert(transaction, name, &master.wrap(&key), now).await?;
    Ok(key)
}

async fn unwrap(
    connection: &mut Connection,
    master: &MasterKey,
    name: KeyName<'_>,
) -> Result<Zeroizing<[u8; 32]>, OpenError> {
    let wrapped = wrapped_key::find(connection, name).await?.ok_or(OpenError::MissingWrappedKey)?;
    Ok(master.unwrap(&wrapped)?)
}
