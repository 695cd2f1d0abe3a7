//! Tokens: random texts that stand for a session or an invitation. It must not know which.

use super::row_mac::RowKey;
use crate::random::{NoRandomness, Random, bytes};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

const BYTES: usize = 32;

/// 256 random bits in base64url without padding: 43 characters that fit into a cookie and into an address.
///
/// It is wiped from memory when dropped.
pub struct Token(Zeroizing<String>);

impl Token {
    /// A new token.
    ///
    /// # Errors
    /// [`NoRandomness`] where there is none.
    pub fn generate(random: &dyn Random) -> Result<Self, NoRandomness> {
        let bytes = bytes::<BYTES>(random)?;
        Ok(Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()))))
    }

    /// Reads a token exactly as it was issued; none where the text could never have been one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // The length first: whoever sends a text of megabytes gets no work done on it.
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

    /// What is stored of the token: HMAC-SHA-256 of its SHA-256, in hexadecimal.
    ///
    /// A fast hash is right here, as it would not be for a password: nobody can try 2²⁵⁶ tokens, and a look-up by hash is
    /// needed at each request. The key keeps those who can write to the database from storing a token of their own making.
    /// The SHA-256 inside is what releases before 0.2 stored, so that their rows could be carried over.
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
        // The last character holds two bits of nothing, which must be zero: there is one text for each token.
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
