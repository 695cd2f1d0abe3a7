//! The types that more than one server function sends or receives. It must not know the sender or any page.

pub mod error;
pub mod form_draft;
pub mod formatted_time;
pub mod mailed;
pub mod proof;
