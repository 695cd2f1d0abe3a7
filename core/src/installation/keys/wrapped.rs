//! The stored keys of the installation, wrapped with the master key. It must not know what they are for.

use crate::{
    clock::Timestamp,
    crypto::master_key::MasterKey,
    installation::OpenError,
    random::{Random, bytes},
    store::{
        Connection, Transaction,
        wrapped_key::{self, KeyName},
    },
};
use zeroize::Zeroizing;

/// Creates one key of the installation.
pub(super) async fn make_key(
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

/// Reads one key of the installation.
pub(super) async fn unwrap(
    connection: &mut Connection,
    master: &MasterKey,
    name: KeyName<'_>,
) -> Result<Zeroizing<[u8; 32]>, OpenError> {
    let wrapped = wrapped_key::find(connection, name).await?.ok_or(OpenError::MissingWrappedKey)?;
    Ok(master.unwrap(&wrapped)?)
}
