//! The composition root of Claviger: configuration, command line and HTTP server. It must not know any rule of the
//! domain: the core has them.

pub mod application;
pub mod command;
pub mod configuration;
mod control;
pub mod http;
pub mod mail;
pub mod metrics;
pub mod telemetry;
pub mod web_origin;
