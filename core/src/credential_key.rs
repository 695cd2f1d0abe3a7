//! The format of keys: how one is made, read and recognised. It must not know accounts or storage.

mod base62;
mod prefix;

pub use prefix::{KeyPrefix, KeyPrefixError};

use crate::{
    domain::credential::CredentialKind,
    random::{NoRandomness, Random},
};
use base62::{CHECKSUM_LENGTH, checksum, is_base62, random_text};
use zeroize::Zeroizing;

/// 32 characters of 62 kinds: 190 bits that nobody can guess.
const RANDOM_LENGTH: usize = 32;

/// How many characters at the end are shown of a masked key.
const HINT_LENGTH: usize = 4;

/// An API key or a bundle key in plain text: `clv_api_`, 32 random characters, and 6 that are the CRC-32 of
/// all that stands before.
///
/// It is wiped from memory when dropped.
pub struct CredentialKey {
    kind: CredentialKind,
    text: Zeroizing<String>,
}

/// Why a text is no key of this installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It does not start with the prefix and an underscore.
    #[error("does not start with the prefix")]
    Prefix,
    /// Behind the prefix stands neither `api_` nor `bdl_`.
    #[error("names no kind of key")]
    Kind,
    /// Behind the kind stand more or fewer than 38 characters: some are lost or doubled.
    #[error("has the wrong length")]
    Length,
    /// Something else than letters and digits.
    #[error("contains something else than letters and digits")]
    Alphabet,
    /// A character is wrong or in the wrong place.
    #[error("was mistyped: the checksum does not match")]
    Checksum,
}

impl CredentialKey {
    /// A new key.
    ///
    /// # Errors
    /// [`NoRandomness`] where there is none.
    pub fn generate(
        key_prefix: &KeyPrefix,
        kind: CredentialKind,
        random: &dyn Random,
    ) -> Result<Self, NoRandomness> {
        let prefix = prefix(key_prefix, kind);
        // With room for all of it from the start, because text that grows leaves copies behind.
        let mut text = Zeroizing::new(String::with_capacity(prefix.len() + RANDOM_LENGTH + CHECKSUM_LENGTH));
        text.push_str(&prefix);
        text.push_str(&random_text(RANDOM_LENGTH, random)?);
        let checksum = checksum(&text);
        text.extend(checksum);
        Ok(Self { kind, text })
    }

    /// Reads a key exactly as it was issued: no spaces around it, no other case.
    ///
    /// Every key with one character changed, lost, doubled, or swapped with its neighbour is refused. That is
    /// certain, except for the swap of the last random character with the first of the checksum, which one
    /// time in 2³² passes.
    ///
    /// # Errors
    /// The first thing that is wrong, in the order of the variants.
    pub fn parse(text: &str, key_prefix: &KeyPrefix) -> Result<Self, KeyError> {
        let unbranded = text.strip_prefix(key_prefix.as_str()).and_then(|rest| rest.strip_prefix('_'));
        let kind = parse_kind(text, unbranded.ok_or(KeyError::Prefix)?)?;
        Ok(Self { kind, text: Zeroizing::new(text.to_owned()) })
    }

    /// Reads a key of whatever prefix: one made before the operator chose another prefix stays good.
    ///
    /// # Errors
    /// As [`CredentialKey::parse`].
    pub fn parse_any_prefix(text: &str) -> Result<Self, KeyError> {
        let kind = Self::recognise(text)?;
        Ok(Self { kind, text: Zeroizing::new(text.to_owned()) })
    }

    /// Which kind of key a text is, of whatever prefix, without making a copy of it.
    ///
    /// # Errors
    /// As [`CredentialKey::parse`].
    pub fn recognise(text: &str) -> Result<CredentialKind, KeyError> {
        let (key_prefix, unbranded) = text.split_once('_').ok_or(KeyError::Prefix)?;
        KeyPrefix::check(key_prefix).map_err(|_| KeyError::Prefix)?;
        parse_kind(text, unbranded)
    }

    /// The key in plain text, for showing it, sealing it, and computing its digest.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Which of the two it is.
    #[must_use]
    pub const fn kind(&self) -> CredentialKind {
        self.kind
    }

    /// Its last four characters, by which people tell masked keys apart. They are of the checksum, so that
    /// some 166 of the 190 bits stay unknown.
    #[must_use]
    pub fn hint(&self) -> String {
        self.text[self.text.len() - HINT_LENGTH..].to_owned()
    }
}

/// The kind of a key, of which the part behind the prefix is given, too.
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
    // All of it is ASCII by now, so bytes are characters.
    let (checked, found) = text.split_at(text.len() - CHECKSUM_LENGTH);
    if checksum(checked).into_iter().eq(found.chars()) { Ok(kind) } else { Err(KeyError::Checksum) }
}

crate::opaque_debug!(CredentialKey);

/// A key as it is shown to those who did not ask for it: `clv_api_••••••••abcd`. The number of dots says
/// nothing.
#[must_use]
pub fn mask(key_prefix: &KeyPrefix, kind: CredentialKind, hint: &str) -> String {
    format!("{}••••••••{hint}", prefix(key_prefix, kind))
}

fn prefix(key_prefix: &KeyPrefix, kind: CredentialKind) -> String {
    format!("{key_prefix}_{}_", word(kind))
}

/// The word for the kind in a key.
const fn word(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::ApiKey => "api",
        CredentialKind::BundleKey => "bdl",
    }
}

#[cfg(test)]
mod tests;
