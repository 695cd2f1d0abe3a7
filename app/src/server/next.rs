//! The page that follows the sign-in: only a path of this installation.

/// Returns the path, if it can be a path of this installation.
///
/// Browsers read `//host` as another host, treat `\` as `/`, drop tabs and line breaks, and resolve `..` and `%2e%2e` first. So
/// the function accepts only plain segments, whatever follows the question mark.
pub(crate) fn local_path(next: &str) -> Option<&str> {
    let (path, query) = next.split_once('?').unwrap_or((next, ""));
    let is_plain = path.starts_with('/')
        && !path.contains("//")
        && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_".contains(&byte))
        && query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    is_plain.then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_this_installation_pass() {
        for next in ["/", "/credentials", "/credentials?ask=reset-api-key", "/join/a_b-C1"] {
            assert_eq!(local_path(next), Some(next));
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for next in [
            "",
            "credentials",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/..//evil.example",
            "/credentials/%2e%2e//evil.example",
            "/a//b",
            "/a?b=\r\nc",
            "javascript:alert(1)",
            "/ü",
        ] {
            assert_eq!(local_path(next), None, "{next:?}");
        }
    }
}
