//! The installation mark: the state of the database that this installation has seen, in a file beside the master key.
//! It must not know how the database is read.
//!
//! Restoring an old backup, or writing to the database, does not change this file. So a database that is behind the
//! mark is detected.

use crate::{
    clock::Timestamp,
    domain::identifier::new_identifier,
    random::{NoRandomness, Random},
};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, chown},
    path::{Path, PathBuf},
};

/// The name of the mark's file in the data folder.
pub const MARK_FILE: &str = "installation.json";

/// The progress of a database. Each number only grows, unless an older copy of the database is restored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The highest migration that was applied.
    pub schema: i64,
    /// How many times `serve` has started on the database.
    pub starts: i64,
    /// How many audit events the database has recorded, over all chains.
    pub events: i64,
}

/// The highest progress of the database that this installation has seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The identifier of the installation. The database holds the same identifier.
    pub installation: String,
    /// The highest migration of the database.
    pub schema: i64,
    /// How many times `serve` has started on the database.
    pub starts: i64,
    /// The highest number of audit events in the database.
    pub events: i64,
    /// Whether a start found the database older than this mark, and the operator has not accepted it since. Without
    /// this flag, the finding would be lost as soon as the database has caught up.
    #[serde(default)]
    pub found_older: bool,
}

/// Why the mark cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MarkError {
    /// The file cannot be read or written.
    #[error("{}: {problem}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        problem: io::Error,
    },
    /// The file does not hold a mark.
    #[error(
        "{} holds no installation mark: {problem}. Restore the file, or remove it if you trust the database as it is",
        path.display()
    )]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with its content.
        problem: String,
    },
}

/// In which number the database is behind the mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Older {
    /// Its schema version.
    #[error("its schema version is {database}, and was {seen}")]
    Schema {
        /// The highest migration of the database.
        database: i64,
        /// The highest migration of the mark.
        seen: i64,
    },
    /// The number of starts of the server.
    #[error("it records {database} starts of the server, and there were {seen}")]
    Starts {
        /// The number in the database.
        database: i64,
        /// The number in the mark.
        seen: i64,
    },
    /// The number of its audit events.
    #[error("it holds {database} audit records, and there were {seen}")]
    Events {
        /// The number in the database.
        database: i64,
        /// The number in the mark.
        seen: i64,
    },
    /// It was behind at an earlier start, and has caught up since then.
    #[error("an earlier start found it older, and the operator has not accepted it since")]
    FoundBefore,
}

impl Mark {
    /// Makes the mark of a new installation.
    ///
    /// # Errors
    /// [`NoRandomness`] if the random source fails.
    pub fn new(now: Timestamp, random: &dyn Random) -> Result<Self, NoRandomness> {
        let installation = new_identifier(now, random)?;
        Ok(Self { installation, schema: 0, starts: 0, events: 0, found_older: false })
    }

    /// Reads the mark of this data folder. Returns `None` if there is no such file.
    ///
    /// # Errors
    /// Fails if the file cannot be read, or does not hold a mark.
    pub fn read(data_folder: &Path) -> Result<Option<Self>, MarkError> {
        let path = data_folder.join(MARK_FILE);
        let text = match fs::read_to_string(&path) {
            Err(problem) if problem.kind() == ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|problem| MarkError::File { path: path.clone(), problem })?,
        };
        serde_json::from_str(&text)
            .map(Some)
            .map_err(|problem| MarkError::Malformed { path, problem: problem.to_string() })
    }

    /// Replaces the mark of this data folder. After a crash, the file holds either the old or the new mark completely.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    pub fn write(&self, data_folder: &Path) -> Result<(), MarkError> {
        let path = data_folder.join(MARK_FILE);
        self.replace(data_folder, &path).map_err(|problem| MarkError::File { path, problem })
    }

    fn replace(&self, data_folder: &Path, path: &Path) -> io::Result<()> {
        // Each process uses its own file name, because a command may write at the same time as the server.
        let new = data_folder.join(format!("{MARK_FILE}.{}", std::process::id()));
        let written = write_private(&new, &serde_json::to_vec(self)?)
            .and_then(|()| give_to_owner_of(&new, path, data_folder))
            .and_then(|()| fs::rename(&new, path));
        if written.is_err() {
            // Without this, temporary files would accumulate.
            let _ = fs::remove_file(&new);
        }
        written?;
        // The folder holds the file's new name, so it must reach the disk too.
        File::open(data_folder)?.sync_all()
    }

    /// Whether the progress of a database is at least as high as the mark.
    ///
    /// # Errors
    /// Returns in which number the database is older.
    pub fn compare(&self, progress: &Progress) -> Result<(), Older> {
        if progress.schema < self.schema {
            Err(Older::Schema { database: progress.schema, seen: self.schema })
        } else if progress.events < self.events {
            Err(Older::Events { database: progress.events, seen: self.events })
        } else if progress.starts < self.starts {
            Err(Older::Starts { database: progress.starts, seen: self.starts })
        } else if self.found_older {
            Err(Older::FoundBefore)
        } else {
            Ok(())
        }
    }

    /// The mark, raised to the progress of a database.
    #[must_use]
    pub fn raised_to(&self, progress: &Progress) -> Self {
        Self {
            schema: self.schema.max(progress.schema),
            starts: self.starts.max(progress.starts),
            events: self.events.max(progress.events),
            ..self.clone()
        }
    }

    /// The mark after the operator has accepted the database as it is.
    #[must_use]
    pub fn accepting(&self, progress: &Progress) -> Self {
        Self {
            installation: self.installation.clone(),
            schema: progress.schema,
            starts: progress.starts,
            events: progress.events,
            found_older: false,
        }
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.write_all(b"\n")?;
    file.sync_all()
}

