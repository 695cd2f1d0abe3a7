//! Commands that run while a server runs on the same database.

use super::*;
use tokio::{sync::oneshot, task::JoinHandle};

/// A server on the data folder `data` of an installation.
struct Server {
    claviger: Claviger,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<io::Result<()>>,
}

impl Server {
    async fn start(installation: &Installation, variables: &[(&str, &str)]) -> Self {
        let data = installation.folder.path().join("data");
        let own = [("CLAVIGER_DATA_DIR", data.to_str().unwrap()), ("LEPTOS_SITE_ADDR", "127.0.0.1:0")];
        let environment = Environment::holding(&[&own, variables].concat());
        let file = ConfigurationFile::in_folder(installation.folder.path()).unwrap();
        let configuration = Configuration::read(&file, &environment).unwrap();
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
        let application =
            application::Application::build(&configuration, false, clock, random).await.unwrap();
        let claviger = application.claviger().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(application.run(async move {
            let _ = stopped.await;
        }));
        claviger.load_keys().await.unwrap();
        Self { claviger, stop, serving }
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.serving.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_server_that_runs_keeps_to_a_change_from_the_answer_on() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    let server = Server::start(&installation, &[]).await;
    let text = installation.run(&["account", "disable", "--account", "acme"]).await.text();
    assert_eq!(text, "Disabled acme. The running server applies it from now on.\n");
    // The running server also knows an account that a command creates.
    let other =
        ["account", "create", "--organisation", "Other", "--name", "Eve", "--email", "eve@example.org"];
    installation.run(&other).await.text();
    assert_eq!(server.claviger.loaded_accounts(), 2);
    server.stop().await;
}

#[tokio::test]
async fn what_is_made_beside_a_server_is_what_that_server_was_given() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    let given = [
        ("CLAVIGER_BUNDLE_QUOTA", "1000"),
        ("CLAVIGER_BUNDLE_NAME", "trial"),
        ("CLAVIGER_KEY_PREFIX", "acme"),
        ("CLAVIGER_PUBLIC_URL", "https://keys.example.org"),
    ];
    let server = Server::start(&installation, &given).await;
    let other =
        ["account", "create", "--organisation", "Other", "--name", "Eve", "--email", "eve@example.org"];
    let text = installation.run(&other).await.text();
    assert!(text.contains("\nhttps://keys.example.org/password/"), "{text}");
    let bundle = installation.run(&["bundle", "show", "--account", "other"]).await.text();
    assert_eq!(bundle, "trial: *; 0 of 1000 requests used, never ends\n");
    let reset = ["member", "reset-password", "--email", "ada@example.org"];
    let text = installation.run(&reset).await.text();
    assert!(text.contains("\nhttps://keys.example.org/password/"), "{text}");
    server.stop().await;
}

#[tokio::test]
async fn the_link_of_a_new_account_is_printed_although_the_server_cannot_be_told() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    let database = format!("sqlite://{}/data/claviger.db", installation.folder.path().display());
    let key = std::fs::read_to_string(installation.folder.path().join("data/master.key")).unwrap();
    let elsewhere = [("CLAVIGER_DATABASE_URL", database.as_str()), ("CLAVIGER_MASTER_KEY", &key)];
    let server = Server::start(&installation, &[]).await;
    let other =
        ["account", "create", "--organisation", "Other", "--name", "Eve", "--email", "eve@example.org"];
    let ended = installation.run_in("elsewhere", &elsewhere, &other, "").await;
    assert!(ended.stdout.contains("/password/"), "{}", ended.stdout);
    let complaint = ended.complaint();
    assert!(complaint.starts_with("the change is stored, but a server that runs"), "{complaint}");
    server.stop().await;
}

#[tokio::test]
async fn a_change_that_the_server_did_not_hear_of_is_no_success() {
    let installation = Installation::new();
    installation.create("ada@example.org").await.text();
    let database = format!("sqlite://{}/data/claviger.db", installation.folder.path().display());
    let key = std::fs::read_to_string(installation.folder.path().join("data/master.key")).unwrap();
    let elsewhere = [("CLAVIGER_DATABASE_URL", database.as_str()), ("CLAVIGER_MASTER_KEY", &key)];
    let disable = ["account", "disable", "--account", "acme"];
    let enable = ["account", "enable", "--account", "acme"];

    let server = Server::start(&installation, &[]).await;
    let complaint = installation.run_in("elsewhere", &elsewhere, &disable, "").await.complaint();
    assert!(
        complaint.starts_with("the change is stored, but a server that runs on this database"),
        "{complaint}"
    );
    assert!(!installation.folder.path().join("elsewhere").exists());
    server.stop().await;

    let text = installation.run_in("elsewhere", &elsewhere, &enable, "").await.text();
    assert_eq!(text, "Enabled acme. No server runs; the next one will apply it.\n");
}
