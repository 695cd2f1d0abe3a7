//! Members: the people of an organisation.

use super::{
    identifier::identifier,
    text::{TextError, parse_line},
};

identifier! {
    /// The identifier of a member.
    MemberId
}

/// The name of a person: one line of 1 to 100 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName(String);

impl PersonName {
    /// Accepts a name that a person typed. Removes the spaces around it.
    ///
    /// # Errors
    /// Returns why the name is not valid.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        parse_line(text, 100).map(Self)
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An e-mail address as it was typed, and case-folded for comparison: two addresses that differ only in case are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    typed: String,
    folded: String,
}

/// Why a text is not a valid e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// It is not a valid line of text.
    #[error(transparent)]
    Text(#[from] TextError),
    /// It does not have exactly one `@` with a local part before it and a host name after it.
    #[error("not of the form name@host")]
    Form,
}

impl Email {
    /// Accepts an address that a person typed. Removes the spaces around it. The maximum is 254 characters (RFC 5321,
    /// 4.5.3.1.3, less the angle brackets). Only a message to the address can show whether somebody reads it.
    ///
    /// Accepts only text that every mail server reads as the same single address: a person and a program can read
    /// `x<vic@example.org>` as two different addresses. So quoted local parts and literal IP addresses are refused.
    ///
    /// # Errors
    /// Returns why the address is not valid.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let typed = parse_line(text, 254)?;
        let (local, host) = typed.rsplit_once('@').ok_or(EmailError::Form)?;
        if !is_local_part(local) || !is_host(host) {
            return Err(EmailError::Form);
        }
        let folded = typed.to_lowercase();
        Ok(Self { typed, folded })
    }

    /// The address as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The case-folded address, for comparison and for the unique column.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

/// Whether the text is a dot-atom (RFC 5322, 3.2.3) of at most 64 bytes. Letters of all scripts are allowed (RFC 6531).
fn is_local_part(local: &str) -> bool {
    let is_atom = |atom: &str| !atom.is_empty() && atom.chars().all(is_of_atom);
    local.len() <= 64 && local.split('.').all(is_atom)
}

fn is_of_atom(character: char) -> bool {
    character.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(character)
}

/// Whether the text is a host name (RFC 1123, 2.1). Letters of all scripts are allowed.
fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|character| character.is_alphanumeric() || character == '-')
    };
    host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_differ_in_case_are_the_same() {
        let typed = Email::parse(" Ada@Example.ORG ").unwrap();
        assert_eq!(typed.as_str(), "Ada@Example.ORG");
        assert_eq!(typed.folded(), "ada@example.org");
    }

    #[test]
    fn an_address_that_a_program_reads_as_another_is_refused() {
        for text in [
            "x<vic@example.org>",
            "vic@example.org,eve@example.org",
            "\"vic\"@example.org",
            "vic(comment)@example.org",
            "vic@example.org>",
            "vic;eve@example.org",
            "vic:eve@example.org",
            "vic\\@example.org",
            "vic@[192.0.2.1]",
            "vic@-example.org",
            ".vic@example.org",
            "vic.@example.org",
            "vi..c@example.org",
        ] {
            assert_eq!(Email::parse(text), Err(EmailError::Form), "{text}");
        }
    }

    #[test]
    fn usual_addresses_of_all_scripts_are_taken() {
        for text in [
            "o'brien+keys@mail.example.org",
            "ada_l@xn--bcher-kva.example",
            "ada@localhost",
            "ürsula@bücher.example",
            "用户@例子.广告",
        ] {
            assert_eq!(Email::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["ada", "@example.org", "ada@", "a b@example.org", "a@b@example.org", "ada@example..org"]
        {
            assert_eq!(Email::parse(text), Err(EmailError::Form), "{text}");
        }
        assert_eq!(Email::parse(" "), Err(EmailError::Text(TextError::Missing)));
    }
}
