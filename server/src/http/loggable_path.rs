//! The part of a path that may be logged: never a single-use token, even if the link was changed or encoded on its
//! way. It must not know which tokens are valid.

use axum::{extract::MatchedPath, extract::Request};

/// The pages that links open: `/join/TOKEN`.
pub(super) const LINK_PAGES: [&str; 3] = ["join", "password", "email"];

/// This many consecutive base64url characters count as a token or most of one. A token has 43 characters: with 32
/// known, the rest cannot be guessed; with 40 known, it can.
const TOKEN_LIKE: usize = 32;

/// How often a path is percent-decoded. A path that is encoded more often is not logged at all.
const DECODINGS: usize = 4;

/// The replacement for parts that are left out.
const LEFT_OUT: &str = "…";

/// Returns the path for the log: without the query, and for a route with parameters only its pattern, because both
/// can contain tokens. A path without a route can contain one too: a link with an extra slash, or one that is partly
/// encoded.
pub(super) fn loggable_path(request: &Request) -> String {
    let pattern = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    match pattern.filter(|pattern| pattern.contains('{')) {
        Some(pattern) => pattern.to_owned(),
        None => without_tokens(request.uri().path()),
    }
}

fn without_tokens(path: &str) -> String {
    let Some(decoded) = decoded(path) else { return LEFT_OUT.to_owned() };
    let first = decoded.split(['/', '\\']).find(|segment| !segment.is_empty()).unwrap_or_default();
    if let Some(page) = LINK_PAGES.iter().find(|page| first.to_lowercase().starts_with(**page)) {
        return format!("/{page}/{LEFT_OUT}");
    }
    if runs(&decoded).any(|run| run.len() >= TOKEN_LIKE) { masked(&decoded) } else { path.to_owned() }
}

/// Returns the decoded path, as a reader of the log could decode it; `None` if it is still encoded after `DECODINGS`
/// times.
fn decoded(path: &str) -> Option<String> {
    let mut text = path.to_owned();
    for _ in 0..DECODINGS {
        let once = decode_once(&text);
        if once == text {
            return Some(text);
        }
        text = once;
    }
    None
}

fn decode_once(text: &str) -> String {
    let hexadecimal =
        |digit: Option<&u8>| char::from(*digit?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while let Some(byte) = bytes.get(place) {
        match (*byte, hexadecimal(bytes.get(place + 1)), hexadecimal(bytes.get(place + 2))) {
            (b'%', Some(high), Some(low)) => {
                decoded.push(high * 16 + low);
                place += 3;
            }
            (byte, ..) => {
                decoded.push(byte);
                place += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn is_of_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_')
}

fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character| !is_of_token(character))
}

fn masked(text: &str) -> String {
    let mut left = text.to_owned();
    for run in runs(text).filter(|run| run.len() >= TOKEN_LIKE) {
        left = left.replace(run, LEFT_OUT);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    const TOKEN: &str = "Zm9vYmFyYmF6cXV4-_1234567890abcdefghijklmno";

    fn logged(uri: &str) -> String {
        loggable_path(&Request::builder().uri(uri).body(Body::empty()).unwrap())
    }

    #[test]
    fn the_query_of_a_request_is_not_logged() {
        assert_eq!(logged("/login?next=/credentials"), "/login");
    }

    #[test]
    fn a_path_without_a_token_is_logged_as_it_came() {
        for path in ["/", "/nothing/here", "/caf%C3%A9", "/pkg/claviger.dGhpcyBpcyBhIGhhc2g.js", "/%zz"] {
            assert_eq!(logged(path), path);
        }
    }

    #[test]
    fn a_token_is_masked_wherever_it_stands() {
        assert_eq!(TOKEN.len(), 43);
        assert_eq!(logged(&format!("/password/{TOKEN}/")), "/password/…");
        assert_eq!(logged(&format!("//JOIN//{TOKEN}")), "/join/…");
        assert_eq!(logged(&format!("/%70assword/{TOKEN}")), "/password/…");
        assert_eq!(logged(&format!("/email%2f{TOKEN}")), "/email/…");
        assert_eq!(logged(&format!("/nothing/{TOKEN}.")), "/nothing/….");
        assert_eq!(logged(&format!("/nothing/{}", &TOKEN[..40])), "/nothing/…");
    }

    #[test]
    fn a_token_is_masked_however_often_it_is_encoded() {
        let mut encoded: String = TOKEN.bytes().map(|byte| format!("%{byte:02x}")).collect();
        for _ in 0..8 {
            let path = logged(&format!("/nothing/{encoded}"));
            assert!(["/nothing/…", "…"].contains(&path.as_str()), "{path}");
            encoded = encoded.replace('%', "%25");
        }
    }
}
