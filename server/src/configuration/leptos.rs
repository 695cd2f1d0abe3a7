//! The section of the file that leptos itself reads, and the corrections that its result needs.

use super::{
    environment::Environment,
    error::{ConfigurationError, ValueError},
    file::ConfigurationFile,
};
use leptos::config::{LeptosOptions, errors::LeptosConfigError, get_config_from_str};
use std::{net::SocketAddr, path::PathBuf};

pub(super) const ADDRESS: &str = "LEPTOS_SITE_ADDR";
pub(super) const SITE_ROOT: &str = "LEPTOS_SITE_ROOT";

/// Returns the options as leptos reads them, with absolute paths; and the path of the file with the hashes, if it is
/// missing.
pub(super) fn options(
    file: &ConfigurationFile,
    environment: &Environment,
) -> Result<(LeptosOptions, Option<PathBuf>), ConfigurationError> {
    // Parse the variable before leptos does: the error of leptos would not name the variable.
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
    // leptos looks for the hashes beside the executable, and panics on every page if it does not find them.
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
