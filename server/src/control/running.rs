//! The settings of a running server that its commands must use too.

use crate::{configuration::Configuration, web_origin::WebOrigin};
use claviger_core::{
    credential_key::KeyPrefix,
    domain::{
        bundle::{BundleName, Services},
        limits::Limits,
    },
    settings::DefaultBundle,
};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// The settings of a running server. They contain no secret.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct RunningSettings {
    // The name on the socket is that of release 0.1, so that a command and a server of two releases understand each other.
    #[serde(rename = "brand")]
    key_prefix: String,
    base_url: String,
    per_second: u32,
    per_minute: u32,
    bundle_name: String,
    bundle_services: String,
    bundle_quota: Option<u64>,
    bundle_days: Option<u32>,
    bundle_is_trial: bool,
}

impl RunningSettings {
    pub(crate) fn of(configuration: &Configuration, address: SocketAddr) -> Self {
        let bundle = &configuration.bundle;
        Self {
            key_prefix: configuration.key_prefix.as_str().to_owned(),
            base_url: configuration.base_url_at(address),
            per_second: configuration.limits.per_second,
            per_minute: configuration.limits.per_minute,
            bundle_name: bundle.name.as_str().to_owned(),
            bundle_services: bundle.services.to_string(),
            bundle_quota: bundle.quota,
            bundle_days: bundle.days,
            bundle_is_trial: bundle.is_trial,
        }
    }

    /// Replaces the settings of the command by these. Returns false if a value cannot be parsed.
    pub(crate) fn apply_to(&self, configuration: &mut Configuration) -> bool {
        let (Some(public_url), Ok(key_prefix), Ok(name), Ok(services)) = (
            WebOrigin::parse(&self.base_url),
            KeyPrefix::parse(&self.key_prefix),
            BundleName::parse(&self.bundle_name),
            Services::parse(&self.bundle_services),
        ) else {
            return false;
        };
        configuration.public_url = Some(public_url);
        configuration.key_prefix = key_prefix;
        configuration.limits = Limits { per_second: self.per_second, per_minute: self.per_minute };
        let (quota, days, is_trial) = (self.bundle_quota, self.bundle_days, self.bundle_is_trial);
        configuration.bundle = DefaultBundle { name, services, quota, days, is_trial };
        true
    }
}
