//! Tokens: random texts that identify a session, a device or a link. It must not know which.

use super::row_mac::RowKey;
use crate::random::{NoRandomness, Random, bytes};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

const BYTES: usize = 32;

/// 256 random bits in base64url without padding: 43 characters that are valid in a cookie and in a URL.
///
/// It is wiped from memory when dropped.
pub struct Token(Zeroizing<String>);

impl Token {
    /// Makes a new token.
    ///
    /// # Errors
    /// [`NoRandomness`] if the random source fails.
    pub fn generate(random: &dyn Random) -> Result<Self, NoRandomness> {
        let bytes = bytes::<BYTES>(random)?;
        Ok(Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()))))
    }

    /// Reads a token exactly as it was issued. Returns `None` if the text cannot be a token.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // The length is checked first, so that a text of megabytes causes no work.
        if text.len() != base64::encoded_len(BYTES, false)? {
            return None;
        }
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        (bytes.len() == BYTES).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The token in plain text, for the cookie or the link.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The stored hash of the token: HMAC-SHA-256 of its SHA-256, in hexadecimal.
    ///
    /// A fast hash is secure for a token, but would not be for a password: an attacker cannot try 2²⁵⁶ tokens, and
    /// every request needs a look-up by hash. Because of the key, an attacker who can write to the database cannot
    /// store a token of their own. Releases before 0.2 stored the inner SHA-256; hashing it again allowed their rows to
    /// be migrated.
    #[must_use]
    pub(crate) fn hash(&self, key: &RowKey) -> String {
        key.token_hash(&hex::encode(Sha256::digest(self.0.as_bytes())))
    }
}

crate::opaque_debug!(Token);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    fn key() -> RowKey {
        RowKey::from_bytes(&Zeroizing::new([1; 32]))
    }

    #[test]
    fn a_token_is_read_back() {
        let token = Token::generate(&SystemRandom).unwrap();
        assert_eq!(token.expose().len(), 43);
        let read = Token::parse(token.expose()).unwrap();
        assert_eq!(read.expose(), token.expose());
        assert_eq!(read.hash(&key()), token.hash(&key()));
    }

    #[test]
    fn two_tokens_differ_and_so_do_their_hashes() {
        let (one, other) = (Token::generate(&SystemRandom).unwrap(), Token::generate(&SystemRandom).unwrap());
        assert_ne!(one.expose(), other.expose());
        assert_ne!(one.hash(&key()), other.hash(&key()));
        assert_ne!(one.hash(&key()), one.hash(&RowKey::from_bytes(&Zeroizing::new([2; 32]))));
    }

    #[test]
    fn what_could_never_have_been_a_token_is_none() {
        let valid = "A".repeat(43);
        assert!(Token::parse(&valid).is_some());
        let long = format!("{valid}A");
        let padded = format!("{valid}=");
        let standard = format!("+{}", &valid[1..]);
        // The last character has two unused bits. They must be zero, so that each token has one text only.
        let overfull = format!("{}B", &valid[1..]);
        let accented = format!("é{}", &valid[2..]);
        for text in
            ["", &valid[1..], &long, &padded, &standard, &overfull, &accented, &valid.replace('A', " ")]
        {
            assert!(Token::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_hash_is_that_of_the_text() {
        // printf 'A%.0s' $(seq 43) | sha256sum
        let sha256 = "0f007385b6f9d4b7eeb2748605afe1a984a0a3bfa3f014d09e2a784ce9e5cd1a";
        assert_eq!(Token::parse(&"A".repeat(43)).unwrap().hash(&key()), key().token_hash(sha256));
    }
}
