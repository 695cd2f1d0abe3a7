//! The form draft: the values of a form that was refused without a script. The browser keeps them for a minute, so that the
//! visitor does not have to type them again. The draft never contains a password.

use super::cookies;
use crate::wire::form_draft::FormDraft;
use axum::http::request::Parts;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

const COOKIE: &str = "__Host-claviger-draft";
const SECONDS: u32 = 60;
/// The maximum length of one field, in bytes. It is longer than any accepted value, and all fields together fit into a cookie.
const LONGEST: usize = 600;

/// Keeps the fields of a refused form in the cookie.
pub(crate) fn keep(draft: &FormDraft) {
    cookies::set(COOKIE, &encode(draft), Some(SECONDS));
}

/// The kept fields. They are empty if there is no draft.
pub(crate) fn read(parts: &Parts) -> FormDraft {
    cookies::read(parts, COOKIE).and_then(|text| decode(&text)).unwrap_or_default()
}

fn encode(draft: &FormDraft) -> String {
    [&draft.organisation, &draft.name, &draft.email]
        .map(|field| URL_SAFE_NO_PAD.encode(&field[..field.floor_char_boundary(LONGEST)]))
        .join(".")
}

fn decode(text: &str) -> Option<FormDraft> {
    let mut fields = text.split('.').map(|field| String::from_utf8(URL_SAFE_NO_PAD.decode(field).ok()?).ok());
    let mut next = || fields.next().flatten();
    Some(FormDraft { organisation: next()?, name: next()?, email: next()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_read_back_as_it_was_typed() {
        let draft = FormDraft {
            organisation: "Söhne; Path=/, \"&\"".to_owned(),
            name: String::new(),
            email: "ada".to_owned(),
        };
        assert_eq!(decode(&encode(&draft)), Some(draft));
    }

    #[test]
    fn a_draft_of_any_length_fits_into_a_cookie() {
        let long = "ö".repeat(10_000);
        let draft = FormDraft { organisation: long.clone(), name: long.clone(), email: long };
        assert!(encode(&draft).len() < 4096 - 200);
    }

    #[test]
    fn what_is_no_draft_is_ignored() {
        for text in ["", "YQ", "YQ.YQ", "YQ.%.YQ", "_w._w._w"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
