//! A database of an older release: whoever could do something before the upgrade still can after it.

use crate::{people::*, support::*};
use claviger_core::{
    credentials::Overview,
    domain::{
        credential::CredentialKind::ApiKey,
        permission::Permission::{ApiCredentialsManagement, AuditLog, MemberManagement},
    },
};

/// Takes back, statement by statement, what came after the first migration.
const BACK_TO_THE_FIRST: [&str; 25] = [
    "DROP TABLE installation",
    "ALTER TABLE credential DROP COLUMN made_by_operator",
    "DROP TABLE rate_limit",
    "DROP INDEX login_failure_by_time",
    "DROP INDEX known_device_by_member",
    "DROP INDEX session_by_last_use",
    "DROP INDEX invitation_by_end",
    "ALTER TABLE login_failure DROP COLUMN turned_away",
    "ALTER TABLE known_device DROP COLUMN last_used_at",
    "DROP TABLE usage_day",
    "DROP TABLE bundle",
    "ALTER TABLE credential DROP COLUMN last_used_at",
    "ALTER TABLE credential DROP COLUMN last_used_from",
    "DROP TABLE email_change",
    "DROP TABLE password_link",
    "DROP TABLE invitation",
    "DROP TABLE role_permission",
    "DROP INDEX role_by_account",
    "DROP INDEX member_by_name",
    "DROP INDEX member_by_role",
    "DROP INDEX audit_event_by_target",
    "ALTER TABLE member DROP COLUMN removed_at",
    "ALTER TABLE member DROP COLUMN name_folded",
    "DELETE FROM role WHERE id <> 'admin'",
    "DELETE FROM _sqlx_migrations WHERE version > 1",
];

on_both_engines! {
    async fn an_upgrade_leaves_everybody_what_they_had(installation: Installation) {
        let (mut ada, mut grace, _) = installation.with_grace(&[ApiCredentialsManagement]).await;
        let key = installation.view(&mut grace, PASSWORD).await.unwrap();
        let alan = installation.add(&ada, "alan@example.org", &[AuditLog]).await;
        for statement in BACK_TO_THE_FIRST {
            installation.tamper(statement).await;
        }

        let upgraded = installation.restarted().await;
        let members = upgraded.found(&ada, "", 1).await;
        assert_eq!((members.found, members.is_admin, members.roles.len()), (3, true, 3));
        assert_eq!(upgraded.found(&ada, "LOVELACE", 1).await.found, 1);
        assert_eq!(upgraded.view(&mut grace, PASSWORD).await.unwrap(), key);
        assert!(not_permitted(&upgraded.invite(&grace, "eve@example.org").await, MemberManagement));
        let session = upgraded.session(&alan).await.unwrap();
        let overview = upgraded.claviger.credentials(&session).await.unwrap();
        assert!(matches!(overview, Overview::Refused { .. }));
        assert_eq!(upgraded.line(&ada, GRACE).await.seen, [ApiKey]);
        let pair = upgraded.pair(&mut ada).await;
        upgraded.claviger.load_keys().await.unwrap();
        assert_eq!(upgraded.verify(&pair).unwrap().bundle().as_str(), "default");
        assert!(upgraded.claviger.verify_audit().await.unwrap().broken.is_empty());
        upgraded.remove().await;
    }
}
