//! Properties of every key. It must not know how the checksum works.

use super::*;
use crate::random::SystemRandom;
use proptest::{prelude::*, sample::Index};

/// A key with the default prefix. Its checksum is replaced in `example`.
const EXAMPLE: &str = "clv_api_0123456789ABCDEFGHIJKLMNOPQRSTUVCHECKS";

fn example() -> String {
    let checked = &EXAMPLE[..EXAMPLE.len() - CHECKSUM_LENGTH];
    checked.chars().chain(checksum(checked)).collect()
}

fn parse(text: &str) -> Result<CredentialKey, KeyError> {
    CredentialKey::parse(text, &KeyPrefix::default())
}

fn error(text: &str) -> KeyError {
    parse(text).unwrap_err()
}

fn any_kind() -> impl Strategy<Value = CredentialKind> {
    prop::sample::select(CredentialKind::ALL.to_vec())
}

/// A valid key. It uses the random source of the machine, because no edit depends on the key's value.
fn any_key() -> impl Strategy<Value = Vec<char>> {
    any_kind().prop_map(|kind| {
        CredentialKey::generate(&KeyPrefix::default(), kind, &SystemRandom)
            .unwrap()
            .expose()
            .chars()
            .collect()
    })
}

fn refused(characters: &[char]) -> bool {
    parse(&characters.iter().collect::<String>()).is_err()
}

#[test]
fn a_key_says_what_it_is() {
    for (kind, start) in [(CredentialKind::ApiKey, "clv_api_"), (CredentialKind::BundleKey, "clv_bdl_")] {
        let key = CredentialKey::generate(&KeyPrefix::default(), kind, &SystemRandom).unwrap();
        assert!(key.expose().starts_with(start));
        assert_eq!(key.expose().len(), 46);
        assert_eq!(key.kind(), kind);
    }
}

#[test]
fn two_keys_differ() {
    let key =
        || CredentialKey::generate(&KeyPrefix::default(), CredentialKind::ApiKey, &SystemRandom).unwrap();
    assert_ne!(key().expose(), key().expose());
}

#[test]
fn the_example_is_a_key() {
    assert_eq!(parse(&example()).unwrap().kind(), CredentialKind::ApiKey);
}

#[test]
fn a_key_of_another_brand_is_refused() {
    for text in ["", "clv", "clvapi_", "acme_api_", "CLV_api_", " clv_api_"] {
        assert_eq!(error(text), KeyError::Prefix, "{text}");
    }
    assert_eq!(
        CredentialKey::parse(&example(), &KeyPrefix::parse("cl").unwrap()).unwrap_err(),
        KeyError::Prefix
    );
}

#[test]
fn a_key_of_no_kind_is_refused() {
    for text in ["clv_", "clv_api", "clv_API_", "clv_key_", "clv__api_"] {
        assert_eq!(error(text), KeyError::Kind, "{text}");
    }
}

#[test]
fn a_key_with_characters_lost_or_added_is_refused() {
    let key = example();
    for text in ["clv_api_", &key[..45], &format!("{key}0"), &format!("{key}\n"), &format!("{key}{key}")] {
        assert_eq!(error(text), KeyError::Length, "{text:?}");
    }
}

#[test]
fn a_key_of_foreign_characters_is_refused() {
    for foreign in ["-", "_", " ", "é", "٣"] {
        assert_eq!(error(&example().replace('0', foreign)), KeyError::Alphabet, "{foreign}");
    }
}

#[test]
fn a_mistyped_key_is_refused() {
    assert_eq!(error(EXAMPLE), KeyError::Checksum);
    assert_eq!(error(&example().replace("_api_", "_bdl_")), KeyError::Checksum);
}

#[test]
fn a_checksum_written_with_a_number_above_32_bits_is_refused() {
    let key = example();
    for checksum in ["zzzzzz", "4gfFC4"] {
        // 4gfFC4 stands for 2³², which fits into six characters but is not a CRC-32.
        assert_eq!(error(&format!("{}{checksum}", &key[..40])), KeyError::Checksum);
    }
}

#[test]
fn the_hint_is_the_end_of_the_key() {
    let key = parse(&example()).unwrap();
    assert_eq!(key.hint().len(), 4);
    assert!(key.expose().ends_with(&key.hint()));
}

#[test]
fn a_mask_shows_the_kind_and_the_hint_only() {
    assert_eq!(mask(&KeyPrefix::default(), CredentialKind::ApiKey, "abcd"), "clv_api_••••••••abcd");
    assert_eq!(
        mask(&KeyPrefix::parse("acme").unwrap(), CredentialKind::BundleKey, "1234"),
        "acme_bdl_••••••••1234"
    );
}

proptest! {
    #[test]
    fn a_generated_key_is_read_back(key_prefix in "[a-z][a-z0-9]{1,11}", kind in any_kind()) {
        let key_prefix = KeyPrefix::parse(&key_prefix).unwrap();
        let key = CredentialKey::generate(&key_prefix, kind, &SystemRandom).unwrap();
        let read = CredentialKey::parse(key.expose(), &key_prefix).unwrap();
        prop_assert_eq!(read.expose(), key.expose());
        prop_assert_eq!(read.kind(), kind);
    }

    #[test]
    fn a_key_with_one_character_changed_is_refused(
        mut key in any_key(),
        at in any::<Index>(),
        to in prop_oneof![prop::char::range('!', '~'), any::<char>()],
    ) {
        let at = at.index(key.len());
        prop_assume!(key[at] != to);
        key[at] = to;
        prop_assert!(refused(&key));
    }

    #[test]
    fn a_key_with_one_character_too_many_is_refused(
        mut key in any_key(),
        at in any::<Index>(),
        added in prop_oneof![prop::char::range('!', '~'), any::<char>()],
    ) {
        key.insert(at.index(key.len() + 1), added);
        prop_assert!(refused(&key));
    }

    #[test]
    fn a_key_with_one_character_lost_is_refused(mut key in any_key(), at in any::<Index>()) {
        key.remove(at.index(key.len()));
        prop_assert!(refused(&key));
    }

    #[test]
    fn a_key_with_two_neighbours_swapped_is_refused(mut key in any_key(), at in any::<Index>()) {
        let at = at.index(key.len() - 1);
        prop_assume!(key[at] != key[at + 1]);
        key.swap(at, at + 1);
        prop_assert!(refused(&key));
    }

    #[test]
    fn a_key_with_the_case_of_one_letter_changed_is_refused(mut key in any_key(), at in any::<Index>()) {
        let at = at.index(key.len());
        let upper = key[at].to_ascii_uppercase();
        let other = if key[at] == upper { key[at].to_ascii_lowercase() } else { upper };
        prop_assume!(key[at] != other);
        key[at] = other;
        prop_assert!(refused(&key));
    }

    #[test]
    fn no_text_breaks_the_reader(text in "(clv_)?(api_|bdl_)?\\PC{0,50}") {
        let _ = parse(&text);
    }
}
