//! The fields of the forms, and what can be wrong with them.

use serde::{Deserialize, Serialize};

/// One field that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field.
    pub field: Field,
    /// What is wrong with it.
    pub problem: FieldProblem,
}

/// The fields of the forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Field {
    /// The name of the organisation.
    Organisation,
    /// The name of a person.
    Name,
    /// An e-mail address.
    Email,
    /// A password.
    Password,
    /// The new password, on a form that asks for the current one too.
    NewPassword,
    /// The name of a role.
    RoleName,
}

/// What can be wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldProblem {
    /// Nothing was typed.
    Missing,
    /// More than this many characters.
    TooLong(u32),
    /// Fewer than this many characters.
    TooShort(u32),
    /// Contains control characters or invisible ones.
    Unprintable,
    /// Not of the form of an e-mail address.
    NotAnEmail,
    /// Another member has this e-mail address, or another role this name.
    Taken,
    /// A password that is among the first to be guessed.
    Common,
    /// A password made of the names or the address on the same form.
    MadeOfNames,
}
