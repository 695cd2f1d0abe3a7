//! The table of credentials: every generation of every key, sealed.

use super::{Connection, StoreError, Transaction, rows};
use crate::{
    clock::Timestamp,
    domain::{
        account::AccountId,
        credential::{CredentialId, CredentialKind, Generation},
        member::MemberId,
    },
};
use sqlx::AssertSqlSafe;
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

/// The generation of a key that is good now.
pub(crate) struct CurrentCredential {
    pub(crate) id: CredentialId,
    pub(crate) generation: Generation,
    pub(crate) digest: String,
    pub(crate) mac: String,
    pub(crate) sealed: String,
    pub(crate) created_at: Timestamp,
    pub(crate) created_by: String,
}

/// What may be shown of a key without a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialSummary {
    /// Which key.
    pub kind: CredentialKind,
    /// How many values it has had.
    pub generation: Generation,
    /// Its last four characters.
    pub hint: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The name of the member who made it, or `the operator`.
    pub created_by: String,
    /// When it was last used in a request, and the address that the request came from.
    pub last_used: Option<(Timestamp, String)>,
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

/// The current generation of a key. Every account has one of each kind from its first moment on.
pub(crate) async fn current(
    transaction: &mut Transaction,
    account: &AccountId,
    kind: CredentialKind,
) -> Result<CurrentCredential, StoreError> {
    let row: Option<(String, i64, String, String, String, i64, String)> = sqlx::query_as(
        "SELECT c.id, c.generation, c.verifier, c.mac, c.sealed, c.created_at, \
         CASE WHEN c.made_by_operator = 1 THEN 'the operator' ELSE m.name END FROM credential c \
         JOIN member m ON m.id = c.created_by \
         WHERE c.account_id = $1 AND c.kind = $2 AND c.retired_at IS NULL",
    )
    .bind(account.as_str())
    .bind(kind.as_str())
    .fetch_optional(&mut **transaction)
    .await?;
    let (id, generation, digest, mac, sealed, created_at, created_by) =
        row.ok_or(StoreError::Damaged("credential"))?;
    Ok(CurrentCredential {
        id: CredentialId::from_stored(id),
        generation: read_generation(generation)?,
        digest,
        mac,
        sealed,
        created_at: Timestamp::from_micros(created_at),
        created_by,
    })
}

/// The member who made a generation, or who is named as its maker.
pub(crate) async fn maker(transaction: &mut Transaction, id: &CredentialId) -> Result<MemberId, StoreError> {
    let (maker,): (String,) = sqlx::query_as("SELECT created_by FROM credential WHERE id = $1")
        .bind(id.as_str())
        .fetch_one(&mut **transaction)
        .await?;
    Ok(MemberId::from_stored(maker))
}

/// Notes that the operator made the current generation of a key.
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

/// Ends a generation. From the commit on its key is refused.
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
    type Columns = (String, i64, String, i64, String, Option<i64>, Option<String>);
    let found: Vec<Columns> = sqlx::query_as(
        "SELECT c.kind, c.generation, c.hint, c.created_at, \
         CASE WHEN c.made_by_operator = 1 THEN 'the operator' ELSE m.name END, c.last_used_at, c.last_used_from \
         FROM credential c JOIN member m ON m.id = c.created_by WHERE c.account_id = $1 AND c.retired_at IS NULL ORDER BY c.kind",
    )
    .bind(account.as_str())
    .fetch_all(connection)
    .await?;
    found
        .into_iter()
        .map(|(kind, generation, hint, created_at, created_by, last_used_at, last_used_from)| {
            Ok(CredentialSummary {
                kind: CredentialKind::from_stored(&kind).ok_or(StoreError::Damaged("credential"))?,
                generation: read_generation(generation)?,
                hint,
                created_at: Timestamp::from_micros(created_at),
                created_by,
                last_used: last_used_at.map(Timestamp::from_micros).zip(last_used_from),
            })
        })
        .collect()
}

/// The last use of a generation of a key.
pub(crate) struct Use<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) kind: CredentialKind,
    pub(crate) generation: Generation,
    pub(crate) at: Timestamp,
    pub(crate) from: IpAddr,
}

/// Writes down when keys were last used, and from where.
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

fn read_generation(number: i64) -> Result<Generation, StoreError> {
    u32::try_from(number).map(Generation::new).map_err(|_| StoreError::Damaged("credential"))
}
