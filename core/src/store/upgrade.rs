//! Rewrites the rows that a release before 0.2 left, page by page. It must not know which keys protect them.

use super::{StoreError, Transaction, columns::Shared, rows};
use crate::{
    clock::Timestamp,
    crypto::{
        key_digest::KeyDigest,
        row_mac::{Row, RowKey},
    },
    domain::{
        account::AccountId,
        credential::{CredentialKind, Generation},
        invitation::InvitationId,
        member::MemberId,
        session::SessionId,
    },
};
use sqlx::{AssertSqlSafe, FromRow};

/// The number of rows that are read at once.
const PAGE: i64 = 2_000;
/// The number of rows that one statement changes. More rows save round trips, but SQLite looks up `$n` linearly, so
/// hundreds are slower.
const BATCH: usize = 20;

/// Sets a column of the rows with these keys.
async fn set(
    transaction: &mut Transaction,
    (table, key, column): (&str, &str, &str),
    values: &[(String, String)],
) -> Result<(), StoreError> {
    for batch in values.chunks(BATCH) {
        let statement = format!(
            "UPDATE {table} SET {column} = v.column2 FROM (VALUES {}) AS v WHERE {table}.{key} = v.column1",
            rows(batch.len(), &["TEXT", "TEXT"])
        );
        let mut query = sqlx::query(AssertSqlSafe(statement));
        for (key, value) in batch {
            query = query.bind(key).bind(value);
        }
        query.execute(&mut **transaction).await?;
    }
    Ok(())
}

/// Replaces the hashes of device tokens, which were made without a key.
pub(crate) async fn rehash_devices(transaction: &mut Transaction, key: &RowKey) -> Result<(), StoreError> {
    let devices: Vec<String> = sqlx::query_scalar("SELECT DISTINCT token_hash FROM known_device")
        .fetch_all(&mut **transaction)
        .await?;
    let rehashed: Vec<(String, String)> =
        devices.into_iter().map(|hash| (hash.clone(), key.token_hash(&hash))).collect();
    set(transaction, ("known_device", "token_hash", "token_hash"), &rehashed).await?;
    set(transaction, ("login_failure", "source", "source"), &rehashed).await
}

/// Replaces the hashes of session tokens, and binds each session to its member with a MAC.
pub(crate) async fn protect_sessions(transaction: &mut Transaction, key: &RowKey) -> Result<(), StoreError> {
    let sessions: Vec<(SessionId, AccountId, MemberId, String, Option<String>, String)> = sqlx::query_as(
        "SELECT s.id, m.account_id, m.id, s.token_hash, s.previous_token_hash, s.device_hash \
         FROM session s JOIN member m ON m.id = s.member_id",
    )
    .fetch_all(&mut **transaction)
    .await?;
    for (id, account, member, token_hash, previous_hash, device_hash) in sessions {
        let protect = |hash: &str| {
            let hash = key.token_hash(hash);
            let row = Row::Session { id: &id, account: &account, member: &member, token_hash: &hash };
            let mac = key.mac(&row);
            (hash, mac)
        };
        let (token_hash, mac) = protect(&token_hash);
        let (previous_hash, previous_mac) = previous_hash.as_deref().map(protect).unzip();
        sqlx::query(
            "UPDATE session SET token_hash = $1, mac = $2, previous_token_hash = $3, previous_mac = $4, device_hash = $5 \
             WHERE id = $6",
        )
        .bind(token_hash)
        .bind(mac)
        .bind(previous_hash)
        .bind(previous_mac)
        .bind(key.token_hash(&device_hash))
        .bind(id.as_str())
        .execute(&mut **transaction)
        .await?;
    }
    Ok(())
}

/// Replaces the hashes of link tokens, and binds each link to its owner with a MAC.
pub(crate) async fn protect_links(transaction: &mut Transaction, key: &RowKey) -> Result<(), StoreError> {
    protect_invitations(transaction, key).await?;
    protect_password_links(transaction, key).await?;
    protect_email_changes(transaction, key).await
}

async fn protect_invitations(transaction: &mut Transaction, key: &RowKey) -> Result<(), StoreError> {
    let invitations: Vec<(InvitationId, AccountId, String, MemberId, Timestamp, String)> =
        sqlx::query_as("SELECT id, account_id, email, invited_by, expires_at, token_hash FROM invitation")
            .fetch_all(&mut **transaction)
            .await?;
    for (id, account, email, invited_by, expires_at, token_hash) in &invitations {
        let row = |token_hash: &str| {
            let (email, expires_at) = (email.as_str(), *expires_at);
            key.mac(&Row::Invitation { id, account, email, invited_by, expires_at, token_hash })
        };
        protect_link(transaction, key, ("invitation", "id", id.as_str()), token_hash, row).await?;
    }
    Ok(())
}

