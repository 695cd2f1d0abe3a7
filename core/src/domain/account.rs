//! Accounts: the organisations that Claviger keeps keys for.

use super::{
    identifier::identifier,
    text::{TextError, parse_line},
};

identifier! {
    /// The identifier of an account.
    AccountId
}

/// The name of an organisation: one line of 1 to 100 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationName(String);

impl OrganisationName {
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

    /// The word that identifies the account in commands: the letters and digits of the name in lower case, joined by
    /// hyphens.
    #[must_use]
    pub fn slug(&self) -> String {
        let words: Vec<String> = self
            .0
            .split(|character: char| !character.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        if words.is_empty() { "account".to_owned() } else { words.join("-") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_keeps_letters_and_digits_only() {
        let slug = |name| OrganisationName::parse(name).unwrap().slug();
        assert_eq!(slug("Acme & Söhne, 2nd"), "acme-söhne-2nd");
        assert_eq!(slug("***"), "account");
    }
}
