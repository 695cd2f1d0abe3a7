//! What was wrong, told of all functions and variants together.

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

    /// Notes whether the refused requests left the database as it was.
    pub(super) fn note_changes(&mut self, before: &[String], after: &[String]) {
        for row in before.iter().filter(|row| !after.contains(row)) {
            self.0.push(format!("a refused request removed or changed a row: {row}"));
        }
        for row in after.iter().filter(|row| !before.contains(row)) {
            self.0.push(format!("a refused request added or changed a row: {row}"));
        }
    }

    /// What a test answers.
    pub(super) fn none(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Debug for Failures {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|failure| write!(formatter, "\n  {failure}"))
    }
}
