//! What crosses the wire in more than one server function. It must not know who sends it, nor any page.

pub mod error;
pub mod form_draft;
pub mod formatted_time;
pub mod mailed;
pub mod proof;
