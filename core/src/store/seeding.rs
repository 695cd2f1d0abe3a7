//! Inserts many accounts with few statements, for benchmarks. Works on SQLite only.

use super::{StoreError, Transaction};
use crate::domain::{
    account::AccountId,
    bundle::BundleId,
    credential::{CredentialId, CredentialKind},
};
use sqlx::{Any, QueryBuilder};

/// A rate limit so high that no benchmark reaches it.
const LIMIT: i64 = 1_000_000;

/// A key of a seeded account.
pub(crate) struct SeededKey {
    pub(crate) id: CredentialId,
    pub(crate) account: AccountId,
    pub(crate) kind: CredentialKind,
    pub(crate) digest: String,
    pub(crate) mac: String,
}

/// Inserts an account for each bundle, the bundles, and the keys. The member with this e-mail address is recorded as
/// the creator of the keys.
pub(crate) async fn insert(
    transaction: &mut Transaction,
    member: &str,
    bundles: &[(BundleId, AccountId)],
    keys: &[SeededKey],
) -> Result<(), StoreError> {
    let mut query = QueryBuilder::<Any>::new(
        "INSERT INTO account (id, name, slug, created_at, version, limit_per_second, limit_per_minute) ",
    );
    query.push_values(bundles, |mut row, (_, account)| {
        row.push_bind(account.as_str()).push_bind("Seed").push_bind(account.as_str()).push("0").push("0");
        row.push_bind(LIMIT).push_bind(LIMIT);
    });
    query.build().execute(&mut **transaction).await?;
    let creator: String = sqlx::query_scalar("SELECT id FROM member WHERE email = $1")
        .bind(member)
        .fetch_one(&mut **transaction)
        .await?;
    let mut query = QueryBuilder::<Any>::new(
        "INSERT INTO credential (id, account_id, kind, verifier, mac, created_by, generation, sealed, hint, created_at) ",
    );
    query.push_values(keys, |mut row, key| {
        row.push_bind(key.id.as_str()).push_bind(key.account.as_str()).push_bind(key.kind.as_str());
        row.push_bind(key.digest.as_str()).push_bind(key.mac.as_str());
        row.push_bind(creator.as_str()).push("1, '', '', 0");
    });
    query.build().execute(&mut **transaction).await?;
    let mut query = QueryBuilder::<Any>::new(
        "INSERT INTO bundle (id, account_id, name, services, enabled, is_trial, used) ",
    );
    query.push_values(bundles, |mut row, (id, account)| {
        row.push_bind(id.as_str()).push_bind(account.as_str()).push("'default', '*', 1, 0, 0");
    });
    query.build().execute(&mut **transaction).await?;
    Ok(())
}
