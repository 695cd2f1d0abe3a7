//! Markup that the server writes as text, because it never changes in the browser: components for it would only make the
//! WebAssembly larger (see docs/decisions/0005-static-markup.md). It must not know any page.

pub(crate) mod examples;
pub(crate) mod usage;
