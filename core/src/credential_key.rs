//! The format of keys: how Claviger makes, reads and recognises them. It must not know accounts or storage.

mod base62;
mod prefix;

pub use prefix::{KeyPrefix, KeyPrefixError};

use crate::{
    domain::credential::CredentialKind,
    random::{NoRandomness, Random},
};
use base62::{CHECKSUM_LENGTH, checksum, is_base62, random_text};
use zeroize::Zeroizing;

/// 32 characters from an alphabet of 62: 190 bits, too many to guess.
const RANDOM_LENGTH: usize = 32;

/// How many characters at the end of a masked key are shown.
const HINT_LENGTH: usize = 4;

/// An API key or a bundle key in plain text: `clv_api_`, 32 random characters, and the CRC-32 of all these characters
/// as 6 more characters.
///
/// It is wiped from memory when dropped.
pub struct CredentialKey {
    kind: CredentialKind,
    text: Zeroizing<String>,
}

/// Why a text is not a key of this installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It does not start with the prefix and an underscore.
    #[error("does not start with the prefix")]
    Prefix,
    /// The word after the prefix is neither `api_` nor `bdl_`.
    #[error("does not name a kind of key")]
    Kind,
    /// More or fewer than 38 characters follow the kind: some are missing or doubled.
    #[error("has the wrong length")]
    Length,
    /// It contains a character other than letters and digits.
    #[error("contains characters other than letters and digits")]
    Alphabet,
    /// A character is wrong or in the wrong place.
    #[error("was mistyped: the checksum does not match")]
    Checksum,
}

impl CredentialKey {
    /// Makes a new key.
    ///
    /// # Errors
    /// [`NoRandomness`] if the random source fails.
    pub fn generate(
        key_prefix: &KeyPrefix,
        kind: CredentialKind,
        random: &dyn Random,
    ) -> Result<Self, NoRandomness> {
        let prefix = prefix(key_prefix, kind);
        // Allocated at its full size, because a string that grows leaves copies in memory.
        let mut text = Zeroizing::new(String::with_capacity(prefix.len() + RANDOM_LENGTH + CHECKSUM_LENGTH));
        text.push_str(&prefix);
        text.push_str(&random_text(RANDOM_LENGTH, random)?);
        let checksum = checksum(&text);
        text.extend(checksum);
        Ok(Self { kind, text })
    }

    /// Reads a key exactly as it was issued: no spaces around it, no change of case.
    ///
    /// A key with one character changed, lost, doubled, or swapped with its neighbour is always refused. The one
    /// exception: swapping the last random character with the first character of the checksum goes undetected with
    /// probability 1 in 2³².
    ///
    /// # Errors
    /// The first error found, in the order of the variants.
    pub fn parse(text: &str, key_prefix: &KeyPrefix) -> Result<Self, KeyError> {
        let unbranded = text.strip_prefix(key_prefix.as_str()).and_then(|rest| rest.strip_prefix('_'));
        let kind = parse_kind(text, unbranded.ok_or(KeyError::Prefix)?)?;
        Ok(Self { kind, text: Zeroizing::new(text.to_owned()) })
    }

    /// Reads a key with any prefix: a key made before the operator chose another prefix stays valid.
    ///
    /// # Errors
    /// The same errors as [`CredentialKey::parse`].
    pub fn parse_any_prefix(text: &str) -> Result<Self, KeyError> {
        let kind = Self::recognise(text)?;
        Ok(Self { kind, text: Zeroizing::new(text.to_owned()) })
    }

    /// Tells the kind of a key with any prefix, without copying the text.
    ///
    /// # Errors
    /// The same errors as [`CredentialKey::parse`].
    pub fn recognise(text: &str) -> Result<CredentialKind, KeyError> {
        let (key_prefix, unbranded) = text.split_once('_').ok_or(KeyError::Prefix)?;
        KeyPrefix::check(key_prefix).map_err(|_| KeyError::Prefix)?;
        parse_kind(text, unbranded)
    }

    /// The key in plain text, for showing it, encrypting it, and computing its digest.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The kind of the key.
    #[must_use]
    pub const fn kind(&self) -> CredentialKind {
        self.kind
    }

    /// The last four characters, by which people tell masked keys apart. They belong to the checksum, so about 166 of
    /// the 190 bits stay unknown.
    #[must_use]
    pub fn hint(&self) -> String {
        self.text[self.text.len() - HINT_LENGTH..].to_owned()
    }
}

/// Checks a key and returns its kind. `text` is the whole key; `unbranded` is the part after the prefix.
fn parse_kind(text: &str, unbranded: &str) -> Result<CredentialKind, KeyError> {
    let (kind, characters) = CredentialKind::ALL
        .into_iter()
        .find_map(|kind| Some((kind, unbranded.strip_prefix(word(kind))?.strip_prefix('_')?)))
        .ok_or(KeyError::Kind)?;
    if characters.chars().count() != RANDOM_LENGTH + CHECKSUM_LENGTH {
        return Err(KeyError::Length);
    }
    if !characters.chars().all(is_base62) {
        return Err(KeyError::Alphabet);
    }
    // All characters are ASCII here, so byte positions are character positions.
    let (checked, found) = text.split_at(text.len() - CHECKSUM_LENGTH);
    if checksum(checked).into_iter().eq(found.chars()) { Ok(kind) } else { Err(KeyError::Checksum) }
}

crate::opaque_debug!(CredentialKey);

/// A key as it is shown without a password: `clv_api_••••••••abcd`. It always has eight dots, whatever the length of
/// the key.
#[must_use]
pub fn mask(key_prefix: &KeyPrefix, kind: CredentialKind, hint: &str) -> String {
    format!("{}••••••••{hint}", prefix(key_prefix, kind))
}

fn prefix(key_prefix: &KeyPrefix, kind: CredentialKind) -> String {
    format!("{key_prefix}_{}_", word(kind))
}

/// The word in a key that names its kind.
const fn word(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::ApiKey => "api",
        CredentialKind::BundleKey => "bdl",
    }
}

#[cfg(test)]
mod tests;
