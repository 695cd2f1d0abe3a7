//! Runs every command to its end, each test on its own database.

mod beside_a_server;
mod check;

use super::*;

struct Installation {
    folder: tempfile::TempDir,
}

/// The result and the outputs of a command.
struct Ended {
    result: Result<(), CommandError>,
    stdout: String,
    stderr: String,
}

impl Ended {
    fn text(self) -> String {
        self.result.unwrap();
        self.stdout
    }

    fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.text()).unwrap()
    }

    fn complaint(self) -> String {
        self.result.unwrap_err().to_string()
    }
}

impl Installation {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    async fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with_stdin(arguments, "").await
    }

    async fn run_with_stdin(&self, arguments: &[&str], stdin: &str) -> Ended {
        self.run_in("data", &[("CLAVIGER_REGISTRATION", "closed")], arguments, stdin).await
    }

    /// Runs a command with another data folder beside the first one, and with these variables.
    async fn run_in(
        &self,
        data_folder: &str,
        variables: &[(&str, &str)],
        arguments: &[&str],
        stdin: &str,
    ) -> Ended {
        let data = self.folder.path().join(data_folder);
        let variables = [&[("CLAVIGER_DATA_DIR", data.to_str().unwrap())], variables].concat();
        let environment = Environment::holding(&variables);
        let file = ConfigurationFile::in_folder(self.folder.path()).unwrap();
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let mut terminal =
            Terminal { stdin: &mut stdin.as_bytes(), stdout: &mut stdout, stderr: &mut stderr };
        let arguments = Arguments::try_parse_from(["claviger"].iter().chain(arguments)).unwrap();
        let result = execute(arguments, &file, &environment, &mut terminal).await;
        Ended {
            result,
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }

    async fn create(&self, email: &str) -> Ended {
        let who = ["--organisation", "Acme", "--name", "Ada", "--email", email];
        self.run(&[&["account", "create"], &who[..]].concat()).await
    }
}

#[test]
fn without_a_command_it_serves() {
    assert!(Arguments::try_parse_from(["claviger"]).unwrap().command.is_none());
    let serve = Arguments::try_parse_from(["claviger", "serve"]).unwrap().command;
    assert!(matches!(serve, Some(Command::Serve(_))));
}

#[test]
fn what_is_not_understood_is_told_apart_from_what_failed() {
    let code = |arguments: &[&str]| Arguments::try_parse_from(arguments).unwrap_err().exit_code();
    assert_eq!(code(&["claviger", "--help"]), 0);
    assert_eq!(code(&["claviger", "--version"]), 0);
    assert_eq!(code(&["claviger", "dance"]), 2);
    assert_eq!(code(&["claviger", "account", "create", "--name", "Ada"]), 2);
}

#[tokio::test]
async fn an_account_is_made_with_a_link_to_choose_a_password() {
    let text = Installation::new().create("ada@example.org").await.text();
    assert!(text.contains("Made the account Acme with its API key and its bundle key."), "{text}");
    let link =
        "Ada can choose a password for ada@example.org once, within 24 hours, at:\nhttp://localhost:3000/";
    assert!(text.contains(link), "{text}");
}

#[tokio::test]
async fn the_password_of_an_account_can_be_given() {
    let arguments = ["account", "create", "--organisation", "Acme", "--name", "Ada"];
    let arguments = [&arguments[..], &["--email", "ada@example.org", "--password-stdin"]].concat();
    let text = Installation::new().run_with_stdin(&arguments, "wide purple tuba 9 marsh\n").await.text();
    assert!(text.contains("Ada can log in as ada@example.org."), "{text}");
    assert!(!text.contains("tuba"), "{text}");
}

#[tokio::test]
async fn an_account_is_printed_as_json() {
    let arguments = ["account", "create", "--organisation", "Acme", "--name", "Ada"];
    let arguments = [&arguments[..], &["--email", "ada@example.org", "--json"]].concat();
    let made = Installation::new().run(&arguments).await.json();
    assert_eq!(made["email"], "ada@example.org");
    assert!(made["link"].as_str().unwrap().starts_with("http://localhost:3000/password/"));
    assert_eq!(made.get("password"), None);
    assert!(made["account"].is_string() && made["admin"].is_string());
}

#[tokio::test]
async fn everything_that_is_wrong_with_an_account_is_named() {
    let arguments =
        ["account", "create", "--organisation", " ", "--name", "", "--email", "ada", "--password-stdin"];
    let complaint = Installation::new().run_with_stdin(&arguments, "short").await.complaint();
    for part in ["no account was made", "--organisation: ", "--name: ", "--email: ", "the password: "] {
        assert!(complaint.contains(part), "{complaint} lacks {part}");
    }
}

#[tokio::test]
async fn an_email_address_is_taken_once() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    let complaint = installation.create("ADA@example.org").await.complaint();
    assert!(complaint.contains("--email: a member with this e-mail address is there already"), "{complaint}");
}

