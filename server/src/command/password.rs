//! Reads the password of a new account from standard input.

use secrecy::SecretString;
use std::io::{self, Read};

/// The maximum length of the input in bytes: more than any valid password needs.
const LONGEST_INPUT: u64 = 64 * 1024;

/// Returns the input without the line break at its end.
pub(super) fn read(input: &mut dyn Read) -> io::Result<SecretString> {
    let mut text = String::new();
    input.take(LONGEST_INPUT).read_to_string(&mut text)?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn a_password_is_read_without_its_line_break() {
        for input in ["correct horse\n", "correct horse\r\n", "correct horse"] {
            assert_eq!(read(&mut input.as_bytes()).unwrap().expose_secret(), "correct horse");
        }
        assert_eq!(read(&mut " two\nlines \n".as_bytes()).unwrap().expose_secret(), " two\nlines ");
    }
}
