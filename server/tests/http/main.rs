//! The HTTP interface, driven through the real router: a module a path, a test a promise.

#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes the helpers of the tests for no tests")]

mod api;
mod every_answer;
mod flood;
mod gateways;
mod healthz;
mod isolation;
mod logged_paths;
mod mail;
mod on_each_engine;
mod page;
mod process;
mod server_functions;
mod serving;
mod support;
mod tenants;
mod trusted_proxies;
mod v1;
