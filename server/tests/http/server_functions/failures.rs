//! The failures of a test, reported for all functions and variants together.

use super::table::ServerFunction;
use std::fmt;

#[derive(Default)]
pub(super) struct Failures(Vec<String>);

impl Failures {
    pub(super) fn note(&mut self, function: &ServerFunction, variant: &str, outcome: Result<(), String>) {
        if let Err(problem) = outcome {
            self.0.push(format!("{}, {variant}: {problem}", function.name));
        }
    }

    /// Notes which rows of the database are not as they were before the requests that were refused.
    pub(super) fn note_changes(&mut self, refused: &str, before: &[String], after: &[String]) {
        for row in before.iter().filter(|row| !after.contains(row)) {
            self.0.push(format!("{refused}, refused: this row was changed or removed: {row}"));
        }
        for row in after.iter().filter(|row| !before.contains(row)) {
            self.0.push(format!("{refused}, refused: this row is new or was changed: {row}"));
        }
    }

    /// The result of a test.
    pub(super) fn none(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Debug for Failures {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|failure| write!(formatter, "\n  {failure}"))
    }
}
