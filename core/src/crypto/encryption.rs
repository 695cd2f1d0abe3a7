//! Envelopes: keys encrypted so that they can be viewed again. It must not know where envelopes are stored, nor
//! who may decrypt them.

use crate::{
    domain::{
        account::AccountId,
        credential::{CredentialId, CredentialKind, Generation},
    },
    random::{NoRandomness, Random, bytes},
};
use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::SecretString;
use zeroize::Zeroizing;

/// The version of the format that this release writes. The first byte of an envelope is its version; a later format
/// needs the next number.
const VERSION: u8 = 1;
const NONCE_LENGTH: usize = 12;
const TAG_LENGTH: usize = 16;

/// The data key of one account: it encrypts the account's credentials.
pub(crate) struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// Makes a new data key.
    ///
    /// # Errors
    /// [`NoRandomness`] if the random source fails.
    pub(crate) fn generate(random: &dyn Random) -> Result<Self, NoRandomness> {
        bytes(random).map(Self)
    }

    /// Makes the key from the bytes that the master key has unwrapped.
    pub(crate) const fn from_bytes(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// The bytes of the key, for the master key to wrap.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new((&*self.0).into())
    }
}

crate::opaque_debug!(DataKey);

/// What an envelope belongs to. Decryption succeeds with the same context only, so a row that was moved discloses
/// nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EncryptionContext<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) kind: CredentialKind,
    pub(crate) id: &'a CredentialId,
    pub(crate) generation: Generation,
}

impl EncryptionContext<'_> {
    /// The associated data: what is authenticated besides the text. Each part follows its length, so that two different
    /// contexts never give the same bytes.
    fn associated_data(&self) -> Vec<u8> {
        let generation = self.generation.number().to_be_bytes();
        let parts: [&[u8]; 4] = [
            self.account.as_str().as_bytes(),
            self.kind.as_str().as_bytes(),
            self.id.as_str().as_bytes(),
            &generation,
        ];
        let mut data = vec![VERSION];
        for part in parts {
            data.extend((part.len() as u64).to_be_bytes());
            data.extend(part);
        }
        data
    }
}

/// Why an envelope could not be decrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecryptError {
    /// It is not Base64.
    #[error("the envelope is not Base64")]
    NotBase64,
    /// It is shorter than any envelope.
    #[error("the envelope is too short")]
    Truncated,
    /// Its version is unknown: a later release of Claviger wrote it, or it is damaged.
    #[error("the envelope has the unknown version {0}")]
    Version(u8),
    /// It was changed, belongs to another context, or was encrypted with another key.
    #[error("the envelope was changed, moved, or encrypted with another key")]
    Forged,
    /// The decrypted bytes are not text.
    #[error("the decrypted value is not text")]
    NotText,
}

/// Encrypts the text with AES-256-GCM. The envelope is Base64 of the version, a nonce, and the ciphertext with its tag.
///
/// The nonce is random. NIST SP 800-38D then allows 2³² encryptions with one key, far more than any account has resets.
///
/// # Errors
/// [`NoRandomness`] if the random source fails.
pub(crate) fn encrypt(
    key: &DataKey,
    context: &EncryptionContext<'_>,
    plain: &str,
    random: &dyn Random,
) -> Result<String, NoRandomness> {
    seal_bytes(key, context, plain.as_bytes(), random)
}

fn seal_bytes(
    key: &DataKey,
    context: &EncryptionContext<'_>,
    plain: &[u8],
    random: &dyn Random,
) -> Result<String, NoRandomness> {
    let nonce = bytes::<NONCE_LENGTH>(random)?;
    let payload = Payload { msg: plain, aad: &context.associated_data() };
    // The only other error is a text of 64 GiB. A key is never that long, so this error needs no variant of its own.
    let sealed = key.cipher().encrypt(&Nonce::from(*nonce), payload).map_err(|_| NoRandomness)?;
    Ok(STANDARD.encode([&[VERSION], nonce.as_slice(), &sealed].concat()))
}

