//! The upgrade of a database from a release before 0.2, whose rows had no MAC and whose passwords were hashed without a
//! secret. It happens once, at the start that finds the new keys missing. It must not know how rows are stored.

use super::wrapped::{make_key, unwrap};
use crate::{
    clock::Timestamp,
    crypto::{master_key::MasterKey, row_mac::RowKey},
    installation::OpenError,
    password::PasswordSecret,
    random::Random,
    store::{
        Database, upgrade,
        wrapped_key::{self, KeyName},
    },
};

/// Creates the keys that protect rows and passwords, and adds the MACs and keyed hashes to every row, all in one
/// transaction. Does nothing if the keys exist.
///
/// It trusts every row as it is, so it must not run a second time: an attacker who can write to the database could
/// delete the keys and have forged rows protected. See
/// [`crate::installation::opening::Prepared::rows_may_be_unprotected`].
pub(super) async fn protect_rows(
    database: &Database,
    master: &MasterKey,
    rows_may_be_unprotected: bool,
    now: Timestamp,
    random: &dyn Random,
) -> Result<(), OpenError> {
    let mut transaction = database.write_unlocked().await?;
    let has_row_key = wrapped_key::find(&mut transaction, KeyName::Row).await?.is_some();
    let has_password_key = wrapped_key::find(&mut transaction, KeyName::Password).await?.is_some();
    match (has_row_key, has_password_key) {
        (true, true) => return Ok(()),
        (false, false) if rows_may_be_unprotected => {}
        _ => return Err(OpenError::MissingWrappedKey),
    }
    // The master key must be the right one before it wraps a new key.
    unwrap(&mut transaction, master, KeyName::Pepper).await?;
    let row_key = RowKey::from_bytes(&make_key(&mut transaction, master, KeyName::Row, now, random).await?);
    let secret = make_key(&mut transaction, master, KeyName::Password, now, random).await?;
    let secret = PasswordSecret::from_bytes(secret);
    tracing::info!("adding MACs and keyed hashes to the rows of an older release");
    upgrade::rehash_devices(&mut transaction, &row_key).await?;
    upgrade::protect_sessions(&mut transaction, &row_key).await?;
    upgrade::protect_links(&mut transaction, &row_key).await?;
    upgrade::protect_credentials(&mut transaction, &row_key).await?;
    upgrade::bind_passwords(&mut transaction, |account, member, hash| {
        secret.bind_legacy(account, member, hash)
    })
    .await?;
    Ok(transaction.commit().await?)
}
