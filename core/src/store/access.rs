//! The ways into an account besides passwords: sessions and links.

use super::{StoreError, Transaction};
use crate::domain::account::AccountId;

/// Ends all sessions of an account. Returns how many there were.
pub(crate) async fn end_sessions(
    transaction: &mut Transaction,
    account: &AccountId,
) -> Result<u64, StoreError> {
    let ended =
        sqlx::query("DELETE FROM session WHERE member_id IN (SELECT id FROM member WHERE account_id = $1)")
            .bind(account.as_str())
            .execute(&mut **transaction)
            .await?;
    Ok(ended.rows_affected())
}

/// Makes all links of an account invalid: invitations, password links, and links that confirm an e-mail address.
/// Returns how many there were.
pub(crate) async fn end_links(transaction: &mut Transaction, account: &AccountId) -> Result<u64, StoreError> {
    let mut ended = 0;
    for statement in [
        "DELETE FROM invitation WHERE account_id = $1 AND used_at IS NULL",
        "DELETE FROM password_link WHERE member_id IN (SELECT id FROM member WHERE account_id = $1)",
        "DELETE FROM email_change WHERE member_id IN (SELECT id FROM member WHERE account_id = $1)",
    ] {
        let deleted = sqlx::query(statement).bind(account.as_str()).execute(&mut **transaction).await?;
        ended += deleted.rows_affected();
    }
    Ok(ended)
}
