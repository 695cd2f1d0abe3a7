//! What `Debug` prints of the types that hold a secret: their names.

use crate::{
    audit::AuditKey,
    authentication::session::BrowserTokens,
    credential_key::{CredentialKey, KeyPrefix},
    crypto::{
        encryption::DataKey,
        key_digest::{KeyDigest, Pepper},
        master_key::MasterKey,
        row_mac::RowKey,
        token::Token,
    },
    domain::credential::CredentialKind,
    password::{NewPassword, PasswordAttempt, PasswordHash, PasswordSecret},
    random::SystemRandom,
    use_cases::sign_up::SignUpForm,
    verification::Presented,
};
use std::{fmt::Debug, net::Ipv4Addr};
use zeroize::Zeroizing;

const PASSWORD: &str = "violet cabin rapid moss 12";

fn bytes() -> Zeroizing<[u8; 32]> {
    Zeroizing::new([0xab; 32])
}

#[test]
fn of_a_secret_only_the_name_of_its_type_is_printed() {
    let key = CredentialKey::generate(&KeyPrefix::default(), CredentialKind::ApiKey, &SystemRandom).unwrap();
    let pepper = Pepper::from_bytes(&bytes());
    let digest = KeyDigest::of(&pepper, &key);
    let form = SignUpForm { organisation: "Acme", name: "Ada", email: "ada@example.org", password: PASSWORD };
    let presented = Presented {
        api_key: Some(key.expose()),
        bundle_key: None,
        service: None,
        address: Ipv4Addr::LOCALHOST.into(),
    };
    let secrets: [(&str, &dyn Debug); 15] = [
        ("CredentialKey", &key),
        ("Pepper", &pepper),
        ("KeyDigest", &digest),
        ("DataKey", &DataKey::from_bytes(bytes())),
        ("MasterKey", &MasterKey::generate(&SystemRandom).unwrap()),
        ("Token", &Token::generate(&SystemRandom).unwrap()),
        ("RowKey", &RowKey::from_bytes(&bytes())),
        ("AuditKey", &AuditKey::from_bytes(&bytes())),
        ("NewPassword", &NewPassword::parse(PASSWORD).unwrap()),
        ("PasswordAttempt", &PasswordAttempt::new(PASSWORD)),
        ("PasswordHash", &PasswordHash::from_stored("$argon2id$".to_owned())),
        ("PasswordSecret", &PasswordSecret::from_bytes(bytes())),
        ("BrowserTokens", &BrowserTokens { session: Some("token"), device: None }),
        ("SignUpForm", &form),
        ("Presented", &presented),
    ];
    for (name, secret) in secrets {
        assert_eq!(format!("{secret:?}"), name);
        assert_eq!(format!("{secret:#?}"), name);
    }
}
