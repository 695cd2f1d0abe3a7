//! Row MACs: a row of the database counts only if it carries its MAC. Without the master key, an attacker who can write
//! to the database can neither forge such a row nor move one to another account or member. It must not know where rows
//! are stored.

use super::{key_digest::KeyDigest, mac::KeyedMac};
use crate::{
    clock::Timestamp,
    domain::{
        account::AccountId,
        credential::{CredentialKind, Generation},
        invitation::InvitationId,
        member::MemberId,
        session::SessionId,
    },
};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The key of the row MACs, and of the token hashes.
pub(crate) struct RowKey(KeyedMac);

crate::opaque_debug!(RowKey);

/// A row that an attacker would gain from forging, with every column that the MAC protects.
#[derive(Clone, Copy)]
pub(crate) enum Row<'a> {
    /// One generation of a key, with the columns that verification relies on.
    Credential {
        account: &'a AccountId,
        kind: CredentialKind,
        generation: Generation,
        digest: &'a KeyDigest,
        retired_at: Option<Timestamp>,
    },
    /// A session with one of its token hashes.
    Session { id: &'a SessionId, account: &'a AccountId, member: &'a MemberId, token_hash: &'a str },
    /// An invitation into an account.
    Invitation {
        id: &'a InvitationId,
        account: &'a AccountId,
        email: &'a str,
        invited_by: &'a MemberId,
        expires_at: Timestamp,
        token_hash: &'a str,
    },
    /// A link that lets a member choose a password.
    PasswordLink {
        account: &'a AccountId,
        member: &'a MemberId,
        made_by: Option<&'a MemberId>,
        expires_at: Timestamp,
        token_hash: &'a str,
    },
    /// An e-mail address that a member wants to change to.
    EmailChange {
        account: &'a AccountId,
        member: &'a MemberId,
        email: &'a str,
        expires_at: Timestamp,
        token_hash: &'a str,
    },
}

impl RowKey {
    /// Makes the key from the bytes that the master key has unwrapped.
    pub(crate) fn from_bytes(bytes: &Zeroizing<[u8; 32]>) -> Self {
        Self(KeyedMac::new(bytes))
    }

    /// The stored hash that finds a token, computed from the token's SHA-256 in hexadecimal.
    pub(crate) fn token_hash(&self, sha256: &str) -> String {
        self.0.of_texts(&["token", sha256])
    }

    /// The MAC of a row.
    pub(crate) fn mac(&self, row: &Row<'_>) -> String {
        let moment = |at: Timestamp| at.as_micros().to_string();
        match *row {
            Row::Credential { account, kind, generation, digest, retired_at } => self.0.of_texts(&[
                "credential",
                account.as_str(),
                kind.as_str(),
                &generation.number().to_string(),
                &digest.to_hex(),
                &retired_at.map(moment).unwrap_or_default(),
            ]),
            Row::Session { id, account, member, token_hash } => {
                self.0.of_texts(&["session", id.as_str(), account.as_str(), member.as_str(), token_hash])
            }
            Row::Invitation { id, account, email, invited_by, expires_at, token_hash } => self.0.of_texts(&[
                "invitation",
                id.as_str(),
                account.as_str(),
                email,
                invited_by.as_str(),
                &moment(expires_at),
                token_hash,
            ]),
            Row::PasswordLink { account, member, made_by, expires_at, token_hash } => self.0.of_texts(&[
                "password_link",
                account.as_str(),
                member.as_str(),
                made_by.map_or("", MemberId::as_str),
                &moment(expires_at),
                token_hash,
            ]),
            Row::EmailChange { account, member, email, expires_at, token_hash } => self.0.of_texts(&[
                "email_change",
                account.as_str(),
                member.as_str(),
                email,
                &moment(expires_at),
                token_hash,
            ]),
        }
    }

    /// Whether the row carries the right MAC.
    pub(crate) fn holds(&self, row: &Row<'_>, mac: &str) -> bool {
        self.mac(row).as_bytes().ct_eq(mac.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_000_000);

    fn key(byte: u8) -> RowKey {
        RowKey::from_bytes(&Zeroizing::new([byte; 32]))
    }

    #[test]
    fn every_part_of_a_credential_counts() {
        let (acme, other) = (AccountId::parse("acme").unwrap(), AccountId::parse("other").unwrap());
        let (digest, another) = (KeyDigest::from_bytes([1; 32]), KeyDigest::from_bytes([2; 32]));
        let row = |account, kind, generation, digest, retired_at| {
            let generation = Generation::new(generation);
            Row::Credential { account, kind, generation, digest, retired_at }
        };
        let right = row(&acme, CredentialKind::ApiKey, 1, &digest, None);
        let mac = key(1).mac(&right);
        assert!(key(1).holds(&right, &mac));
        assert!(!key(2).holds(&right, &mac));
        for changed in [
            row(&other, CredentialKind::ApiKey, 1, &digest, None),
            row(&acme, CredentialKind::BundleKey, 1, &digest, None),
            row(&acme, CredentialKind::ApiKey, 2, &digest, None),
            row(&acme, CredentialKind::ApiKey, 1, &another, None),
            row(&acme, CredentialKind::ApiKey, 1, &digest, Some(NOW)),
        ] {
            assert!(!key(1).holds(&changed, &mac));
        }
        for forged in ["", "0", &mac[1..], &mac.to_uppercase()] {
            assert!(!key(1).holds(&right, forged));
        }
    }

    #[test]
    fn the_mac_of_one_kind_of_row_is_not_that_of_another() {
        let account = AccountId::parse("acme").unwrap();
        let (ada, bob) = (MemberId::parse("ada").unwrap(), MemberId::parse("bob").unwrap());
        let link = |member, made_by| Row::PasswordLink {
            account: &account,
            member,
            made_by,
            expires_at: NOW,
            token_hash: "aa",
        };
        let change = Row::EmailChange {
            account: &account,
            member: &ada,
            email: "",
            expires_at: NOW,
            token_hash: "aa",
        };
        let mac = key(1).mac(&link(&ada, None));
        assert!(key(1).holds(&link(&ada, None), &mac));
        assert!(!key(1).holds(&change, &mac));
        assert!(!key(1).holds(&link(&bob, None), &mac));
        assert!(!key(1).holds(&link(&ada, Some(&bob)), &mac));
    }
}
