//! Many accounts at once, for measuring what it costs to know them. Their keys are good, but cannot be viewed, and nobody
//! made them.

use crate::{
    claviger::Claviger,
    credential_key::CredentialKey,
    crypto::{key_digest::KeyDigest, row_mac::Row},
    domain::{
        account::AccountId,
        bundle::BundleId,
        credential::{CredentialId, CredentialKind, Generation},
    },
    internal_error::InternalError,
};
use sqlx::{Any, QueryBuilder};

/// So many that no measurement comes up against it.
const LIMIT: i64 = 1_000_000;
/// As many as one statement of SQLite takes.
const AT_ONCE: usize = 1_000;

struct Seed {
    account: AccountId,
    api_key: CredentialKey,
    bundle_key: CredentialKey,
}

impl Claviger {
    /// Makes accounts whose keys count as made by a member who is there, and answers the first pairs of keys.
    ///
    /// # Errors
    /// Where they cannot be made. Works on SQLite only.
    pub async fn seed(
        &self,
        member: &str,
        accounts: usize,
        pairs: usize,
    ) -> Result<Vec<(CredentialKey, CredentialKey)>, InternalError> {
        let mut kept = Vec::with_capacity(pairs);
        let mut made = 0;
        while made < accounts {
            let seeds =
                (0..AT_ONCE.min(accounts - made)).map(|_| self.make_seed()).collect::<Result<Vec<_>, _>>()?;
            self.insert(member, &seeds).await?;
            made += seeds.len();
            let wanted = pairs - kept.len();
            kept.extend(seeds.into_iter().take(wanted).map(|seed| (seed.api_key, seed.bundle_key)));
        }
        Ok(kept)
    }

    fn make_seed(&self) -> Result<Seed, InternalError> {
        let key = |kind| CredentialKey::generate(&self.settings.key_prefix, kind, &*self.random);
        Ok(Seed {
            account: AccountId::new(self.now(), &*self.random)?,
            api_key: key(CredentialKind::ApiKey)?,
            bundle_key: key(CredentialKind::BundleKey)?,
        })
    }

    async fn insert(&self, member: &str, seeds: &[Seed]) -> Result<(), InternalError> {
        let mut transaction = self.database.write().await?;
        let mut accounts = QueryBuilder::<Any>::new(
            "INSERT INTO account (id, name, slug, created_at, version, limit_per_second, limit_per_minute) ",
        );
        accounts.push_values(seeds, |mut row, seed| {
            let id = seed.account.as_str();
            row.push_bind(id)
                .push_bind("Seed")
                .push_bind(id)
                .push("0")
                .push("0")
                .push_bind(LIMIT)
                .push_bind(LIMIT);
        });
        accounts.build().execute(&mut *transaction).await?;
        let (creator,): (String,) = sqlx::query_as("SELECT id FROM member WHERE email = $1")
            .bind(member)
            .fetch_one(&mut *transaction)
            .await?;
        let keys =
            seeds.iter().flat_map(|seed| [(&seed.account, &seed.api_key), (&seed.account, &seed.bundle_key)]);
        let keys = keys
            .map(|(account, key)| {
                let id = CredentialId::new(self.now(), &*self.random)?;
                let (kind, generation, digest) =
                    (key.kind(), Generation::FIRST, KeyDigest::of(&self.keys.pepper, key));
                let row = Row::Credential { account, kind, generation, digest: &digest, retired_at: None };
                Ok((id, account, kind, digest.to_hex(), self.keys.row.mac(&row)))
            })
            .collect::<Result<Vec<_>, InternalError>>()?;
        let mut credentials = QueryBuilder::<Any>::new(
            "INSERT INTO credential (id, account_id, kind, verifier, mac, created_by, generation, sealed, hint, created_at) ",
        );
        credentials.push_values(&keys, |mut row, (id, account, kind, digest, mac)| {
            row.push_bind(id.as_str())
                .push_bind(account.as_str())
                .push_bind(kind.as_str())
                .push_bind(digest.as_str())
                .push_bind(mac.as_str());
            row.push_bind(creator.as_str()).push("1, '', '', 0");
        });
        credentials.build().execute(&mut *transaction).await?;
        let bundles =
            seeds.iter().map(|_| BundleId::new(self.now(), &*self.random)).collect::<Result<Vec<_>, _>>()?;
        let mut query = QueryBuilder::<Any>::new(
            "INSERT INTO bundle (id, account_id, name, services, enabled, is_trial, used) ",
        );
        query.push_values(seeds.iter().zip(&bundles), |mut row, (seed, id)| {
            row.push_bind(id.as_str()).push_bind(seed.account.as_str()).push("'default', '*', 1, 0, 0");
        });
        query.build().execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }
}
