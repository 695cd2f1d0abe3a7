//! The user interface of Claviger: its pages, and the server functions that they call. It must not know how anything is stored or
//! checked: server functions call `claviger-core` for that, under the feature `ssr` only.

pub mod api;
#[allow(unreachable_pub, reason = "the properties that `#[component]` generates are public")]
mod components;
pub mod done;
#[allow(unreachable_pub, reason = "the properties that `#[component]` generates are public")]
mod pages;
pub mod route;
#[cfg(feature = "ssr")]
pub mod server;
#[allow(unreachable_pub, reason = "the properties that `#[component]` generates are public")]
mod shell;
#[cfg(feature = "ssr")]
mod static_html;
pub mod wire;

pub use shell::{App, shell};