#[tokio::test]
async fn accounts_are_listed() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    let text = installation.run(&["account", "list"]).await.text();
    assert!(text.starts_with("acme  Acme  1 member, made 20"), "{text}");
    let json = installation.run(&["account", "list", "--json"]).await.json();
    assert_eq!(json[0]["slug"], "acme");
    assert_eq!(json[0]["members"], 1);
    assert_eq!(json[0]["enabled"], true);
}

#[tokio::test]
async fn a_member_is_unlocked() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    let text = installation.run(&["member", "unlock", "--email", "ada@example.org"]).await.text();
    assert_eq!(text, "Unlocked ada@example.org. The next login need not wait.\n");
}

#[tokio::test]
async fn nobody_is_unlocked_under_an_address_that_nobody_has() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    let complaint = installation.run(&["member", "unlock", "--email", "eve@example.org"]).await.complaint();
    assert_eq!(complaint, "nothing was unlocked: there is no member with this e-mail address");
}

#[tokio::test]
async fn whole_audit_records_pass_the_check() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    let json = installation.run(&["audit", "verify", "--json"]).await.json();
    assert!(json["events"].as_u64().unwrap() > 0);
    assert_eq!(json["broken"], serde_json::json!([]));
}

#[tokio::test]
async fn the_first_command_reminds_of_the_master_key_and_no_later_one() {
    let installation = Installation::new();
    let first = installation.create("ada@example.org").await;
    assert!(
        first.stderr.contains("Back it up now") && first.stderr.contains("master.key"),
        "{}",
        first.stderr
    );
    assert_eq!(installation.run(&["account", "list"]).await.stderr, "");
}

#[tokio::test]
async fn in_a_wrong_folder_nothing_is_made_and_nothing_is_called_whole() {
    let installation = Installation::new();
    for command in [&["audit", "verify"][..], &["account", "list"], &["bundle", "show", "--account", "acme"]]
    {
        let ended = installation.run(command).await;
        assert_eq!(ended.stdout, "");
        let complaint = ended.complaint();
        assert!(complaint.starts_with("there is no installation in "), "{complaint}");
        assert_eq!(std::fs::read_dir(installation.folder.path()).unwrap().count(), 0, "{command:?}");
    }
}

#[tokio::test]
async fn records_of_an_older_database_do_not_pass_the_check() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    let (database, backup) = (installation.folder.path().join("data/claviger.db"), "backup");
    let backup = installation.folder.path().join(backup);
    std::fs::copy(&database, &backup).unwrap();
    installation.run(&["account", "disable", "--account", "acme"]).await.text();
    std::fs::copy(&backup, &database).unwrap();
    let ended = installation.run(&["audit", "verify"]).await;
    assert!(ended.stdout.contains("They are older than what this installation has seen"), "{}", ended.stdout);
    let complaint = ended.complaint();
    assert!(
        complaint.starts_with("the database is older than what this installation has seen"),
        "{complaint}"
    );
}

#[tokio::test]
async fn a_lost_master_key_is_said_plainly() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    std::fs::remove_file(installation.folder.path().join("data/master.key")).unwrap();
    let complaint = installation.run(&["account", "list"]).await.complaint();
    assert!(complaint.contains("the master key is missing"), "{complaint}");
}

#[tokio::test]
async fn a_member_gets_a_link_to_choose_a_new_password() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    let ask = ["member", "reset-password", "--email", "ada@example.org"];
    let text = installation.run(&ask).await.text();
    assert!(text.contains("\nhttp://localhost:3000/password/"), "{text}");
    let json = installation.run(&[&ask[..], &["--json"]].concat()).await.json();
    assert_eq!(json["email"], "ada@example.org");
    assert_eq!(json["link"].as_str().unwrap().len(), "http://localhost:3000/password/".len() + 43);
}

#[tokio::test]
async fn nobody_gets_a_link_for_an_address_that_nobody_has() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    let ask = ["member", "reset-password", "--email", "eve@example.org"];
    let complaint = installation.run(&ask).await.complaint();
    assert_eq!(complaint, "no link was made: there is no member with this e-mail address");
}

#[tokio::test]
async fn an_account_is_limited_disabled_and_enabled() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    let limit = ["account", "limit", "--account", "acme", "--per-second", "5", "--per-minute", "60"];
    let text = installation.run(&limit).await.text();
    assert_eq!(
        text,
        "Limited acme to 5 requests a second and 60 a minute. \
         No server runs; the next one will apply it.\n"
    );
    let limit = ["account", "limit", "--account", "acme", "--per-second", "61", "--per-minute", "60"];
    let complaint = installation.run(&limit).await.complaint();
    assert_eq!(complaint, "nothing was changed: --per-second is more than --per-minute");
    installation.run(&["account", "disable", "--account", "acme"]).await.text();
    let disabled = installation.run(&["account", "list", "--json"]).await.json();
    assert_eq!(disabled[0]["enabled"], false);
    installation.run(&["account", "enable", "--account", "acme"]).await.text();
    let enabled = installation.run(&["account", "list", "--json"]).await.json();
    assert_eq!(enabled[0]["enabled"], true);
    let complaint = installation.run(&["account", "disable", "--account", "nobody"]).await.complaint();
    assert!(complaint.starts_with("nothing was changed: there is no account of this name"), "{complaint}");
}

