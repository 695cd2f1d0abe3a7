//! Where to go after signing in: a path of this installation, and nowhere else.

/// The path, if it is one of this installation.
///
/// Browsers read `//host` as another host, take `\\` for `/`, and drop tabs and line breaks before they look.
pub(super) fn local_path(next: &str) -> Option<&str> {
    let is_local = next.starts_with('/')
        && !next.starts_with("//")
        && !next
            .contains(|character: char| character == '\\' || character.is_control() || !character.is_ascii());
    is_local.then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_this_installation_pass() {
        for next in ["/", "/credentials", "/credentials?ask=reset-api-key", "/a//b"] {
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
            "javascript:alert(1)",
            "/ü",
        ] {
            assert_eq!(local_path(next), None, "{next:?}");
        }
    }
}
