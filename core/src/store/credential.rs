//! The table of credentials: every generation of every key, encrypted.

use super::{Connection, StoreError, Transaction, columns::Shared, rows};
use crate::{
    clock::Timestamp,
    domain::{
        account::AccountId,
        credential::{CredentialId, CredentialKind, Generation},
        member::MemberId,
    },
};
use sqlx::{AssertSqlSafe, FromRow};
use std::net::IpAddr;

/// A new generation of a key.
pub(crate) struct NewCredential<'a> {
    pub(crate) id: &'a CredentialId,
    pub(crate) account: &'a AccountId,
    pub(crate) kind: CredentialKind,
    pub(crate) generation: Generation,
    pub(crate) digest: &'a str,
    pub(crate) mac: &'a str,
    pub(crate) sealed: &'a str,
    pub(crate) hint: &'a str,
    pub(crate) created_at: Timestamp,
    pub(crate) created_by: &'a MemberId,
}

/// The current generation of a key.
#[derive(FromRow)]
pub(crate) struct CurrentCredential {
    pub(crate) id: CredentialId,
    #[sqlx(try_from = "Shared<Generation>")]
    pub(crate) generation: Generation,
    pub(crate) digest: String,
    pub(crate) mac: String,
    pub(crate) sealed: String,
    pub(crate) created_at: Timestamp,
    pub(crate) created_by: String,
}

/// What pages may show of a key without a password.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct CredentialSummary {
    /// The kind of the key.
    #[sqlx(try_from = "Shared<CredentialKind>")]
    pub kind: CredentialKind,
    /// Its current generation.
    #[sqlx(try_from = "Shared<Generation>")]
    pub generation: Generation,
    /// Its last four characters.
    pub hint: String,
    /// When this generation was created.
    pub created_at: Timestamp,
    /// The name of the member who created it, or `the operator`.
    pub created_by: String,
    last_used_at: Option<Timestamp>,
    last_used_from: Option<String>,
}

impl CredentialSummary {
    /// When a request last used the key, and the address that the request came from.
    #[must_use]
    pub fn last_used(&self) -> Option<(Timestamp, &str)> {
        self.last_used_at.zip(self.last_used_from.as_deref())
    }
}

pub(crate) async fn insert(
    transaction: &mut Transaction,
    credential: &NewCredential<'_>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO credential \
         (id, account_id, kind, generation, verifier, mac, sealed, hint, created_at, created_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(credential.id.as_str())
    .bind(credential.account.as_str())
    .bind(credential.kind.as_str())
    .bind(i64::from(credential.generation.number()))
    .bind(credential.digest)
    .bind(credential.mac)
    .bind(credential.sealed)
    .bind(credential.hint)
    .bind(credential.created_at.as_micros())
    .bind(credential.created_by.as_str())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// The current generation of a key. Every account has one key of each kind from its creation on.
pub(crate) async fn current(
    transaction: &mut Transaction,
    account: &AccountId,
    kind: CredentialKind,
) -> Result<CurrentCredential, StoreError> {
    let current = sqlx::query_as(
        "SELECT c.id, c.generation, c.verifier AS digest, c.mac, c.sealed, c.created_at, \
         CASE WHEN c.made_by_operator = 1 THEN 'the operator' ELSE m.name END AS created_by FROM credential c \
         JOIN member m ON m.id = c.created_by \
         WHERE c.account_id = $1 AND c.kind = $2 AND c.retired_at IS NULL",
    );
    let current = current.bind(account.as_str()).bind(kind.as_str());
    current.fetch_optional(&mut **transaction).await?.ok_or(StoreError::Damaged("credential"))
}

/// The member who is recorded as the creator of a generation.
pub(crate) async fn maker(transaction: &mut Transaction, id: &CredentialId) -> Result<MemberId, StoreError> {
    Ok(sqlx::query_scalar("SELECT created_by FROM credential WHERE id = $1")
        .bind(id.as_str())
        .fetch_one(&mut **transaction)
        .await?)
}

/// Records that the operator created the current generation of a key.
pub(crate) async fn set_made_by_operator(
    transaction: &mut Transaction,
    account: &AccountId,
    kind: CredentialKind,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE credential SET made_by_operator = 1 WHERE account_id = $1 AND kind = $2 AND retired_at IS NULL",
    )
    .bind(account.as_str())
    .bind(kind.as_str())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Retires a generation. Its key is refused once the transaction has committed.
pub(crate) async fn retire(
    transaction: &mut Transaction,
    id: &CredentialId,
    retired_at: Timestamp,
    mac: &str,
) -> Result<(), StoreError> {
    let retired =
        sqlx::query("UPDATE credential SET retired_at = $1, mac = $2 WHERE id = $3 AND retired_at IS NULL")
            .bind(retired_at.as_micros())
            .bind(mac)
            .bind(id.as_str())
            .execute(&mut **transaction)
            .await?;
    if retired.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Damaged("credential")) }
}

/// The current generation of both keys, the API key first.
pub(crate) async fn summaries(
    connection: &mut Connection,
    account: &AccountId,
) -> Result<Vec<CredentialSummary>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT c.kind, c.generation, c.hint, c.created_at, c.last_used_at, c.last_used_from, \
         CASE WHEN c.made_by_operator = 1 THEN 'the operator' ELSE m.name END AS created_by \
         FROM credential c JOIN member m ON m.id = c.created_by WHERE c.account_id = $1 AND c.retired_at IS NULL ORDER BY c.kind",
    )
    .bind(account.as_str())
    .fetch_all(connection)
    .await?)
}

/// The last use of a generation of a key.
pub(crate) struct Use<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) kind: CredentialKind,
    pub(crate) generation: Generation,
    pub(crate) at: Timestamp,
    pub(crate) from: IpAddr,
}

/// Writes when keys were last used, and from which address.
pub(crate) async fn note_uses(transaction: &mut Transaction, uses: &[Use<'_>]) -> Result<(), StoreError> {
    let statement = format!(
        "UPDATE credential SET last_used_at = v.column1, last_used_from = v.column2 FROM (VALUES {}) AS v \
         WHERE account_id = v.column3 AND kind = v.column4 AND generation = v.column5",
        rows(uses.len(), &["BIGINT", "TEXT", "TEXT", "TEXT", "BIGINT"])
    );
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for last in uses {
        query = query.bind(last.at.as_micros()).bind(last.from.to_string()).bind(last.account.as_str());
        query = query.bind(last.kind.as_str()).bind(i64::from(last.generation.number()));
    }
    query.execute(&mut **transaction).await?;
    Ok(())
}
