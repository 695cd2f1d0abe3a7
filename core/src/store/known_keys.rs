//! Reads everything that the verification of requests holds in memory, from the tables of accounts, bundles and
//! credentials.

use super::{
    Connection, StoreError,
    bundle::{self, BundleRecord, BundleRow},
    columns::Flag,
};
use crate::{
    clock::Timestamp,
    crypto::{
        key_digest::KeyDigest,
        row_mac::{Row, RowKey},
    },
    domain::{
        account::AccountId,
        credential::{CredentialKind, Generation},
        limits::Limits,
    },
};
use sqlx::FromRow;
use std::collections::HashMap;

/// An account as verification needs it.
#[derive(Debug)]
pub(crate) struct AccountRecord {
    pub(crate) id: AccountId,
    pub(crate) version: i64,
    pub(crate) enabled: bool,
    pub(crate) limits: Limits,
    pub(crate) bundle: Option<BundleRecord>,
    pub(crate) keys: Vec<KeyRecord>,
}

/// One generation of a key as verification needs it.
#[derive(Debug)]
pub(crate) struct KeyRecord {
    pub(crate) kind: CredentialKind,
    pub(crate) generation: Generation,
    pub(crate) digest: KeyDigest,
    pub(crate) is_retired: bool,
}

#[derive(FromRow)]
struct AccountRow {
    id: AccountId,
    version: i64,
    #[sqlx(try_from = "Flag")]
    enabled: bool,
    limit_per_second: i64,
    limit_per_minute: i64,
}

/// A row of the table of credentials. Kind and generation are not parsed here, so that a damaged row does not prevent
/// the other rows from being read.
#[derive(FromRow)]
struct KeyRow {
    id: String,
    account_id: AccountId,
    kind: String,
    generation: i64,
    verifier: String,
    retired_at: Option<Timestamp>,
    mac: String,
}

/// The next accounts in the order of their ids, and the last id that was read. If the row of an account or a key was
/// changed or is damaged, the account or key is named in the log and left out; the others are not affected.
///
/// The account's version is read first. Data that is read later may be newer; the change of the version then causes
/// another reading.
pub(crate) async fn page(
    connection: &mut Connection,
    row_key: &RowKey,
    after: Option<&AccountId>,
    most: u32,
) -> Result<Option<(Vec<AccountRecord>, AccountId)>, StoreError> {
    let after = after.map_or("", AccountId::as_str);
    let accounts: Vec<AccountRow> = sqlx::query_as(
        "SELECT id, version, CASE WHEN disabled_at IS NULL THEN 1 ELSE 0 END AS enabled, \
         limit_per_second, limit_per_minute FROM account \
         WHERE id > $1 ORDER BY id LIMIT $2",
    )
    .bind(after)
    .bind(i64::from(most))
    .fetch_all(&mut *connection)
    .await?;
    let Some(last) = accounts.last().map(|account| account.id.clone()) else { return Ok(None) };
    let (bundles, keys) = between(connection, after, last.as_str()).await?;
    let records = assemble(row_key, accounts, bundles, keys).filter_map(|(id, record)| {
        let told = |problem| tracing::error!(%problem, account = id.as_str(), "an account cannot be read; its keys are refused");
        record.map_err(told).ok()
    });
    Ok(Some((records.collect(), last)))
}

