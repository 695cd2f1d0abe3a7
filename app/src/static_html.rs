//! Markup that the server writes as text. It never changes in the browser, so components for it would only make the WebAssembly
//! larger (see docs/decisions/0005-static-markup.md). It must not know any page.

pub(crate) mod examples;
pub(crate) mod usage;
