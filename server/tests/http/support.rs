//! An installation of its own for each test, and browsers that use it.

mod answer;
mod browser;
mod clock;
mod data_folder;
mod database;
mod dump;
mod log;
pub(crate) mod machine;

pub(crate) use answer::Answer;
pub(crate) use browser::{Browser, HERE, SavedBrowser, form};
pub(crate) use clock::ManualClock;
pub(crate) use data_folder::DataFolder;
pub(crate) use database::{Usurper, postgres_schema};
pub(crate) use log::Log;

use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use claviger::{
    application::{Application, StartError},
    configuration::{Configuration, ConfigurationFile, Environment},
};
use claviger_core::{
    claviger::Claviger, domain::permission::Permission, random::SystemRandom, settings::Patience,
    use_cases::seeding::AddMemberForm,
};
use sqlx::{Connection, Executor, SqliteConnection};
use std::{net::SocketAddr, path::Path, sync::Arc};
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};
use tower::ServiceExt;

pub(crate) const PASSWORD: &str = "wide purple tuba 9 marsh";
pub(crate) const ADA: &str = "ada@example.org";
pub(crate) const BOB: &str = "bob@example.org";

/// Where requests come from unless a test says otherwise.
pub(crate) const PEER: &str = "203.0.113.9:50000";

/// An installation that is reached without a connection.
pub(crate) struct TestApp {
    router: Router,
    claviger: Claviger,
    clock: Arc<ManualClock>,
    folder: TempDir,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// On the PostgreSQL that the environment names, if it does.
    pub(crate) async fn start_on_postgres() -> Option<Self> {
        let url = database::postgres_schema().await?;
        Some(Self::start_with(&[("CLAVIGER_DATABASE_URL", &url)]).await)
    }

    /// With these variables in its environment.
    pub(crate) async fn start_with(variables: &[(&str, &str)]) -> Self {
        let (application, clock, folder) = application(variables).await;
        let (router, claviger) = (application.router(), application.claviger().clone());
        Self { router, claviger, clock, folder }
    }

    /// With a database and a master key that [`Self::close`] has answered.
    pub(crate) async fn reopen(data: &DataFolder) -> Self {
        let folder = tempfile::tempdir().unwrap();
        data.write(&folder.path().join("data"));
        let (application, clock, folder) = build(folder, &[]).await.unwrap();
        let (router, claviger) = (application.router(), application.claviger().clone());
        Self { router, claviger, clock, folder }
    }

    /// Closes the database and answers what is on the disk then.
    pub(crate) async fn close(self) -> DataFolder {
        self.claviger.close().await;
        DataFolder::read(&self.folder.path().join("data"))
    }

    /// One that is also reached over a connection, at the address that is answered, until the second answer is dropped or
    /// told to stop.
    pub(crate) async fn serve() -> (Self, SocketAddr, Serving) {
        let (application, clock, folder) = application(&[]).await;
        let (router, claviger) = (application.router(), application.claviger().clone());
        let address = application.address();
        let (stop, stopped) = oneshot::channel::<()>();
        let run = tokio::spawn(application.run(async move {
            let _ = stopped.await;
        }));
        (Self { router, claviger, clock, folder }, address, Serving { stop, run })
    }

    pub(crate) fn clock(&self) -> &ManualClock {
        &self.clock
    }

    pub(crate) fn claviger(&self) -> &Claviger {
        &self.claviger
    }

    /// Changes the SQLite database behind the program's back.
    pub(crate) async fn tamper(&self, statement: &'static str) {
        let file = self.folder.path().join("data/claviger.db");
        let mut connection = SqliteConnection::connect(file.to_str().unwrap()).await.unwrap();
        connection.execute(statement).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Somebody at the same machine, signed out.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser::new(self)
    }

    /// The first admin of a new organisation, signed in.
    pub(crate) async fn admin(&self) -> Browser<'_> {
        let mut browser = self.browser();
        browser.sign_up("Acme", "Ada", ADA, PASSWORD).await.expect_done();
        browser.learn_csrf().await;
        browser
    }

    /// A member of the same organisation, signed in, with these permissions.
    pub(crate) async fn member(&self, permissions: &[Permission]) -> Browser<'_> {
        self.add("Bob", BOB, permissions).await;
        let mut browser = self.browser();
        browser.sign_in(BOB, PASSWORD).await.expect_done();
        browser.learn_csrf().await;
        browser
    }

    /// Adds a member to Ada's organisation and answers the id.
    pub(crate) async fn add(&self, name: &str, email: &str, permissions: &[Permission]) -> String {
        let form = AddMemberForm { name, email, password: PASSWORD, permissions };
        self.claviger.add_member(ADA, form).await.unwrap().as_str().to_owned()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        self.send_from(PEER, request).await
    }

    /// As if over a connection from there.
    pub(crate) async fn send_from(&self, peer: &str, mut request: Request<Body>) -> Answer {
        let peer: SocketAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        Answer::read(self.router.clone().oneshot(request).await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).header("host", "localhost:3000").body(Body::empty()).unwrap()).await
    }
}

/// A server that runs.
pub(crate) struct Serving {
    stop: oneshot::Sender<()>,
    run: JoinHandle<std::io::Result<()>>,
}

impl Serving {
    /// Tells it to stop, and waits until it did.
    pub(crate) async fn stop(self) {
        self.stop.send(()).unwrap();
        self.run.await.unwrap().unwrap();
    }
}

/// A server with a database and a clock of its own, on a port of its own.
pub(crate) async fn application(variables: &[(&str, &str)]) -> (Application, Arc<ManualClock>, TempDir) {
    try_application(variables).await.unwrap_or_else(|problem| panic!("{problem}"))
}

/// The same, where it may not start.
pub(crate) async fn try_application(
    variables: &[(&str, &str)],
) -> Result<(Application, Arc<ManualClock>, TempDir), StartError> {
    build(tempfile::tempdir().unwrap(), variables).await
}

async fn build(
    folder: TempDir,
    variables: &[(&str, &str)],
) -> Result<(Application, Arc<ManualClock>, TempDir), StartError> {
    let clock = Arc::new(ManualClock::new());
    let configuration = configuration(folder.path(), variables);
    let application =
        Application::build(&configuration, false, clock.clone(), Arc::new(SystemRandom)).await?;
    Ok((application, clock, folder))
}

fn configuration(folder: &Path, variables: &[(&str, &str)]) -> Configuration {
    let site = folder.join("site");
    write_site(&site);
    let data = folder.join("data");
    let mut all = vec![
        ("CLAVIGER_DATA_DIR", data.to_str().unwrap()),
        ("LEPTOS_SITE_ROOT", site.to_str().unwrap()),
        ("LEPTOS_SITE_ADDR", "127.0.0.1:0"),
    ];
    all.retain(|(name, _)| variables.iter().all(|(other, _)| name != other));
    all.extend_from_slice(variables);
    let file = ConfigurationFile::in_folder(folder).unwrap();
    let configuration = Configuration::read(&file, &Environment::holding(&all)).unwrap();
    // Tests share a machine that is busy with all of them.
    Configuration { patience: Patience::of_commands(), ..configuration }
}

/// A few files in place of the built ones.
fn write_site(site: &Path) {
    std::fs::create_dir_all(site.join("pkg")).unwrap();
    std::fs::write(site.join("favicon.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>").unwrap();
    std::fs::write(site.join("pkg/claviger.js"), "export default 1;").unwrap();
    std::fs::write(site.join("pkg/claviger.js.br"), "in Brotli").unwrap();
}
