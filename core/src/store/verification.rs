//! What the verification of requests holds in memory, read from the tables of accounts, bundles and credentials.

use super::StoreError;
use crate::{
    domain::{
        account::AccountId,
        credential::{CredentialKind, Generation},
    },
    settings::Limits,
    store::bundle::{self, BundleColumns},
    verification::{AccountRecord, KeyRecord},
    verifier::Verifier,
};
use sqlx::AnyConnection;
use std::collections::HashMap;

type AccountColumns = (String, i64, Option<i64>, i64, i64);
type KeyColumns = (String, String, i64, String, Option<i64>);

/// Whether the database answers.
pub(crate) async fn ping(connection: &mut AnyConnection) -> Result<(), StoreError> {
    sqlx::query("SELECT 1").execute(connection).await?;
    Ok(())
}

/// The accounts that come after one, in the order of their ids.
///
/// An account's version is read first. What is read after it may be newer, and is then read again when that version is.
pub(crate) async fn page(
    connection: &mut AnyConnection,
    after: Option<&AccountId>,
    most: u32,
) -> Result<Vec<AccountRecord>, StoreError> {
    let after = after.map_or("", AccountId::as_str);
    let accounts: Vec<AccountColumns> = sqlx::query_as(
        "SELECT id, version, disabled_at, limit_per_second, limit_per_minute FROM account \
         WHERE id > $1 ORDER BY id LIMIT $2",
    )
    .bind(after)
    .bind(i64::from(most))
    .fetch_all(&mut *connection)
    .await?;
    let Some(last) = accounts.last().map(|account| account.0.clone()) else { return Ok(Vec::new()) };
    between(connection, after, &last, accounts).await
}

/// One account.
pub(crate) async fn account(
    connection: &mut AnyConnection,
    id: &AccountId,
) -> Result<Option<AccountRecord>, StoreError> {
    let account: Option<AccountColumns> = sqlx::query_as(
        "SELECT id, version, disabled_at, limit_per_second, limit_per_minute FROM account WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(&mut *connection)
    .await?;
    let Some(account) = account else { return Ok(None) };
    let mut records = of_one(connection, account).await?;
    Ok(records.pop())
}

async fn of_one(
    connection: &mut AnyConnection,
    account: AccountColumns,
) -> Result<Vec<AccountRecord>, StoreError> {
    let bundles = sqlx::query_as(bundle::select!("account_id = $1")).bind(&account.0);
    let bundles: Vec<BundleColumns> = bundles.fetch_all(&mut *connection).await?;
    let keys = sqlx::query_as(
        "SELECT account_id, kind, generation, verifier, retired_at FROM credential WHERE account_id = $1",
    )
    .bind(&account.0);
    let keys: Vec<KeyColumns> = keys.fetch_all(connection).await?;
    assemble(vec![account], bundles, keys)
}

async fn between(
    connection: &mut AnyConnection,
    after: &str,
    last: &str,
    accounts: Vec<AccountColumns>,
) -> Result<Vec<AccountRecord>, StoreError> {
    let bundles = sqlx::query_as(bundle::select!("account_id > $1 AND account_id <= $2"));
    let bundles: Vec<BundleColumns> = bundles.bind(after).bind(last).fetch_all(&mut *connection).await?;
    let keys = sqlx::query_as(
        "SELECT account_id, kind, generation, verifier, retired_at FROM credential \
         WHERE account_id > $1 AND account_id <= $2",
    );
    let keys: Vec<KeyColumns> = keys.bind(after).bind(last).fetch_all(connection).await?;
    assemble(accounts, bundles, keys)
}

/// Puts together what belongs to each account. What belongs to an account that was made a moment ago, and is not among
/// them, is left for later.
fn assemble(
    accounts: Vec<AccountColumns>,
    bundles: Vec<BundleColumns>,
    keys: Vec<KeyColumns>,
) -> Result<Vec<AccountRecord>, StoreError> {
    let mut bundles: HashMap<String, BundleColumns> =
        bundles.into_iter().map(|bundle| (bundle.1.clone(), bundle)).collect();
    let mut keys_of: HashMap<String, Vec<KeyRecord>> = HashMap::with_capacity(accounts.len());
    for columns in keys {
        let record = key(&columns)?;
        keys_of.entry(columns.0).or_default().push(record);
    }
    let record = |(id, version, disabled_at, per_second, per_minute): AccountColumns| {
        Ok(AccountRecord {
            version,
            enabled: disabled_at.is_none(),
            limits: Limits { per_second: limit(per_second)?, per_minute: limit(per_minute)? },
            bundle: bundles.remove(&id).map(bundle::record).transpose()?,
            keys: keys_of.remove(&id).unwrap_or_default(),
            id: AccountId::from_stored(id),
        })
    };
    accounts.into_iter().map(record).collect()
}

fn key((_, kind, generation, verifier, retired_at): &KeyColumns) -> Result<KeyRecord, StoreError> {
    let damaged = || StoreError::Damaged("credential");
    Ok(KeyRecord {
        kind: CredentialKind::from_stored(kind).ok_or_else(damaged)?,
        generation: Generation::new(u32::try_from(*generation).map_err(|_| damaged())?),
        verifier: Verifier::from_hex(verifier).ok_or_else(damaged)?,
        is_retired: retired_at.is_some(),
    })
}

fn limit(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).ok().filter(|number| *number > 0).ok_or(StoreError::Damaged("account"))
}
