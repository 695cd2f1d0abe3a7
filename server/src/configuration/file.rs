//! `Leptos.toml`: its place, and the content of Claviger's own tables in it.

use super::{error::ConfigurationError, setting::Setting};
use serde::{Deserialize, de::IgnoredAny};
use std::{
    io,
    path::{Path, PathBuf},
};

/// The file's name, beside the executable.
const NAME: &str = "Leptos.toml";
/// The fallback if the file does not exist.
const EMBEDDED: &str = include_str!("../../../Leptos.toml");

/// The text of the configuration file, and its place.
#[derive(Clone, Debug)]
pub struct ConfigurationFile {
    name: String,
    folder: PathBuf,
    text: String,
}

impl ConfigurationFile {
    /// Reads the file beside the executable, or else uses the embedded copy.
    ///
    /// # Errors
    /// The file exists, but cannot be read.
    pub fn beside_executable() -> Result<Self, ConfigurationError> {
        let executable = std::env::current_exe().unwrap_or_default();
        Self::in_folder(executable.parent().unwrap_or(Path::new("")))
    }

    /// Reads the file in this folder, or else uses the embedded copy.
    ///
    /// # Errors
    /// The file exists, but cannot be read.
    pub fn in_folder(folder: &Path) -> Result<Self, ConfigurationError> {
        let path = folder.join(NAME);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Self { name: path.display().to_string(), folder: folder.to_owned(), text }),
            Err(problem) if problem.kind() == io::ErrorKind::NotFound => Ok(Self::embedded(folder)),
            Err(problem) => Err(ConfigurationError::Unreadable {
                file: path.display().to_string(),
                problem: problem.kind(),
            }),
        }
    }

    fn embedded(folder: &Path) -> Self {
        Self {
            name: format!("the built-in copy of {NAME}"),
            folder: folder.to_owned(),
            text: EMBEDDED.to_owned(),
        }
    }

    /// The name of the file in errors.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The folder to which relative paths in the file refer.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes a path absolute: a path in the file is relative to the file's folder, one in the environment to the
    /// working directory.
    pub(super) fn absolute(&self, setting: &Setting) -> Result<PathBuf, ConfigurationError> {
        let path = if setting.is_from_file() {
            self.folder.join(setting.text())
        } else {
            PathBuf::from(setting.text())
        };
        std::path::absolute(path).map_err(|_| setting.wrong(super::ValueError::Empty))
    }

    /// Parses Claviger's own tables.
    pub(super) fn table(&self) -> Result<Table, ConfigurationError> {
        let document: Document = toml::from_str(&self.text).map_err(|error| ConfigurationError::Table {
            file: self.name.clone(),
            line: line_of(&self.text, error.span().map_or(0, |span| span.start)),
            // Not the whole error: it would print the line, and a secret that was put there by mistake.
            problem: error.message().to_owned(),
        })?;
        Ok(document.claviger)
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "workspace")]
    _workspace: Option<Workspace>,
    #[serde(default)]
    claviger: Table,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Workspace {
    #[serde(rename = "metadata")]
    _metadata: Metadata,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Metadata {
    #[serde(rename = "leptos")]
    _leptos: Vec<LeptosTable>,
}

/// The keys that leptos knows. leptos ignores unknown keys, so with a misspelt key the default address would be used.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(dead_code, reason = "leptos reads the values itself")]
struct LeptosTable {
    output_name: Option<IgnoredAny>,
    site_root: Option<IgnoredAny>,
    site_pkg_dir: Option<IgnoredAny>,
    env: Option<IgnoredAny>,
    site_addr: Option<IgnoredAny>,
    reload_port: Option<IgnoredAny>,
    reload_external_port: Option<IgnoredAny>,
    reload_ws_protocol: Option<IgnoredAny>,
    not_found_path: Option<IgnoredAny>,
    hash_file: Option<IgnoredAny>,
    hash_files: Option<IgnoredAny>,
    server_fn_prefix: Option<IgnoredAny>,
    disable_server_fn_hash: Option<IgnoredAny>,
    server_fn_mod_path: Option<IgnoredAny>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Table {
    pub(super) public_url: Option<String>,
    pub(super) registration: Option<String>,
    pub(super) trusted_proxies: Option<Vec<String>>,
    pub(super) key_prefix: Option<String>,
    pub(super) data_dir: Option<String>,
    pub(super) database_url: Option<String>,
    pub(super) database_insecure: Option<String>,
    pub(super) smtp_url: Option<String>,
    pub(super) mail_from: Option<String>,
    pub(super) verify_addr: Option<String>,
    pub(super) metrics_addr: Option<String>,
    #[serde(default)]
    pub(super) limits: LimitsTable,
    #[serde(default)]
    pub(super) bundle: BundleTable,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct BundleTable {
    pub(super) name: Option<String>,
    pub(super) services: Option<Vec<String>>,
    pub(super) quota: Option<i64>,
    pub(super) days: Option<i64>,
    pub(super) trial: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct LimitsTable {
    pub(super) per_second: Option<i64>,
    pub(super) per_minute: Option<i64>,
}
