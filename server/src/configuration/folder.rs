//! The data folder: creates it with access for this user only, and checks an existing one.

use super::error::ConfigurationError;
use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::Path,
};

const OTHERS_WRITE: u32 = 0o002;
/// With this bit, as on /tmp, users cannot remove or rename the files of other users.
const STICKY: u32 = 0o1000;

pub(super) fn make(folder: &Path) -> Result<(), ConfigurationError> {
    let failed = |problem: io::Error| ConfigurationError::DataFolder {
        folder: folder.to_owned(),
        problem: if folder.exists() {
            "it is there, and is no folder".to_owned()
        } else {
            problem.to_string()
        },
    };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
    let mode = mode(folder).map_err(failed)?;
    if mode & OTHERS_WRITE != 0 && mode & STICKY == 0 {
        // Other users could replace the master key or the database.
        return Err(ConfigurationError::OpenFolder { folder: folder.to_owned(), mode });
    }
    Ok(())
}

/// A warning about the permissions of the folder.
pub(super) fn warning(folder: &Path) -> Option<String> {
    let mode = mode(folder).ok()?;
    (mode & 0o077 != 0).then(|| {
        format!(
            "others have access to the data folder {} (mode {mode:04o}); make it `chmod 700`",
            folder.display()
        )
    })
}

fn mode(folder: &Path) -> io::Result<u32> {
    Ok(fs::metadata(folder)?.permissions().mode() & 0o7777)
}
