//! Validation errors of the fields of a form.

use super::{member::EmailError, text::TextError};
use claviger_types::{Field, FieldError, FieldProblem};

/// The validation errors of a form. A field without an error is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors {
    /// The error of the organisation's name.
    pub organisation: Option<TextError>,
    /// The error of the person's name.
    pub name: Option<TextError>,
    /// The error of the e-mail address.
    pub email: Option<EmailProblem>,
    /// The error of the password.
    pub password: Option<PasswordError>,
}

impl FieldErrors {
    /// The refused fields, as the pages list them.
    #[must_use]
    pub fn list(self) -> Vec<FieldError> {
        let problems = [
            (Field::Organisation, self.organisation.map(FieldProblem::from)),
            (Field::Name, self.name.map(FieldProblem::from)),
            (Field::Email, self.email.map(FieldProblem::from)),
            (Field::Password, self.password.map(FieldProblem::from)),
        ];
        problems
            .into_iter()
            .filter_map(|(field, problem)| problem.map(|problem| FieldError { field, problem }))
            .collect()
    }
}

impl From<PasswordError> for FieldErrors {
    fn from(problem: PasswordError) -> Self {
        Self { password: Some(problem), ..Self::default() }
    }
}

/// Why an e-mail address cannot be used for a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailProblem {
    /// The text is not an e-mail address.
    #[error(transparent)]
    Form(#[from] EmailError),
    /// Another member already has this address.
    #[error("a member with this e-mail address is there already")]
    Taken,
}

/// Why a password cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// The field is empty.
    #[error("nothing was typed")]
    Missing,
    /// It has fewer than this many characters.
    #[error("shorter than {0} characters")]
    TooShort(u32),
    /// It has more than this many characters.
    #[error("longer than {0} characters")]
    TooLong(u32),
    /// It is among the first guesses of any attacker: common passwords, repetitions, sequences, rows of keys.
    #[error("too easy to guess")]
    Common,
    /// It is among the first guesses of an attacker who knows the names of the person and the organisation.
    #[error("made of the name of the person or the organisation")]
    MadeOfNames,
}

impl From<TextError> for FieldProblem {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Missing => Self::Missing,
            TextError::TooLong(most) => Self::TooLong(most),
            TextError::Unprintable => Self::Unprintable,
        }
    }
}

impl From<EmailError> for FieldProblem {
    fn from(error: EmailError) -> Self {
        match error {
            EmailError::Text(error) => error.into(),
            EmailError::Form => Self::NotAnEmail,
        }
    }
}

impl From<EmailProblem> for FieldProblem {
    fn from(problem: EmailProblem) -> Self {
        match problem {
            EmailProblem::Form(error) => error.into(),
            EmailProblem::Taken => Self::Taken,
        }
    }
}

impl From<PasswordError> for FieldProblem {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Missing => Self::Missing,
            PasswordError::TooShort(least) => Self::TooShort(least),
            PasswordError::TooLong(most) => Self::TooLong(most),
            PasswordError::Common => Self::Common,
            PasswordError::MadeOfNames => Self::MadeOfNames,
        }
    }
}