#[tokio::test]
async fn a_bundle_is_shown_changed_and_taken_away() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    let show = ["bundle", "show", "--account", "acme"];
    let text = installation.run(&show).await.text();
    assert_eq!(text, "default: *; 0 of unlimited requests used, never ends\n");
    let set = ["bundle", "set", "--account", "acme", "--name", "gold", "--services", "maps,geo"];
    let more = ["--expires", "2020-01-31", "--quota", "500", "--trial", "true"];
    installation.run(&[&set[..], &more].concat()).await.text();
    let text = installation.run(&show).await.text();
    assert_eq!(text, "gold: geo maps; 0 of 500 requests used, ended 2020-02-01T00:00:00Z, a trial\n");
    installation.run(&["bundle", "set", "--account", "acme", "--expires", "never"]).await.text();
    installation.run(&["bundle", "disable", "--account", "acme"]).await.text();
    let json = installation.run(&[&show[..], &["--json"]].concat()).await.json();
    assert_eq!(
        (&json["enabled"], &json["quota"], &json["expires_at"]),
        (&false.into(), &500.into(), &().into())
    );
    installation.run(&["bundle", "enable", "--account", "acme"]).await.text();
    installation.run(&["bundle", "refill", "--account", "acme"]).await.text();
    installation.run(&["bundle", "remove", "--account", "acme"]).await.text();
    assert_eq!(installation.run(&show).await.text(), "acme has no bundle.\n");
    for command in ["remove", "refill", "enable", "disable"] {
        let complaint = installation.run(&["bundle", command, "--account", "acme"]).await.complaint();
        assert_eq!(complaint, "the account has no bundle", "{command}");
    }
    assert_eq!(installation.run(&show).await.text(), "acme has no bundle.\n");
    installation.run(&["bundle", "set", "--account", "acme"]).await.text();
    assert_eq!(
        installation.run(&show).await.text(),
        "default: *; 0 of unlimited requests used, never ends\n"
    );
}

#[tokio::test]
async fn keys_are_reset_by_the_operator() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    let reset = ["key", "reset", "--account", "acme"];
    let text = installation.run(&reset).await.text();
    assert_eq!(
        text,
        "Reset the API key and the bundle key of acme; its members can view what is new. \
         No server runs; the next one will apply it.\n"
    );
    let json = installation.run(&[&reset[..], &["--bundle-key", "--json"]].concat()).await.json();
    assert_eq!(
        json["accounts"],
        serde_json::json!([{"account": "acme", "api_key": false, "bundle_key": true}])
    );
    let complaint = installation.run(&["key", "reset", "--account", "nobody"]).await.complaint();
    assert!(complaint.starts_with("nothing was reset: there is no account of this name"), "{complaint}");
}

#[tokio::test]
async fn all_keys_are_reset_at_once_only_when_that_is_meant() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    installation.create("eve@example.org").await.text();
    let text = installation.run(&["key", "reset", "--all", "--yes"]).await.text();
    let words = "Reset both keys of 2 accounts, and ended 0 sessions and 2 links.";
    assert!(text.starts_with(words), "{text}");
    let wrong: [&[&str]; 4] =
        [&["--all"], &["--account", "acme", "--all", "--yes"], &["--yes"], &["--all", "--yes", "--api-key"]];
    for wrong in wrong {
        let arguments = [&["claviger", "key", "reset"], wrong].concat();
        assert_eq!(Arguments::try_parse_from(arguments).unwrap_err().exit_code(), 2, "{wrong:?}");
    }
}

#[test]
fn what_no_bundle_can_be_is_refused_before_anything_is_done() {
    for wrong in
        [["--services", "a b;c"], ["--quota", "many"], ["--expires", "soon"], ["--name", "Gold bundle"]]
    {
        let arguments = [&["claviger", "bundle", "set", "--account", "acme"], &wrong[..]].concat();
        assert_eq!(Arguments::try_parse_from(arguments).unwrap_err().exit_code(), 2, "{wrong:?}");
    }
    let none =
        ["claviger", "account", "limit", "--account", "acme", "--per-second", "0", "--per-minute", "1"];
    assert_eq!(Arguments::try_parse_from(none).unwrap_err().exit_code(), 2);
}

#[tokio::test]
async fn in_a_folder_whose_name_is_too_long_for_a_socket_nothing_is_lost_and_nothing_served() {
    let installation = Installation::new();
    let deep = "d".repeat(120);
    let create =
        ["account", "create", "--organisation", "Acme", "--name", "Ada", "--email", "ada@example.org"];
    let ended = installation.run_in(&deep, &[], &create, "").await;
    assert!(ended.text().contains("/password/"));
    let complaint = installation.run_in("e".repeat(120).as_str(), &[], &["serve"], "").await.complaint();
    assert!(complaint.contains("path must be shorter"), "{complaint}");
    assert!(!installation.folder.path().join("e".repeat(120)).exists(), "it is said before anything is made");
}