/// Gives the new file to the owner of the old one, or of the folder: otherwise a command that root runs would leave a
/// mark that the server cannot read.
fn give_to_owner_of(new: &Path, old: &Path, data_folder: &Path) -> io::Result<()> {
    let owner = fs::metadata(old).or_else(|_| fs::metadata(data_folder))?;
    if fs::metadata(new)?.uid() == owner.uid() {
        return Ok(());
    }
    chown(new, Some(owner.uid()), Some(owner.gid()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn mark() -> Mark {
        let installation = "01a206b9-a740-78ae-9510-3ebd765cbc74".to_owned();
        Mark { installation, schema: 6, starts: 3, events: 120, found_older: false }
    }

    #[test]
    fn a_missing_mark_is_no_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Mark::read(folder.path()).unwrap().is_none());
    }

    #[test]
    fn a_written_mark_is_read_back_and_is_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        mark().write(folder.path()).unwrap();
        let later = mark().raised_to(&Progress { schema: 6, starts: 3, events: 121 });
        later.write(folder.path()).unwrap();
        assert_eq!(Mark::read(folder.path()).unwrap(), Some(later));
        let mode = fs::metadata(folder.path().join(MARK_FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_mark_belongs_to_whom_its_folder_belongs_whoever_writes_it() {
        let folder = tempfile::tempdir().unwrap();
        // Only root can change the owner of a folder. For any other user, folder and mark keep their owner.
        let _ = chown(folder.path(), Some(65534), Some(65534));
        for _ in 0..2 {
            mark().write(folder.path()).unwrap();
            let owner = |path: &Path| fs::metadata(path).unwrap().uid();
            assert_eq!(owner(&folder.path().join(MARK_FILE)), owner(folder.path()));
        }
    }

    #[test]
    fn a_file_that_is_no_mark_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(MARK_FILE), "{\"schema\": 6").unwrap();
        let problem = Mark::read(folder.path()).unwrap_err().to_string();
        assert!(problem.contains("installation.json holds no installation mark"), "{problem}");
    }

    #[test]
    fn a_mark_never_goes_back_unless_the_operator_accepts_it() {
        let behind = Progress { schema: 5, starts: 2, events: 119 };
        assert_eq!(mark().raised_to(&behind), mark());
        let accepted = mark().accepting(&behind);
        assert_eq!((accepted.schema, accepted.starts, accepted.events), (5, 2, 119));
        assert_eq!(accepted.installation.len(), 36);
        assert_eq!(accepted.compare(&behind), Ok(()));
    }

    #[test]
    fn whatever_is_behind_the_mark_is_older() {
        let seen = Progress { schema: 6, starts: 3, events: 120 };
        assert_eq!(mark().compare(&seen), Ok(()));
        assert_eq!(mark().compare(&Progress { schema: 7, starts: 4, events: 121 }), Ok(()));
        let schema = Progress { schema: 5, ..seen };
        assert_eq!(mark().compare(&schema), Err(Older::Schema { database: 5, seen: 6 }));
        let starts = Progress { starts: 2, ..seen };
        assert_eq!(mark().compare(&starts), Err(Older::Starts { database: 2, seen: 3 }));
        let events = Progress { events: 119, ..seen };
        assert_eq!(mark().compare(&events), Err(Older::Events { database: 119, seen: 120 }));
    }

    #[test]
    fn what_was_found_older_stays_older_until_it_is_accepted() {
        let found = Mark { found_older: true, ..mark() };
        let ahead = Progress { schema: 6, starts: 9, events: 900 };
        assert_eq!(found.raised_to(&ahead).compare(&ahead), Err(Older::FoundBefore));
        assert_eq!(found.accepting(&ahead).compare(&ahead), Ok(()));
    }
}
