//! The table of keys wrapped with the master key.

use super::{Connection, StoreError, Transaction};
use crate::clock::Timestamp;

/// The purpose of a wrapped key, and its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyName<'a> {
    /// Encrypts the credentials of the account with this id.
    Data(&'a str),
    /// The key of the digests of the installation.
    Pepper,
    /// The key of the MACs of the audit chains.
    Audit,
    /// The key of the MACs of rows, and of the token hashes.
    Row,
    /// The secret that argon2 hashes passwords with.
    Password,
}

impl<'a> KeyName<'a> {
    const fn columns(self) -> (&'static str, &'a str) {
        match self {
            Self::Data(account) => ("data", account),
            Self::Pepper => ("pepper", "installation"),
            Self::Audit => ("audit", "installation"),
            Self::Row => ("row", "installation"),
            Self::Password => ("password", "installation"),
        }
    }
}

pub(crate) async fn insert(
    transaction: &mut Transaction,
    name: KeyName<'_>,
    wrapped: &str,
    created_at: Timestamp,
) -> Result<(), StoreError> {
    let (purpose, owner) = name.columns();
    sqlx::query("INSERT INTO wrapped_key (purpose, owner, wrapped, created_at) VALUES ($1, $2, $3, $4)")
        .bind(purpose)
        .bind(owner)
        .bind(wrapped)
        .bind(created_at.as_micros())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

pub(crate) async fn find(
    connection: &mut Connection,
    name: KeyName<'_>,
) -> Result<Option<String>, StoreError> {
    let (purpose, owner) = name.columns();
    let row: Option<String> =
        sqlx::query_scalar("SELECT wrapped FROM wrapped_key WHERE purpose = $1 AND owner = $2")
            .bind(purpose)
            .bind(owner)
            .fetch_optional(connection)
            .await?;
    Ok(row)
}

/// Whether the database holds any wrapped key. If it does, there must be a master key for it.
pub(crate) async fn any_exists(connection: &mut Connection) -> Result<bool, StoreError> {
    let row: Option<String> =
        sqlx::query_scalar("SELECT purpose FROM wrapped_key LIMIT 1").fetch_optional(connection).await?;
    Ok(row.is_some())
}
