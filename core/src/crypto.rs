//! Cryptography: keys, encryption, digests and MACs. It must not know where any of it is stored.

pub(crate) mod encryption;
pub(crate) mod key_digest;
pub(crate) mod mac;
pub mod master_key;
pub(crate) mod row_mac;
pub mod token;
