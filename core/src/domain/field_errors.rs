//! What is wrong with the fields of a form.

use super::{member::EmailError, text::TextError};

/// What is wrong with the fields of a form; none of it where a field is fine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors {
    /// The name of the organisation.
    pub organisation: Option<TextError>,
    /// The name of the person.
    pub name: Option<TextError>,
    /// The e-mail address.
    pub email: Option<EmailProblem>,
    /// The password.
    pub password: Option<PasswordError>,
}

impl From<PasswordError> for FieldErrors {
    fn from(problem: PasswordError) -> Self {
        Self { password: Some(problem), ..Self::default() }
    }
}

/// What is wrong with an e-mail address that somebody wants to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailProblem {
    /// It is none.
    #[error(transparent)]
    Form(#[from] EmailError),
    /// A member has it.
    #[error("a member with this e-mail address is there already")]
    Taken,
}

/// Why somebody cannot have a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Nothing was typed.
    #[error("nothing was typed")]
    Missing,
    /// It has fewer than this many characters.
    #[error("shorter than {0} characters")]
    TooShort(u32),
    /// It has more than this many characters.
    #[error("longer than {0} characters")]
    TooLong(u32),
    /// It is among the first that anybody would guess: common passwords, repetitions, sequences, rows of
    /// keys.
    #[error("too easy to guess")]
    Common,
    /// It is among the first that anybody would guess who knows the names of the person and the organisation.
    #[error("made of the name of the person or the organisation")]
    MadeOfNames,
}
