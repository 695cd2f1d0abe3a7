//! Storage on SQLite and PostgreSQL through one set of SQL, one module a table. It must not know why a row is read or
//! written, nor who may do so.

pub(crate) mod access;
pub(crate) mod account;
pub(crate) mod audit;
pub(crate) mod bundle;
mod columns;
mod connection;
pub(crate) mod credential;
mod database;
pub(crate) mod device;
pub(crate) mod email_change;
mod engine;
mod error;
pub(crate) mod installation;
pub(crate) mod invitation;
pub(crate) mod known_keys;
pub(crate) mod login_failure;
pub(crate) mod member;
pub(crate) mod member_list;
pub(crate) mod password_link;
pub(crate) mod permission_grant;
mod place;
mod probe;
pub(crate) mod purge;
pub(crate) mod rate_limit;
pub(crate) mod role;
pub(crate) mod schema;
#[cfg(feature = "seeding")]
pub(crate) mod seeding;
pub(crate) mod server_lock;
pub(crate) mod session;
mod transaction;
pub(crate) mod upgrade;
pub(crate) mod usage;
pub(crate) mod wrapped_key;

pub(crate) use connection::Connection;
pub(crate) use database::Database;
pub use error::StoreError;
pub use place::Place;
pub use server_lock::{LockState, ServerLock};
pub(crate) use transaction::Transaction;

/// The placeholders for `VALUES` with this many rows, each column cast to the given type: `(CAST($1 AS BIGINT), …), …`.
/// Both engines name the columns `column1` and so on.
pub(crate) fn rows(count: usize, types: &[&str]) -> String {
    let row = |row: usize| {
        let place = |column: usize| row * types.len() + column + 1;
        let columns =
            types.iter().enumerate().map(|(column, kind)| format!("CAST(${} AS {kind})", place(column)));
        format!("({})", columns.collect::<Vec<_>>().join(", "))
    };
    (0..count).map(row).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_counted_through() {
        assert_eq!(
            rows(2, &["TEXT", "BIGINT"]),
            "(CAST($1 AS TEXT), CAST($2 AS BIGINT)), (CAST($3 AS TEXT), CAST($4 AS BIGINT))"
        );
        assert_eq!(rows(0, &["TEXT"]), "");
    }
}
