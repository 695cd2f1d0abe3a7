//! The section that leptos reads by itself, and the corrections that it needs.

use super::{
    environment::Environment,
    error::{ConfigurationError, ValueError},
    file::ConfigurationFile,
};
use leptos::config::{LeptosOptions, errors::LeptosConfigError, get_config_from_str};
use std::{net::SocketAddr, path::PathBuf};

pub(super) const ADDRESS: &str = "LEPTOS_SITE_ADDR";
pub(super) const SITE_ROOT: &str = "LEPTOS_SITE_ROOT";

/// The options as leptos reads them, with the paths made independent of the working directory; and the list of hashes, where it is
/// missing.
pub(super) fn options(
    file: &ConfigurationFile,
    environment: &Environment,
) -> Result<(LeptosOptions, Option<PathBuf>), ConfigurationError> {
    // Before leptos reads the same variable, whose error would not name it.
    let address = environment.text(ADDRESS)?.map(|text| parse_address(&text)).transpose()?;
    let mut options = get_config_from_str(file.text()).map_err(|error| match error {
        LeptosConfigError::ConfigSectionNotFound => {
            ConfigurationError::NoLeptosSection { file: file.name().to_owned() }
        }
        other => {
            ConfigurationError::LeptosSection { file: file.name().to_owned(), problem: other.to_string() }
        }
    })?;
    if let Some(address) = address {
        options.site_addr = address;
    }
    options.site_root = match environment.text(SITE_ROOT)? {
        Some(root) => root.into(),
        None => file.folder().join(&*options.site_root).display().to_string().into(),
    };
    // leptos looks for the hashes beside the executable, and panics on every page where it does not find them.
    let missing = hash_file(&options).filter(|path| options.hash_files && !path.exists());
    options.hash_files = options.hash_files && missing.is_none();
    Ok((options, missing))
}

fn hash_file(options: &LeptosOptions) -> Option<PathBuf> {
    Some(std::env::current_exe().ok()?.parent()?.join(&*options.hash_file))
}

fn parse_address(text: &str) -> Result<SocketAddr, ConfigurationError> {
    text.trim().parse().map_err(|_| ConfigurationError::Value {
        name: ADDRESS.to_owned(),
        problem: ValueError::NotASocketAddress(text.to_owned()),
    })
}