/// One account. If the row of a key was changed or is damaged, the key is named in the log and left out.
pub(crate) async fn account(
    connection: &mut Connection,
    row_key: &RowKey,
    id: &AccountId,
) -> Result<Option<AccountRecord>, StoreError> {
    let account: Option<AccountRow> = sqlx::query_as(
        "SELECT id, version, CASE WHEN disabled_at IS NULL THEN 1 ELSE 0 END AS enabled, \
         limit_per_second, limit_per_minute FROM account WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(&mut *connection)
    .await?;
    let Some(account) = account else { return Ok(None) };
    let (bundles, keys) = of_one(connection, account.id.as_str()).await?;
    assemble(row_key, vec![account], bundles, keys).next().map(|(_, record)| record).transpose()
}

async fn of_one(
    connection: &mut Connection,
    account: &str,
) -> Result<(Vec<BundleRow>, Vec<KeyRow>), StoreError> {
    let bundles = sqlx::query_as(bundle::select!("account_id = $1")).bind(account);
    let bundles: Vec<BundleRow> = bundles.fetch_all(&mut *connection).await?;
    let keys = sqlx::query_as(
        "SELECT id, account_id, kind, generation, verifier, retired_at, mac FROM credential WHERE account_id = $1",
    )
    .bind(account);
    Ok((bundles, keys.fetch_all(connection).await?))
}

async fn between(
    connection: &mut Connection,
    after: &str,
    last: &str,
) -> Result<(Vec<BundleRow>, Vec<KeyRow>), StoreError> {
    let bundles = sqlx::query_as(bundle::select!("account_id > $1 AND account_id <= $2"));
    let bundles: Vec<BundleRow> = bundles.bind(after).bind(last).fetch_all(&mut *connection).await?;
    let keys = sqlx::query_as(
        "SELECT id, account_id, kind, generation, verifier, retired_at, mac FROM credential \
         WHERE account_id > $1 AND account_id <= $2",
    );
    Ok((bundles, keys.bind(after).bind(last).fetch_all(connection).await?))
}

/// Assigns bundles and keys to their accounts. Rows of an account that was created a moment ago, and so is not in the
/// list, are ignored; a later reading includes them.
fn assemble(
    row_key: &RowKey,
    accounts: Vec<AccountRow>,
    bundles: Vec<BundleRow>,
    keys: Vec<KeyRow>,
) -> impl Iterator<Item = (AccountId, Result<AccountRecord, StoreError>)> {
    let mut bundles: HashMap<AccountId, BundleRow> =
        bundles.into_iter().map(|bundle| (bundle.account_id.clone(), bundle)).collect();
    let mut keys_of: HashMap<AccountId, Vec<KeyRecord>> = HashMap::with_capacity(accounts.len());
    for row in keys {
        match key(row_key, &row) {
            Some(record) => keys_of.entry(row.account_id).or_default().push(record),
            None => tracing::error!(
                credential = row.id,
                account = row.account_id.as_str(),
                "a credential was changed in the database or is damaged; its key is refused"
            ),
        }
    }
    accounts.into_iter().map(move |row| {
        let id = row.id.clone();
        let (bundle, keys) = (bundles.remove(&id), keys_of.remove(&id).unwrap_or_default());
        (id, account_record(row, bundle, keys))
    })
}

fn account_record(
    row: AccountRow,
    bundle: Option<BundleRow>,
    keys: Vec<KeyRecord>,
) -> Result<AccountRecord, StoreError> {
    Ok(AccountRecord {
        id: row.id,
        version: row.version,
        enabled: row.enabled,
        limits: Limits { per_second: limit(row.limit_per_second)?, per_minute: limit(row.limit_per_minute)? },
        bundle: bundle.map(BundleRecord::try_from).transpose()?,
        keys,
    })
}

/// One generation of a key, if its row carries a valid MAC.
fn key(row_key: &RowKey, row: &KeyRow) -> Option<KeyRecord> {
    let kind = CredentialKind::parse(&row.kind)?;
    let generation = Generation::new(u32::try_from(row.generation).ok()?);
    let digest = KeyDigest::from_hex(&row.verifier)?;
    let (account, retired_at) = (&row.account_id, row.retired_at);
    let protected = Row::Credential { account, kind, generation, digest: &digest, retired_at };
    row_key.holds(&protected, &row.mac).then_some(KeyRecord {
        kind,
        generation,
        digest,
        is_retired: retired_at.is_some(),
    })
}

fn limit(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).ok().filter(|number| *number > 0).ok_or(StoreError::Damaged("account"))
}
