//! The secret that passwords are hashed with, and the owner that a hash is bound to. Without the master key, an
//! attacker who can write to the database can neither store a hash of a password they know, nor move a hash to another
//! member.

use crate::{
    crypto::mac::KeyedMac,
    domain::{account::AccountId, member::MemberId},
};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Marks a hash that a release before 0.2 stored, without the secret. It counts only with the MAC that the upgrade
/// added.
const LEGACY: &str = "legacy:";

/// argon2's secret (RFC 9106, section 3.1: "secret value K"). The master key wraps it.
pub(crate) struct PasswordSecret {
    secret: Zeroizing<[u8; 32]>,
    legacy: KeyedMac,
}

crate::opaque_debug!(PasswordSecret);

impl PasswordSecret {
    /// Makes the secret from the bytes that the master key has unwrapped.
    pub(crate) fn from_bytes(secret: Zeroizing<[u8; 32]>) -> Self {
        // A separate key, because argon2 gets the secret itself.
        let legacy = Zeroizing::new(KeyedMac::new(&secret).of(&[b"MAC of password hashes without a secret"]));
        Self { legacy: KeyedMac::new(&legacy), secret }
    }

    pub(super) fn expose(&self) -> &[u8] {
        &*self.secret
    }

    /// The text that the upgrade stores in place of a hash without the secret: the hash with its MAC.
    pub(crate) fn bind_legacy(&self, account: &AccountId, member: &MemberId, hash: &str) -> String {
        format!("{LEGACY}{}:{hash}", self.legacy_mac(account, member, hash))
    }

    /// Returns the hash without the secret, if the stored text holds one and its MAC is valid for this member.
    pub(super) fn legacy<'a>(
        &self,
        account: &AccountId,
        member: &MemberId,
        stored: &'a str,
    ) -> Option<&'a str> {
        let (mac, hash) = stored.strip_prefix(LEGACY)?.split_once(':')?;
        let expected = self.legacy_mac(account, member, hash);
        bool::from(expected.as_bytes().ct_eq(mac.as_bytes())).then_some(hash)
    }

    fn legacy_mac(&self, account: &AccountId, member: &MemberId, hash: &str) -> String {
        self.legacy.of_texts(&["legacy password hash", account.as_str(), member.as_str(), hash])
    }
}

/// The member whose password is hashed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PasswordOwner<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) member: &'a MemberId,
}

impl PasswordOwner<'_> {
    /// argon2's associated data (RFC 9106, section 3.1: "associated data X"), which is at most 32 bytes long. It is
    /// computed from the row at each check, never read from the stored hash: a hash that was moved to another member
    /// matches no password.
    pub(super) fn associated_data(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        for part in [self.account.as_str(), self.member.as_str()] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        digest.finalize().into()
    }
}
