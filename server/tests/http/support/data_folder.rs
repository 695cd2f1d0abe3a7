//! The data folder of an installation, kept in memory.

use std::{ffi::OsString, fs, os::unix::fs::PermissionsExt, path::Path};

/// The files of a data folder.
pub(crate) struct DataFolder(Vec<(OsString, Vec<u8>)>);

impl DataFolder {
    pub(super) fn read(folder: &Path) -> Self {
        let files = fs::read_dir(folder).unwrap().map(Result::unwrap);
        Self(files.map(|file| (file.file_name(), fs::read(file.path()).unwrap())).collect())
    }

    /// Makes a folder with the same files.
    pub(super) fn write(&self, folder: &Path) {
        fs::create_dir(folder).unwrap();
        for (name, content) in &self.0 {
            let path = folder.join(name);
            fs::write(&path, content).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        }
    }
}
