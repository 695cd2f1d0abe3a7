//! `claviger check`, on correct and on faulty installations.

use super::*;
use std::os::unix::fs::PermissionsExt;

impl Installation {
    async fn check(&self) -> Vec<(String, String)> {
        let ended = self.run(&["check", "--json"]).await;
        let found: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let findings: Vec<_> = found
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["verdict"] == "wrong")
            .map(|finding| (text(&finding["what"]), text(&finding["says"])))
            .collect();
        assert_eq!(ended.result.is_ok(), findings.is_empty(), "the exit code follows the findings");
        findings
    }
}

#[tokio::test]
async fn a_check_before_the_first_start_is_good_and_makes_nothing() {
    let installation = Installation::new();
    let text = installation.run(&["check"]).await.text();
    assert!(text.contains("the first start makes it"), "{text}");
    assert_eq!(std::fs::read_dir(installation.folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn an_installation_that_is_fine_passes() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    let text = installation.run(&["check"]).await.text();
    for line in
        ["good   database: ", "good   master key: ", "good   files: ", "good   clock: ", "good   age: "]
    {
        assert!(text.contains(line), "{text} lacks {line}");
    }
    assert_eq!(installation.check().await, []);
}

#[tokio::test]
async fn whatever_would_stand_in_the_way_is_named() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    let data = installation.folder.path().join("data");
    std::fs::set_permissions(data.join("claviger.db"), PermissionsExt::from_mode(0o644)).unwrap();
    let found = installation.check().await;
    assert_eq!(found[0].0, "files");
    assert!(found[0].1.contains("claviger.db (mode 0644)"), "{found:?}");

    std::fs::remove_file(data.join("master.key")).unwrap();
    let found = installation.check().await;
    assert!(found.iter().any(|(_, says)| says.starts_with("the master key is missing")), "{found:?}");

    std::fs::remove_file(data.join("claviger.db")).unwrap();
    let found = installation.check().await;
    assert!(found[0].1.contains("Is a volume not mounted?"), "{found:?}");
}
