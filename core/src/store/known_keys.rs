//! What the verification of requests holds in memory, read from the tables of accounts, bundles and credentials.

use super::bundle::{self, BundleColumns, BundleRecord};
use super::{Connection, StoreError};
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
use std::collections::HashMap;

/// What is read of an account.
#[derive(Debug)]
pub(crate) struct AccountRecord {
    pub(crate) id: AccountId,
    pub(crate) version: i64,
    pub(crate) enabled: bool,
    pub(crate) limits: Limits,
    pub(crate) bundle: Option<BundleRecord>,
    pub(crate) keys: Vec<KeyRecord>,
}

/// What is read of one generation of a key.
#[derive(Debug)]
pub(crate) struct KeyRecord {
    pub(crate) kind: CredentialKind,
    pub(crate) generation: Generation,
    pub(crate) digest: KeyDigest,
    pub(crate) is_retired: bool,
}

type AccountColumns = (String, i64, Option<i64>, i64, i64);
type KeyColumns = (String, String, String, i64, String, Option<i64>, String);

/// The accounts that come after one, in the order of their ids, and the last id that was read. An account or a key whose row
/// was changed or is damaged is named in the log and left out; the others are not affected.
///
/// An account's version is read first. What is read after it may be newer, and is then read again when that version is.
pub(crate) async fn page(
    connection: &mut Connection,
    row_key: &RowKey,
    after: Option<&AccountId>,
    most: u32,
) -> Result<Option<(Vec<AccountRecord>, AccountId)>, StoreError> {
    let after = after.map_or("", AccountId::as_str);
    let accounts: Vec<AccountColumns> = sqlx::query_as(
        "SELECT id, version, disabled_at, limit_per_second, limit_per_minute FROM account \
         WHERE id > $1 ORDER BY id LIMIT $2",
    )
    .bind(after)
    .bind(i64::from(most))
    .fetch_all(&mut *connection)
    .await?;
    let Some(last) = accounts.last().map(|account| account.0.clone()) else { return Ok(None) };
    let (bundles, keys) = between(connection, after, &last).await?;
    let records = assemble(row_key, accounts, bundles, keys).filter_map(|(id, record)| {
        let told = |problem| tracing::error!(%problem, account = id, "an account cannot be read; its keys are refused");
        record.map_err(told).ok()
    });
    Ok(Some((records.collect(), AccountId::from_stored(last))))
}

/// One account. A key whose row was changed or is damaged is named in the log and left out.
pub(crate) async fn account(
    connection: &mut Connection,
    row_key: &RowKey,
    id: &AccountId,
) -> Result<Option<AccountRecord>, StoreError> {
    let account: Option<AccountColumns> = sqlx::query_as(
        "SELECT id, version, disabled_at, limit_per_second, limit_per_minute FROM account WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(&mut *connection)
    .await?;
    let Some(account) = account else { return Ok(None) };
    let (bundles, keys) = of_one(connection, &account.0).await?;
    assemble(row_key, vec![account], bundles, keys).next().map(|(_, record)| record).transpose()
}

async fn of_one(
    connection: &mut Connection,
    account: &str,
) -> Result<(Vec<BundleColumns>, Vec<KeyColumns>), StoreError> {
    let bundles = sqlx::query_as(bundle::select!("account_id = $1")).bind(account);
    let bundles: Vec<BundleColumns> = bundles.fetch_all(&mut *connection).await?;
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
) -> Result<(Vec<BundleColumns>, Vec<KeyColumns>), StoreError> {
    let bundles = sqlx::query_as(bundle::select!("account_id > $1 AND account_id <= $2"));
    let bundles: Vec<BundleColumns> = bundles.bind(after).bind(last).fetch_all(&mut *connection).await?;
    let keys = sqlx::query_as(
        "SELECT id, account_id, kind, generation, verifier, retired_at, mac FROM credential \
         WHERE account_id > $1 AND account_id <= $2",
    );
    Ok((bundles, keys.bind(after).bind(last).fetch_all(connection).await?))
}

/// Puts together what belongs to each account. What belongs to an account that was made a moment ago, and is not among
/// them, is left for later.
fn assemble(
    row_key: &RowKey,
    accounts: Vec<AccountColumns>,
    bundles: Vec<BundleColumns>,
    keys: Vec<KeyColumns>,
) -> impl Iterator<Item = (String, Result<AccountRecord, StoreError>)> {
    let mut bundles: HashMap<String, BundleColumns> =
        bundles.into_iter().map(|bundle| (bundle.1.clone(), bundle)).collect();
    let mut keys_of: HashMap<String, Vec<KeyRecord>> = HashMap::with_capacity(accounts.len());
    for columns in keys {
        match key(row_key, &columns) {
            Some(record) => keys_of.entry(columns.1).or_default().push(record),
            None => tracing::error!(
                credential = columns.0,
                account = columns.1,
                "a credential was changed in the database or is damaged; its key is refused"
            ),
        }
    }
    accounts.into_iter().map(move |columns| {
        let id = columns.0.clone();
        let (bundle, keys) = (bundles.remove(&id), keys_of.remove(&id).unwrap_or_default());
        (id, account_record(columns, bundle, keys))
    })
}

fn account_record(
    (id, version, disabled_at, per_second, per_minute): AccountColumns,
    bundle: Option<BundleColumns>,
    keys: Vec<KeyRecord>,
) -> Result<AccountRecord, StoreError> {
    Ok(AccountRecord {
        id: AccountId::from_stored(id),
        version,
        enabled: disabled_at.is_none(),
        limits: Limits { per_second: limit(per_second)?, per_minute: limit(per_minute)? },
        bundle: bundle.map(bundle::record).transpose()?,
        keys,
    })
}

/// One generation of a key, if its row carries the MAC of what it says.
fn key(
    row_key: &RowKey,
    (_, account, kind, generation, digest, retired_at, mac): &KeyColumns,
) -> Option<KeyRecord> {
    let kind = CredentialKind::from_stored(kind)?;
    let generation = Generation::new(u32::try_from(*generation).ok()?);
    let digest = KeyDigest::from_hex(digest)?;
    let row = Row::Credential {
        account: &AccountId::from_stored(account.clone()),
        kind,
        generation,
        digest: &digest,
        retired_at: retired_at.map(Timestamp::from_micros),
    };
    row_key.holds(&row, mac).then_some(KeyRecord {
        kind,
        generation,
        digest,
        is_retired: retired_at.is_some(),
    })
}

fn limit(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).ok().filter(|number| *number > 0).ok_or(StoreError::Damaged("account"))
}
