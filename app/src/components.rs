//! The parts that several pages use: frames, fields, messages, words. It must not know any single page.

pub(crate) mod bidi;
pub(crate) mod boxed;
pub(crate) mod browser;
pub(crate) mod clipboard;
pub(crate) mod field;
pub(crate) mod frame;
pub(crate) mod link;
pub(crate) mod loading;
pub(crate) mod messages;
pub(crate) mod password_prompt;
pub(crate) mod post;
pub(crate) mod refusal;
pub(crate) mod response;
pub(crate) mod text;
pub(crate) mod wait;