async fn protect_password_links(transaction: &mut Transaction, key: &RowKey) -> Result<(), StoreError> {
    let links: Vec<(AccountId, MemberId, Option<MemberId>, Timestamp, String)> = sqlx::query_as(
        "SELECT m.account_id, m.id, l.made_by, l.expires_at, l.token_hash \
         FROM password_link l JOIN member m ON m.id = l.member_id",
    )
    .fetch_all(&mut **transaction)
    .await?;
    for (account, member, made_by, expires_at, token_hash) in &links {
        let row = |token_hash: &str| {
            let (made_by, expires_at) = (made_by.as_ref(), *expires_at);
            key.mac(&Row::PasswordLink { account, member, made_by, expires_at, token_hash })
        };
        protect_link(transaction, key, ("password_link", "member_id", member.as_str()), token_hash, row)
            .await?;
    }
    Ok(())
}

async fn protect_email_changes(transaction: &mut Transaction, key: &RowKey) -> Result<(), StoreError> {
    let changes: Vec<(AccountId, MemberId, String, Timestamp, String)> = sqlx::query_as(
        "SELECT m.account_id, m.id, c.email, c.expires_at, c.token_hash \
         FROM email_change c JOIN member m ON m.id = c.member_id",
    )
    .fetch_all(&mut **transaction)
    .await?;
    for (account, member, email, expires_at, token_hash) in &changes {
        let row = |token_hash: &str| {
            let (email, expires_at) = (email.as_str(), *expires_at);
            key.mac(&Row::EmailChange { account, member, email, expires_at, token_hash })
        };
        protect_link(transaction, key, ("email_change", "member_id", member.as_str()), token_hash, row)
            .await?;
    }
    Ok(())
}

/// Replaces the hash of a link's token with a keyed one, and adds the MAC that belongs to it.
async fn protect_link(
    transaction: &mut Transaction,
    key: &RowKey,
    (table, column, id): (&str, &str, &str),
    token_hash: &str,
    mac: impl Fn(&str) -> String,
) -> Result<(), StoreError> {
    let token_hash = key.token_hash(token_hash);
    let statement = format!("UPDATE {table} SET token_hash = $1, mac = $2 WHERE {column} = $3");
    let mac = mac(&token_hash);
    let query = sqlx::query(AssertSqlSafe(statement)).bind(token_hash).bind(mac).bind(id);
    query.execute(&mut **transaction).await?;
    Ok(())
}

#[derive(FromRow)]
struct CredentialRow {
    id: String,
    account_id: AccountId,
    #[sqlx(try_from = "Shared<CredentialKind>")]
    kind: CredentialKind,
    #[sqlx(try_from = "Shared<Generation>")]
    generation: Generation,
    verifier: String,
    retired_at: Option<Timestamp>,
}

/// Adds the MAC to every generation of every key.
pub(crate) async fn protect_credentials(
    transaction: &mut Transaction,
    key: &RowKey,
) -> Result<(), StoreError> {
    let mut last = String::new();
    loop {
        let page: Vec<CredentialRow> = sqlx::query_as(
            "SELECT id, account_id, kind, generation, verifier, retired_at FROM credential \
             WHERE id > $1 ORDER BY id LIMIT $2",
        )
        .bind(&last)
        .bind(PAGE)
        .fetch_all(&mut **transaction)
        .await?;
        let Some(newest) = page.last() else { return Ok(()) };
        last.clone_from(&newest.id);
        let mut macs = Vec::with_capacity(page.len());
        for row in page {
            let digest = &KeyDigest::from_hex(&row.verifier).ok_or(StoreError::Damaged("credential"))?;
            let (account, retired_at) = (&row.account_id, row.retired_at);
            let (kind, generation) = (row.kind, row.generation);
            let mac = key.mac(&Row::Credential { account, kind, generation, digest, retired_at });
            macs.push((row.id, mac));
        }
        set(transaction, ("credential", "id", "mac"), &macs).await?;
    }
}

/// Replaces every stored password hash with the result of `bind` for account, member and hash.
pub(crate) async fn bind_passwords(
    transaction: &mut Transaction,
    bind: impl Fn(&AccountId, &MemberId, &str) -> String,
) -> Result<(), StoreError> {
    let mut last = String::new();
    loop {
        let page: Vec<(MemberId, AccountId, String)> = sqlx::query_as(
            "SELECT id, account_id, password_hash FROM member \
             WHERE id > $1 AND password_hash <> '' ORDER BY id LIMIT $2",
        )
        .bind(&last)
        .bind(PAGE)
        .fetch_all(&mut **transaction)
        .await?;
        let Some((newest, ..)) = page.last() else { return Ok(()) };
        newest.as_str().clone_into(&mut last);
        let bound: Vec<(String, String)> = page
            .into_iter()
            .map(|(member, account, hash)| (member.as_str().to_owned(), bind(&account, &member, &hash)))
            .collect();
        set(transaction, ("member", "id", "password_hash"), &bound).await?;
    }
}
