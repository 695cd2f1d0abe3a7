//! Everything that the database of a test holds.

use super::TestApp;
use sqlx::{AssertSqlSafe, Connection, Executor, Row, SqliteConnection};

impl TestApp {
    /// Every row of the SQLite database, but for those of these tables, and without these columns: `table` or `table.column`.
    pub(crate) async fn dump(&self, but_for: &[&str]) -> Vec<String> {
        let file = self.folder.path().join("data/claviger.db");
        let mut connection = SqliteConnection::connect(file.to_str().unwrap()).await.unwrap();
        let mut rows = Vec::new();
        for table in texts(&mut connection, "SELECT name FROM sqlite_master WHERE type = 'table'").await {
            let select = format!("SELECT name FROM pragma_table_info('{table}')");
            let mut columns = texts(&mut connection, &select).await;
            columns.retain(|column| !but_for.contains(&format!("{table}.{column}").as_str()));
            if !but_for.contains(&table.as_str()) {
                let quoted: Vec<_> =
                    columns.iter().map(|column| format!("'{column}=' || quote({column})")).collect();
                let select = format!("SELECT '{table} ' || {} FROM {table}", quoted.join(" || ', ' || "));
                rows.extend(texts(&mut connection, &select).await);
            }
        }
        connection.close().await.unwrap();
        rows.sort();
        rows
    }
}

async fn texts(connection: &mut SqliteConnection, query: &str) -> Vec<String> {
    let rows = connection.fetch_all(AssertSqlSafe(query.to_owned())).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}
