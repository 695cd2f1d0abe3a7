//! Message authentication codes: HMAC-SHA-256. It must not know what is authenticated.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// HMAC-SHA-256 (RFC 2104, FIPS 180-4). The key is processed in advance, which halves the work for a short message. The
/// state is wiped when dropped.
#[derive(Clone)]
pub(crate) struct KeyedMac(Hmac<Sha256>);

impl KeyedMac {
    /// Makes the state for this key.
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        // HMAC pads a key with zeros to the block size. With the padding done here, the call below cannot fail because
        // of the key's length.
        let mut block = Zeroizing::new([0; 64]);
        block[..32].copy_from_slice(key);
        Self(Hmac::<Sha256>::new((&*block).into()))
    }

    /// The code of the parts, concatenated.
    pub(crate) fn of(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// The code of a list of texts, in hexadecimal. Each text follows its length, so that two different lists never
    /// give the same bytes.
    pub(crate) fn of_texts(&self, texts: &[&str]) -> String {
        let mut mac = self.0.clone();
        for text in texts {
            mac.update(&(text.len() as u64).to_be_bytes());
            mac.update(text.as_bytes());
        }
        hex::encode(mac.finalize().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_that_of_the_published_test_vectors() {
        // RFC 4231, test cases 1 and 2. Their keys are shorter: zeros after a key change nothing.
        let padded = |key: &[u8]| {
            let mut bytes = [0; 32];
            bytes[..key.len()].copy_from_slice(key);
            bytes
        };
        assert_eq!(
            hex::encode(KeyedMac::new(&padded(&[0x0b; 20])).of(&[b"Hi There"])),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        assert_eq!(
            hex::encode(KeyedMac::new(&padded(b"Jefe")).of(&[b"what do ya want ", b"for nothing?"])),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn texts_that_are_cut_elsewhere_have_another_code() {
        let mac = KeyedMac::new(&[7; 32]);
        assert_eq!(mac.of_texts(&["ab", "c"]), mac.of_texts(&["ab", "c"]));
        for other in [&["a", "bc"] as &[&str], &["abc"], &["ab", "c", ""], &["ab"]] {
            assert_ne!(mac.of_texts(&["ab", "c"]), mac.of_texts(other), "{other:?}");
        }
    }
}
