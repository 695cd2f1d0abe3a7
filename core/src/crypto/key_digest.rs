//! Key digests: the stored values that recognise a key in a request. It must not know how to get the key back.

use super::mac::KeyedMac;
use crate::credential_key::CredentialKey;
use std::hash::{Hash, Hasher};
use zeroize::Zeroizing;

/// The pepper: the secret key of all digests. The database holds it only wrapped, so an attacker with a copy of the
/// database cannot even confirm a key that was found elsewhere.
pub(crate) struct Pepper(KeyedMac);

impl Pepper {
    /// Makes the pepper from the bytes that the master key has unwrapped.
    pub(crate) fn from_bytes(bytes: &Zeroizing<[u8; 32]>) -> Self {
        Self(KeyedMac::new(bytes))
    }

    /// A keyed hash to store in place of text that must not be stored, such as an unknown e-mail address that somebody
    /// tried to sign in with.
    pub(crate) fn pseudonym(&self, text: &str) -> String {
        // No key begins with this prefix, so a pseudonym never equals a digest.
        hex::encode(self.0.of(&[b"pseudonym:", text.as_bytes()]))
    }
}

crate::opaque_debug!(Pepper);

/// HMAC-SHA-256 of the whole text of a key, with the pepper as its key. Equal keys have equal digests, so an index can
/// find a key. The comparison needs no constant time, because an attacker cannot choose digests.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct KeyDigest([u8; 32]);

impl KeyDigest {
    /// The digest of this key.
    pub(crate) fn of(pepper: &Pepper, key: &CredentialKey) -> Self {
        Self::of_text(pepper, key.expose())
    }

    /// The digest of any text, valid key or not, so that refusing a malformed key takes as long as refusing an unknown
    /// one.
    pub(crate) fn of_text(pepper: &Pepper, text: &str) -> Self {
        Self(pepper.0.of(&[text.as_bytes()]))
    }

    /// Reads a digest from its column. Returns `None` if the column holds anything else, upper-case digits included,
    /// because [`Self::to_hex`] never writes them.
    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        let digest = Self(bytes);
        (digest.to_hex() == text).then_some(digest)
    }

    /// The digest to use if the stored one cannot be read. No key has it.
    pub(crate) const fn of_nothing() -> Self {
        Self([0; 32])
    }

    #[cfg(test)]
    pub(crate) const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The digest as its column holds it.
    pub(crate) fn to_hex(&self) -> String {
        hex::encode(self.0)
    }
}

/// Hashes the bytes only, without a length.
impl Hash for KeyDigest {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(&self.0);
    }
}

crate::opaque_debug!(KeyDigest);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{credential_key::KeyPrefix, domain::credential::CredentialKind, random::SystemRandom};

    fn pepper(byte: u8) -> Pepper {
        Pepper::from_bytes(&Zeroizing::new([byte; 32]))
    }

    fn key() -> CredentialKey {
        CredentialKey::generate(&KeyPrefix::default(), CredentialKind::ApiKey, &SystemRandom).unwrap()
    }

    #[test]
    fn a_key_is_recognised_by_its_verifier() {
        let key = key();
        let read = CredentialKey::parse(key.expose(), &KeyPrefix::default()).unwrap();
        assert_eq!(KeyDigest::of(&pepper(1), &read).to_hex(), KeyDigest::of(&pepper(1), &key).to_hex());
        let written = KeyDigest::of(&pepper(1), &key).to_hex();
        assert_eq!(written.len(), 64);
        assert!(KeyDigest::from_hex(&written) == Some(KeyDigest::of(&pepper(1), &key)));
    }

    #[test]
    fn nothing_but_64_lower_case_digits_is_a_digest() {
        let written = KeyDigest::from_bytes([0xab; 32]).to_hex();
        assert!(KeyDigest::from_hex(&written).is_some());
        let (short, long) = (&written[2..], format!("{written}ab"));
        for text in [
            "",
            "x",
            short,
            &long,
            &format!("{written}0"),
            &written.to_uppercase(),
            &"g".repeat(64),
            &"é".repeat(32),
        ] {
            assert!(KeyDigest::from_hex(text).is_none(), "{text}");
        }
    }

    #[test]
    fn another_key_or_another_pepper_makes_another_verifier() {
        let key = key();
        let digest = KeyDigest::of(&pepper(1), &key).to_hex();
        assert_ne!(digest, KeyDigest::of(&pepper(2), &key).to_hex());
        assert_ne!(digest, KeyDigest::of(&pepper(1), &self::key()).to_hex());
    }

    #[test]
    fn a_pseudonym_is_the_same_for_the_same_text_only() {
        let pseudonym = pepper(1).pseudonym("ada@example.org");
        assert_eq!(pseudonym, pepper(1).pseudonym("ada@example.org"));
        assert_ne!(pseudonym, pepper(1).pseudonym("bob@example.org"));
        assert_ne!(pseudonym, pepper(2).pseudonym("ada@example.org"));
    }
}
