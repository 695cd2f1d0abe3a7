//! The fields of the forms, and the problems that a field can have.

use serde::{Deserialize, Serialize};

/// One refused field and its problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The refused field.
    pub field: Field,
    /// The problem of the field.
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
    /// The new password, on a form that also asks for the current password.
    NewPassword,
    /// The name of a role.
    RoleName,
}

/// The problems that a field can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldProblem {
    /// The field is empty.
    Missing,
    /// The value has more than this many characters.
    TooLong(u32),
    /// The value has fewer than this many characters.
    TooShort(u32),
    /// The value contains control characters or invisible characters.
    Unprintable,
    /// The value does not have the form of an e-mail address.
    NotAnEmail,
    /// Another member has this e-mail address, or another role has this name.
    Taken,
    /// The password is one of those that an attacker guesses first.
    Common,
    /// The password consists of the names or the address on the same form.
    MadeOfNames,
}
