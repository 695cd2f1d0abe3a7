//! Errors of the storage, as far as callers need to distinguish them.

/// Why a storage operation failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer, or cannot write at the moment. Nothing was changed. A later attempt may succeed.
    #[error("the database does not answer: {0}")]
    Unavailable(sqlx::Error),
    /// The database got a COMMIT and did not answer, so the change may or may not be saved.
    #[error("the database did not confirm the commit, so the change may or may not be saved: {0}")]
    Unconfirmed(sqlx::Error),
    /// The disk of the database is full.
    #[error("the disk that holds the database is full")]
    DiskFull,
    /// The caller tried to commit a transaction in which a statement had failed.
    #[error("a statement of the transaction failed, so it was not committed")]
    Aborted,
    /// The database returned an error.
    #[error("the database failed: {0}")]
    Database(sqlx::Error),
    /// A migration failed: the tables were made by a newer release, or are damaged.
    #[error("the database could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The scheme of the URL is neither `sqlite:` nor `postgres:`.
    #[error("the database URL must begin with sqlite: or postgres:")]
    UnknownScheme,
    /// This version of SQLite can corrupt a database.
    #[error("SQLite {0} is too old: 3.51.3 or newer is needed")]
    SqliteTooOld(String),
    /// The lock file of the server cannot be used.
    #[error("the lock file of the database cannot be used: {0}")]
    LockFile(#[from] std::io::Error),
    /// The database does not answer in time.
    #[error("the database does not answer")]
    NoAnswer,
    /// A row holds a value that this program never writes.
    #[error("the table {0} holds a row that cannot be read")]
    Damaged(&'static str),
    /// A column contains a value that this program never writes.
    #[error("the column {0} contains a value that cannot be read")]
    Unreadable(String),
}

impl StoreError {
    /// Whether the error means that a row with the same unique value already exists.
    pub(crate) fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    /// The error of a COMMIT. If the engine refused the commit, nothing was changed; if its answer is missing, the
    /// commit may have happened.
    pub(super) fn of_commit(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(refusal) if !sqlite_may_have_written(&**refusal) => Self::from(error),
            _ => Self::Unconfirmed(error),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::ColumnDecode { index, .. } => Self::Unreadable(index),
            error if is_passing(&error) => Self::Unavailable(error),
            error => Self::Database(error),
        }
    }
}

/// Whether the state of the database caused the error, and not the statement.
fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(refusal) => {
            let code = refusal.code();
            let code = code.as_deref().unwrap_or_default();
            if is_of_sqlite(&**refusal) { passing_in_sqlite(code) } else { passing_in_postgres(code) }
        }
        _ => false,
    }
}

fn is_of_sqlite(refusal: &dyn sqlx::error::DatabaseError) -> bool {
    refusal.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some()
}

/// The first byte of a result code is the error, the other bytes are details (<https://sqlite.org/rescode.html>).
fn sqlite_result(code: &str) -> Option<u32> {
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

fn passing_in_sqlite(code: &str) -> bool {
    // BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN, PROTOCOL
    matches!(sqlite_result(code), Some(5..=8 | 10 | 13..=15))
}

/// If the disk fails in the middle of a commit, a part that was already written can become visible later.
fn sqlite_may_have_written(refusal: &dyn sqlx::error::DatabaseError) -> bool {
    const IOERR: u32 = 10;
    is_of_sqlite(refusal) && refusal.code().and_then(|code| sqlite_result(&code)) == Some(IOERR)
}

/// Whether the SQLSTATE (<https://www.postgresql.org/docs/current/errcodes-appendix.html>) names a passing state.
fn passing_in_postgres(code: &str) -> bool {
    // The classes of connection errors, of missing resources, of operator intervention (also a statement that takes too
    // long), and of system errors.
    ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class))
        // A lock that was not available, a deadlock, a serialization failure, and a server in read-only mode.
        || matches!(code, "55P03" | "40P01" | "40001" | "25006")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_of_the_database_is_told_from_a_wrong_question() {
        for (code, passes) in
            [("5", true), ("261", true), ("13", true), ("8", true), ("1555", false), ("1", false)]
        {
            assert_eq!(passing_in_sqlite(code), passes, "{code}");
        }
        for (code, passes) in [
            ("57014", true),
            ("55P03", true),
            ("57P01", true),
            ("08006", true),
            ("23505", false),
            ("42P01", false),
        ] {
            assert_eq!(passing_in_postgres(code), passes, "{code}");
        }
    }

    #[test]
    fn a_value_that_cannot_be_read_is_told_with_its_column() {
        let decoding = sqlx::Error::ColumnDecode { index: "kind".to_owned(), source: "unknown".into() };
        let error = StoreError::from(decoding);
        assert!(matches!(&error, StoreError::Unreadable(column) if column == "kind"), "{error}");
    }

    #[test]
    fn a_commit_without_an_answer_may_have_happened() {
        let cut_off = || sqlx::Error::Io(std::io::ErrorKind::BrokenPipe.into());
        assert!(matches!(StoreError::of_commit(cut_off()), StoreError::Unconfirmed(_)));
        assert!(matches!(StoreError::from(cut_off()), StoreError::Unavailable(_)));
    }
}
