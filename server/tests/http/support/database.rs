//! A place in the PostgreSQL that `CLAVIGER_TEST_POSTGRES_URL` names.

use claviger_core::random::{Random, SystemRandom};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

const VARIABLE: &str = "CLAVIGER_TEST_POSTGRES_URL";

/// The URL of a schema that nobody else uses.
pub(crate) async fn postgres_schema() -> String {
    let url = std::env::var(VARIABLE)
        .unwrap_or_else(|_| panic!("{VARIABLE} must name a PostgreSQL server; `make test` starts one"));
    let mut bytes = [0; 16];
    SystemRandom.fill(&mut bytes).unwrap();
    let schema = format!("http_{:032x}", u128::from_be_bytes(bytes));
    let mut connection = PgConnection::connect(&url).await.unwrap();
    connection.execute(AssertSqlSafe(format!("CREATE SCHEMA {schema}"))).await.unwrap();
    connection.close().await.unwrap();
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}options[search_path]={schema}")
}
