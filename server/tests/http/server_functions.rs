//! The properties of every server function, one test for one property. Each test tries all functions that the program
//! has, so that a new one fails here until the table has a row for it.

mod accepted;
mod failures;
mod form_tokens;
mod forms;
mod other_sites;
mod passwords;
mod permissions;
mod prepared;
mod sessions;
mod table;
mod unreadable_bodies;

pub(crate) use table::{ServerFunction, Value, server_functions};
