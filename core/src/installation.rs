//! The installation: which database may be opened, the installation's keys, and the mark that detects an older
//! database. It must not know what a command does with an open installation.

mod error;
pub mod inspection;
pub(crate) mod keys;
pub mod mark;
pub(crate) mod marking;
pub mod opening;
mod private_file;

pub use error::{OpenError, Refusal};
pub use keys::MASTER_KEY_FILE;
