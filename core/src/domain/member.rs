//! Members: the people of an organisation.

use super::{
    identifier::identifier,
    text::{TextError, parse_line},
};

identifier! {
    /// Names a member.
    MemberId
}

/// The name of a person: one line of 1 to 100 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName(String);

impl PersonName {
    /// Accepts what a person typed, without the spaces around it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        parse_line(text, 100).map(Self)
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An e-mail address as it was typed, and folded for comparison: two that differ in case only are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    typed: String,
    folded: String,
}

/// Why a text is no e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Not even a line of text.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is no single `@` with something before it and a host name behind it.
    #[error("not of the form name@host")]
    Form,
}

impl Email {
    /// Accepts what a person typed, without the spaces around it. 254 characters at most (RFC 5321, 4.5.3.1.3,
    /// less the angle brackets). Whether anybody reads mail there, only a mail can show.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let typed = parse_line(text, 254)?;
        let (local, host) = typed.rsplit_once('@').ok_or(EmailError::Form)?;
        let blank = typed.chars().any(char::is_whitespace);
        let host_is_whole = host.split('.').all(|label| !label.is_empty());
        if local.is_empty() || local.contains('@') || blank || !host_is_whole {
            return Err(EmailError::Form);
        }
        let folded = typed.to_lowercase();
        Ok(Self { typed, folded })
    }

    /// As it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// Folded for comparison and for the unique column.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }
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
    fn what_is_no_address_is_refused() {
        for text in ["ada", "@example.org", "ada@", "a b@example.org", "a@b@example.org", "ada@example..org"]
        {
            assert_eq!(Email::parse(text), Err(EmailError::Form), "{text}");
        }
        assert_eq!(Email::parse(" "), Err(EmailError::Text(TextError::Missing)));
    }
}
