//! Seeding for benchmarks and tests: many accounts at once, and members with a password. No release build contains
//! it. The keys of a seeded account are valid, but cannot be viewed.

use super::accounts::{MemberError, operators_event};
use crate::{
    audit::AuditAction,
    claviger::Claviger,
    credential_key::CredentialKey,
    crypto::{key_digest::KeyDigest, row_mac::Row},
    domain::{
        account::AccountId,
        bundle::BundleId,
        credential::{CredentialId, CredentialKind, Generation},
        member::{Email, MemberId},
        permission::Permission,
    },
    internal_error::InternalError,
    password::{NewPassword, PasswordOwner, Requester},
    store::{self, member::NewMember, seeding::SeededKey},
};

/// As many accounts as one statement of SQLite can insert.
const AT_ONCE: usize = 1_000;

/// A member to be added to an account.
#[derive(Clone, Copy)]
pub struct AddMemberForm<'a> {
    /// The name of the person.
    pub name: &'a str,
    /// The person's e-mail address.
    pub email: &'a str,
    /// The person's password.
    pub password: &'a str,
    /// The person's permissions.
    pub permissions: &'a [Permission],
}

/// Prints no content, because the form contains a password.
impl std::fmt::Debug for AddMemberForm<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("AddMemberForm")
    }
}

/// Why no member was added.
#[derive(Debug, thiserror::Error)]
pub enum SeedingError {
    /// The form contains no valid e-mail address, or a password that is refused.
    #[error("the form cannot be used")]
    Form,
    /// No member has the colleague's e-mail address.
    #[error(transparent)]
    Colleague(#[from] MemberError),
    /// An internal error.
    #[error(transparent)]
    InternalError(#[from] InternalError),
}

struct Seed {
    account: AccountId,
    api_key: CredentialKey,
    bundle_key: CredentialKey,
}

impl Claviger {
    /// Creates accounts whose keys name an existing member as their creator, and returns the first `pairs` pairs of
    /// keys.
    ///
    /// # Errors
    /// The accounts cannot be created. Works on SQLite only.
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
        let keys = seeds
            .iter()
            .flat_map(|seed| [(&seed.account, &seed.api_key), (&seed.account, &seed.bundle_key)])
            .map(|(account, key)| self.seeded_key(account, key))
            .collect::<Result<Vec<_>, _>>()?;
        let bundles = seeds
            .iter()
            .map(|seed| Ok((BundleId::new(self.now(), &*self.random)?, seed.account.clone())))
            .collect::<Result<Vec<_>, InternalError>>()?;
        let mut transaction = self.database.write_unlocked().await?;
        store::seeding::insert(&mut transaction, member, &bundles, &keys).await?;
        Ok(transaction.commit().await?)
    }

    fn seeded_key(&self, account: &AccountId, key: &CredentialKey) -> Result<SeededKey, InternalError> {
        let (kind, generation, digest) =
            (key.kind(), Generation::FIRST, KeyDigest::of(&self.keys.pepper, key));
        let row = Row::Credential { account, kind, generation, digest: &digest, retired_at: None };
        Ok(SeededKey {
            id: CredentialId::new(self.now(), &*self.random)?,
            account: account.clone(),
            kind,
            digest: digest.to_hex(),
            mac: self.keys.row.mac(&row),
        })
    }

    /// Adds a member to the account of an existing colleague. The permissions are granted in the name of this
    /// colleague.
    ///
    /// # Errors
    /// The reason why no member was added.
    pub async fn add_member(
        &self,
        colleague: &str,
        form: AddMemberForm<'_>,
    ) -> Result<MemberId, SeedingError> {
        let (account, colleague) = self.find_member(colleague).await?;
        let email = Email::parse(form.email).map_err(|_| SeedingError::Form)?;
        let password = NewPassword::parse(form.password).map_err(|_| SeedingError::Form)?;
        let now = self.now();
        let member = MemberId::new(now, &*self.random).map_err(InternalError::from)?;
        let owner = PasswordOwner { account: &account, member: &member };
        let place = self.hasher.enter(&Requester::Stranger(None)).await.map_err(|_| SeedingError::Form)?;
        let names = [form.name, form.email];
        let hashed = self.hasher.hash(place, password, owner, &names, &*self.random).await;
        let row = NewMember {
            id: &member,
            account: &account,
            email: &email,
            name: form.name,
            password_hash: &hashed.map_err(|_| SeedingError::Form)?,
            role: None,
            created_at: now,
        };
        let mut transaction = self.database.write_for(&account).await.map_err(InternalError::from)?;
        store::member::insert(&mut transaction, &row).await.map_err(InternalError::from)?;
        let mut done = vec![AuditAction::AddMember];
        for permission in form.permissions {
            let granted =
                store::permission_grant::insert(&mut transaction, &member, *permission, &colleague, now)
                    .await;
            granted.map_err(InternalError::from)?;
            done.push(AuditAction::GrantPermission);
        }
        for action in done {
            let recorded =
                self.record(&mut transaction, Some(&account), &operators_event(action, &member)).await;
            recorded.map_err(InternalError::from)?;
        }
        transaction.commit().await.map_err(InternalError::from)?;
        Ok(member)
    }
}
