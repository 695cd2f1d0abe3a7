//! The files of an SQLite database, accessible to their owner only, whatever the umask is and whichever program created
//! them. It must not know their content.

use std::{
    ffi::OsString,
    fs::{self, OpenOptions, Permissions},
    io::{self, ErrorKind},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// The suffixes of the files that SQLite keeps beside an open database.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// Creates the file if it is missing and `may_make` allows it, checks that it is writable, and removes all other users'
/// access.
///
/// # Errors
/// Returns the obstacle, as a text that continues the file's name.
pub(crate) fn prepare(database: &Path, may_make: bool) -> io::Result<()> {
    // SQLite would open a file without write permission as read-only, and fail at the first write.
    let opened =
        OpenOptions::new().read(true).write(true).create(may_make).truncate(false).mode(0o600).open(database);
    opened.map_err(|problem| told(&problem, "cannot be opened for writing"))?;
    tighten(database)?;
    for suffix in BESIDE {
        let mut name: OsString = database.as_os_str().to_owned();
        name.push(suffix);
        match tighten(&PathBuf::from(name)) {
            Err(problem) if problem.kind() == ErrorKind::NotFound => {}
            tightened => tightened?,
        }
    }
    Ok(())
}

fn tighten(path: &Path) -> io::Result<()> {
    let mode = fs::metadata(path)?.permissions().mode() & 0o7777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(path, Permissions::from_mode(mode & 0o700)).map_err(|problem| {
        told(
            &problem,
            &format!("is accessible to other users (mode {mode:04o}), and its mode cannot be changed"),
        )
    })
}

fn told(problem: &io::Error, what: &str) -> io::Error {
    io::Error::new(problem.kind(), format!("{what}: {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_database_file_is_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("claviger.db");
        prepare(&database, true).unwrap();
        assert_eq!(mode(&database), 0o600);
    }

    #[test]
    fn a_file_that_others_can_read_is_closed_with_what_lies_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("claviger.db");
        let log = folder.path().join("claviger.db-wal");
        for path in [&database, &log] {
            fs::write(path, "x").unwrap();
            fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
        }
        prepare(&database, false).unwrap();
        assert_eq!((mode(&database), mode(&log)), (0o600, 0o600));
        assert_eq!(fs::read(&database).unwrap(), b"x");
    }

    #[test]
    fn a_file_that_may_not_be_made_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("claviger.db");
        assert_eq!(prepare(&database, false).unwrap_err().kind(), ErrorKind::NotFound);
        assert!(!database.exists());
    }

    #[test]
    fn a_file_that_cannot_be_written_is_told_with_its_cause() {
        let folder = tempfile::tempdir().unwrap();
        let problem = prepare(folder.path(), true).unwrap_err().to_string();
        assert!(problem.starts_with("cannot be opened for writing: Is a directory"), "{problem}");
    }
}