/// Decrypts an envelope.
///
/// # Errors
/// Returns why the envelope could not be decrypted.
pub(crate) fn decrypt(
    key: &DataKey,
    context: &EncryptionContext<'_>,
    sealed: &str,
) -> Result<SecretString, DecryptError> {
    let envelope = STANDARD.decode(sealed).map_err(|_| DecryptError::NotBase64)?;
    let (version, rest) = envelope.split_first().ok_or(DecryptError::Truncated)?;
    if *version != VERSION {
        return Err(DecryptError::Version(*version));
    }
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_LENGTH>().ok_or(DecryptError::Truncated)?;
    if ciphertext.len() < TAG_LENGTH {
        return Err(DecryptError::Truncated);
    }
    let payload = Payload { msg: ciphertext, aad: &context.associated_data() };
    let plain = key.cipher().decrypt(&Nonce::from(*nonce), payload).map_err(|_| DecryptError::Forged)?;
    let plain = Zeroizing::new(plain);
    let text = str::from_utf8(&plain).map_err(|_| DecryptError::NotText)?;
    Ok(SecretString::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::Timestamp, random::SystemRandom};
    use proptest::prelude::*;
    use secrecy::ExposeSecret;

    const PLAIN: &str = "clv_api_0123456789ABCDEFGHIJKLMNOPQRSTUVCHECKS";

    struct Row {
        key: DataKey,
        account: AccountId,
        id: CredentialId,
    }

    impl Row {
        fn new() -> Self {
            let now = Timestamp::from_micros(0);
            Self {
                key: DataKey::generate(&SystemRandom).unwrap(),
                account: AccountId::new(now, &SystemRandom).unwrap(),
                id: CredentialId::new(now, &SystemRandom).unwrap(),
            }
        }

        fn context(&self) -> EncryptionContext<'_> {
            let generation = Generation::FIRST;
            EncryptionContext {
                account: &self.account,
                kind: CredentialKind::ApiKey,
                id: &self.id,
                generation,
            }
        }

        fn encrypt(&self, plain: &str) -> String {
            encrypt(&self.key, &self.context(), plain, &SystemRandom).unwrap()
        }

        fn error(&self, sealed: &str) -> DecryptError {
            decrypt(&self.key, &self.context(), sealed).unwrap_err()
        }
    }

    #[test]
    fn nothing_of_the_text_shows_in_the_envelope() {
        let row = Row::new();
        let envelope = STANDARD.decode(row.encrypt(PLAIN)).unwrap();
        assert_eq!(envelope.len(), 1 + NONCE_LENGTH + PLAIN.len() + TAG_LENGTH);
        assert!(!envelope.windows(4).any(|window| PLAIN.as_bytes().windows(4).any(|plain| plain == window)));
    }

    #[test]
    fn the_same_text_is_never_sealed_alike() {
        let row = Row::new();
        assert_ne!(row.encrypt(PLAIN), row.encrypt(PLAIN));
    }

    #[test]
    fn an_envelope_with_any_bit_changed_is_refused() {
        let row = Row::new();
        let envelope = STANDARD.decode(row.encrypt(PLAIN)).unwrap();
        for bit in 0..envelope.len() * 8 {
            let mut changed = envelope.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let expected = if bit < 8 { DecryptError::Version(changed[0]) } else { DecryptError::Forged };
            assert_eq!(row.error(&STANDARD.encode(changed)), expected, "bit {bit}");
        }
    }

    #[test]
    fn a_row_moved_elsewhere_does_not_open() {
        let (row, other) = (Row::new(), Row::new());
        let sealed = row.encrypt(PLAIN);
        let context = row.context();
        for moved in [
            EncryptionContext { account: &other.account, ..context },
            EncryptionContext { kind: CredentialKind::BundleKey, ..context },
            EncryptionContext { id: &other.id, ..context },
            EncryptionContext { generation: Generation::FIRST.next(), ..context },
        ] {
            assert_eq!(decrypt(&row.key, &moved, &sealed).unwrap_err(), DecryptError::Forged, "{moved:?}");
        }
        assert_eq!(decrypt(&other.key, &context, &sealed).unwrap_err(), DecryptError::Forged);
    }

    #[test]
    fn contexts_that_read_the_same_when_joined_stay_apart() {
        let (one, other) = (AccountId::from_stored("ab".to_owned()), AccountId::from_stored("a".to_owned()));
        let row = Row::new();
        let data = |account| EncryptionContext { account, ..row.context() }.associated_data();
        assert_ne!(data(&one), data(&other));
        let first = [data(&one)[0], data(&one)[8], data(&one)[9]];
        assert_eq!(first, [VERSION, 2, b'a']);
    }

    #[test]
    fn an_envelope_cut_off_anywhere_is_refused() {
        let row = Row::new();
        let envelope = STANDARD.decode(row.encrypt(PLAIN)).unwrap();
        for length in 0..envelope.len() {
            let shortest = 1 + NONCE_LENGTH + TAG_LENGTH;
            let expected = if length < shortest { DecryptError::Truncated } else { DecryptError::Forged };
            assert_eq!(row.error(&STANDARD.encode(&envelope[..length])), expected, "{length} bytes");
        }
    }

    #[test]
    fn what_is_no_base64_is_refused() {
        let row = Row::new();
        let sealed = row.encrypt(PLAIN);
        for text in ["*", " ", &sealed[1..], &format!("{sealed}\n")] {
            assert_eq!(row.error(text), DecryptError::NotBase64, "{text:?}");
        }
    }

    #[test]
    fn an_envelope_of_no_text_is_refused() {
        let row = Row::new();
        let sealed = seal_bytes(&row.key, &row.context(), &[0xff], &SystemRandom).unwrap();
        assert_eq!(row.error(&sealed), DecryptError::NotText);
    }

    #[test]
    fn a_data_key_survives_being_exposed() {
        let row = Row::new();
        let sealed = row.encrypt(PLAIN);
        let read = DataKey::from_bytes(Zeroizing::new(*row.key.expose()));
        assert_eq!(decrypt(&read, &row.context(), &sealed).unwrap().expose_secret(), PLAIN);
    }

    proptest! {
        #[test]
        fn what_was_sealed_is_opened(plain in any::<String>()) {
            let row = Row::new();
            let opened = decrypt(&row.key, &row.context(), &row.encrypt(&plain)).unwrap();
            prop_assert_eq!(opened.expose_secret(), plain);
        }

        #[test]
        fn no_text_breaks_the_reader(text in any::<String>(), bytes in any::<Vec<u8>>()) {
            let row = Row::new();
            prop_assert!(decrypt(&row.key, &row.context(), &text).is_err());
            prop_assert!(decrypt(&row.key, &row.context(), &STANDARD.encode(bytes)).is_err());
        }
    }
}
