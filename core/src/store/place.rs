//! Where a database is: in a file or on a server, and whether others on the network can read its traffic. It must not
//! connect to it.

use super::StoreError;
use sqlx::{postgres::PgConnectOptions, postgres::PgSslMode, sqlite::SqliteConnectOptions};
use std::{fmt, net::IpAddr, path::PathBuf, str::FromStr};

/// Where a database is. Its `Display` never shows a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// An SQLite file.
    File(PathBuf),
    /// SQLite in memory: the database ends with the process.
    Memory,
    /// A PostgreSQL server.
    Server {
        /// Its host, or the folder of its socket.
        host: String,
        /// Its port.
        port: u16,
        /// The name of the database on the server.
        database: String,
        /// Whether an attacker on the network can read the traffic, or answer in place of the server.
        is_exposed: bool,
    },
}

impl Place {
    /// Parses the URL of a database.
    ///
    /// # Errors
    /// Fails if the URL names an unknown engine or cannot be parsed.
    pub fn of(url: &str) -> Result<Self, StoreError> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => {
                let path = SqliteConnectOptions::from_str(url)?.get_filename().to_owned();
                let in_memory = url.contains(":memory:") || url.contains("mode=memory");
                Ok(if in_memory { Self::Memory } else { Self::File(path) })
            }
            // sqlx takes missing parts of the URL from PGHOST, PGSSLMODE and so on. This code does the same.
            Some("postgres" | "postgresql") => {
                let options = PgConnectOptions::from_str(url)?;
                let socket = options.get_socket().map(|socket| socket.display().to_string());
                let is_local = socket.is_some() || is_this_machine(options.get_host());
                let is_verified = matches!(options.get_ssl_mode(), PgSslMode::VerifyFull);
                Ok(Self::Server {
                    host: socket.unwrap_or_else(|| options.get_host().to_owned()),
                    port: options.get_port(),
                    database: options.get_database().unwrap_or(options.get_username()).to_owned(),
                    is_exposed: !is_local && !is_verified,
                })
            }
            _ => Err(StoreError::UnknownScheme),
        }
    }

    /// Whether the file does not exist or is empty.
    pub(crate) fn is_missing_file(&self) -> bool {
        match self {
            Self::File(path) => std::fs::metadata(path).map_or(true, |file| file.len() == 0),
            Self::Memory | Self::Server { .. } => false,
        }
    }
}

/// Whether a host is this machine. A path is the folder of a socket.
fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.starts_with('/') || host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(formatter, "{}", path.display()),
            Self::Memory => formatter.write_str("SQLite in memory"),
            Self::Server { host, port, database, .. } => {
                write!(formatter, "{database} on PostgreSQL at {host}, port {port}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_exposed(url: &str) -> bool {
        matches!(Place::of(url).unwrap(), Place::Server { is_exposed: true, .. })
    }

    #[test]
    fn a_remote_server_is_exposed_unless_its_certificate_is_verified() {
        for url in [
            "postgres://db.example.org/claviger",
            "postgres://10.0.0.5/claviger?sslmode=prefer",
            "postgres://10.0.0.5/claviger?sslmode=require",
            "postgres://db/claviger?sslmode=verify-ca",
            "postgres://localhost/claviger?host=db.example.org",
            "postgres://localhost/claviger?hostaddr=192.0.2.1",
            "postgres://localhost.example.org/claviger",
        ] {
            assert!(is_exposed(url), "{url}");
        }
        assert!(!is_exposed("postgres://db.example.org/claviger?sslmode=verify-full"));
    }

    #[test]
    fn what_stays_on_the_machine_is_not_exposed() {
        for url in [
            "postgres://localhost/claviger",
            "postgres://127.0.0.1:5433/claviger",
            "postgres://[::1]/claviger",
            "postgres://%2Frun%2Fpostgresql/claviger",
            "postgres:///claviger?host=/run/postgresql",
            "sqlite:///srv/claviger.db",
        ] {
            assert!(!is_exposed(url), "{url}");
        }
    }

    #[test]
    fn a_place_is_shown_without_its_password() {
        let shown = Place::of("postgres://me:hunter2@db.example.org:5433/keys").unwrap().to_string();
        assert_eq!(shown, "keys on PostgreSQL at db.example.org, port 5433");
        assert_eq!(Place::of("sqlite:///srv/a%20b.db?mode=rwc").unwrap().to_string(), "/srv/a b.db");
    }
}
