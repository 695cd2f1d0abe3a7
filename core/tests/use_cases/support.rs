//! An installation for one test, with a clock that the test sets.

use crate::places::{self, OnServer, Place, SQLITE_FILE, pool};
use claviger_core::{
    audit::RequestContext,
    authentication::{
        session::{BrowserTokens, Session, SessionError, SignedIn},
        sign_in::SignInError,
    },
    claviger::{Claviger, Opened},
    clock::{Clock, Timestamp},
    domain::{
        credential::{CredentialKind, Generation},
        permission::Permission,
    },
    installation::{OpenError, opening::Opening},
    password::PasswordAttempt,
    random::SystemRandom,
    reauthentication::{ActionError, Proof},
    settings::{Patience, Settings},
    use_cases::{
        credentials::{Copy, CredentialSummary, Disclosure, Overview, Reset, View},
        seeding::AddMemberForm,
        sign_up::{SignUpError, SignUpForm},
    },
};
use sqlx::{AnyPool, Row};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

pub(crate) const PASSWORD: &str = "violet cabin rapid moss 12";
pub(crate) const WRONG: &str = "some other password 99";

/// A clock that stands still until the test advances it.
#[derive(Debug)]
pub(crate) struct ManualClock(AtomicI64);

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

impl ManualClock {
    pub(crate) fn at_noon() -> Self {
        Self(AtomicI64::new(1_795_409_160_000_000))
    }

    pub(crate) fn advance(&self, duration: Duration) {
        self.0.fetch_add(i64::try_from(duration.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

/// An installation with its own database.
pub(crate) struct Installation {
    pub(crate) claviger: Claviger,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) url: String,
    folder: TempDir,
    /// `None` on SQLite.
    on_server: Option<OnServer>,
}

/// A person with a browser.
pub(crate) struct Person {
    pub(crate) email: String,
    pub(crate) session_token: String,
    pub(crate) device_token: String,
}

impl Person {
    pub(crate) fn keep(&mut self, signed_in: &SignedIn) {
        signed_in.session_token.expose().clone_into(&mut self.session_token);
        signed_in.device_token.expose().clone_into(&mut self.device_token);
    }

    pub(crate) fn tokens(&self) -> BrowserTokens<'_> {
        BrowserTokens { session: Some(&self.session_token), device: Some(&self.device_token) }
    }
}

impl Installation {
    pub(crate) async fn on_sqlite() -> Self {
        Self::start(places::on_sqlite().await).await
    }

    /// `None` without PostgreSQL.
    pub(crate) async fn on_postgres() -> Option<Self> {
        Some(Self::start(places::on_postgres().await?).await)
    }

    async fn start(place: Place) -> Self {
        let Place { url, folder, on_server } = place;
        let clock = Arc::new(ManualClock::at_noon());
        let claviger = open(&url, folder.path(), None, clock.clone()).await.unwrap();
        Self { claviger, clock, url, folder, on_server }
    }

    /// Opens the same database again, as a restart would.
    pub(crate) async fn reopen(&self, master_key: Option<&str>) -> Result<Claviger, OpenError> {
        open(&self.url, self.folder.path(), master_key, self.clock.clone()).await
    }

    /// Closes the database and opens it again, as the start of a newer release does.
    pub(crate) async fn restarted(&self) -> Self {
        self.claviger.close().await;
        let claviger = self.reopen(None).await.unwrap();
        let (clock, url) = (self.clock.clone(), self.url.clone());
        Self { claviger, clock, url, folder: TempDir::new().unwrap(), on_server: None }
    }

    /// Opens the same database in the way that a command does.
    pub(crate) async fn open_as(&self, opening: Opening) -> Result<Opened, OpenError> {
        open_as(settings(&self.url, self.data_folder(), None), opening, self.clock.clone()).await
    }

    pub(crate) fn data_folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn is_on_postgres(&self) -> bool {
        self.on_server.is_some()
    }

    /// Deletes the database, as if its volume were not mounted. The files beside it stay.
    pub(crate) async fn wipe(&self) {
        self.claviger.close().await;
        if self.is_on_postgres() {
            self.tamper("DROP SCHEMA public CASCADE").await;
            self.tamper("CREATE SCHEMA public").await;
        } else {
            std::fs::remove_file(self.folder.path().join(SQLITE_FILE)).unwrap();
        }
    }

    /// Whether there is still no database.
    pub(crate) async fn is_wiped(&self) -> bool {
        if self.is_on_postgres() {
            self.count("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'").await == 0
        } else {
            !self.folder.path().join(SQLITE_FILE).exists()
        }
    }

    /// Ends the PostgreSQL sessions that hold a server's lock, as a broken network does.
    pub(crate) async fn end_lock_sessions(&self) {
        self.tamper(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND granted \
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        )
        .await;
    }

    /// Opens the same database with another data folder.
    pub(crate) async fn opened_in(
        &self,
        folder: TempDir,
        master_key: Option<&str>,
    ) -> Result<Self, OpenError> {
        let claviger = open(&self.url, folder.path(), master_key, self.clock.clone()).await?;
        let (clock, url) = (self.clock.clone(), self.url.clone());
        Ok(Self { claviger, clock, url, folder, on_server: None })
    }

    /// A pool for the database itself, which is created if it does not exist, for a test that fills it.
    pub(crate) async fn database(&self) -> AnyPool {
        let mode = if self.is_on_postgres() { "" } else { "?mode=rwc" };
        pool(&format!("{}{mode}", self.url)).await
    }

    pub(crate) fn master_key_file(&self) -> PathBuf {
        self.folder.path().join(claviger_core::installation::MASTER_KEY_FILE)
    }

    pub(crate) async fn remove(self) {
        self.claviger.close().await;
        if let Some(on_server) = self.on_server {
            on_server.drop_database().await;
        }
    }

    /// Signs up an organisation. Its admin has this e-mail address.
    pub(crate) async fn sign_up(&self, email: &str) -> Person {
        self.try_sign_up("Northwind", email).await.unwrap()
    }

    pub(crate) async fn try_sign_up(&self, organisation: &str, email: &str) -> Result<Person, SignUpError> {
        let form = SignUpForm { organisation, name: "Ada Lovelace", email, password: PASSWORD };
        let signed_in = self.claviger.sign_up(form, BrowserTokens::default(), &request_context()).await?;
        Ok(person(email, &signed_in))
    }

    /// Adds a person to the account of a colleague, and signs them in.
    pub(crate) async fn add(&self, colleague: &Person, email: &str, permissions: &[Permission]) -> Person {
        let form = AddMemberForm { name: "Grace Hopper", email, password: PASSWORD, permissions };
        self.claviger.add_member(&colleague.email, form).await.unwrap();
        person(email, &self.sign_in(email, PASSWORD, BrowserTokens::default()).await.unwrap())
    }

    pub(crate) async fn sign_in(
        &self,
        email: &str,
        password: &str,
        tokens: BrowserTokens<'_>,
    ) -> Result<SignedIn, SignInError> {
        self.claviger.sign_in(email, PasswordAttempt::new(password), tokens, &request_context()).await
    }

    /// Signs in with a browser that is not a known device, from this address.
    pub(crate) async fn sign_in_from(
        &self,
        address: &str,
        email: &str,
        password: &str,
    ) -> Result<SignedIn, SignInError> {
        let attempt = PasswordAttempt::new(password);
        self.claviger.sign_in(email, attempt, BrowserTokens::default(), &circumstances_at(address)).await
    }

    pub(crate) async fn session(&self, person: &Person) -> Result<Session, SessionError> {
        self.claviger.session(Some(&person.session_token)).await
    }

    pub(crate) async fn view(&self, person: &mut Person, password: &str) -> Result<String, ActionError> {
        let session = self.session(person).await.map_err(|_| ActionError::SignedOut)?;
        let action = View::new(CredentialKind::ApiKey);
        let attempt = PasswordAttempt::new(password);
        let confirmed =
            self.claviger.confirm(session, action, Proof::Password(attempt), request_context()).await?;
        Ok(only(person, &self.claviger.view(confirmed).await?))
    }

    pub(crate) async fn copy(&self, person: &mut Person, password: &str) -> Result<String, ActionError> {
        let session = self.session(person).await.map_err(|_| ActionError::SignedOut)?;
        let action = Copy::new(CredentialKind::BundleKey);
        let attempt = PasswordAttempt::new(password);
        let confirmed =
            self.claviger.confirm(session, action, Proof::Password(attempt), request_context()).await?;
        Ok(only(person, &self.claviger.copy(confirmed).await?))
    }

    pub(crate) async fn reset(&self, person: &mut Person, action: Reset) -> Result<Vec<String>, ActionError> {
        let session = self.session(person).await.map_err(|_| ActionError::SignedOut)?;
        let attempt = PasswordAttempt::new(PASSWORD);
        let confirmed =
            self.claviger.confirm(session, action, Proof::Password(attempt), request_context()).await?;
        let disclosure = self.claviger.reset(confirmed).await?;
        disclosure.session_token.expose().clone_into(&mut person.session_token);
        Ok(disclosure.keys.iter().map(|key| key.expose().to_owned()).collect())
    }

    pub(crate) async fn summaries(&self, person: &Person) -> Vec<CredentialSummary> {
        let session = self.session(person).await.unwrap();
        match self.claviger.credentials(&session).await.unwrap() {
            Overview::Permitted { keys, .. } => keys,
            Overview::Refused { .. } => panic!("the credentials are refused"),
        }
    }

    /// The audit trails of all chains together, as `action outcome`, the oldest event first.
    pub(crate) async fn trail(&self) -> Vec<String> {
        let pool = pool(&self.url).await;
        let rows = sqlx::query("SELECT action, outcome FROM audit_event ORDER BY at, chain, sequence")
            .fetch_all(&pool)
            .await
            .unwrap();
        pool.close().await;
        rows.iter().map(|row| format!("{} {}", row.get::<String, _>(0), row.get::<String, _>(1))).collect()
    }

    /// The number of events in the trail that equal this one.
    pub(crate) async fn recorded(&self, event: &str) -> usize {
        self.trail().await.iter().filter(|recorded| *recorded == event).count()
    }

    /// Changes the database without the program's knowledge.
    pub(crate) async fn tamper(&self, statement: &'static str) -> u64 {
        let pool = pool(&self.url).await;
        let changed = sqlx::query(statement).execute(&pool).await.unwrap().rows_affected();
        pool.close().await;
        changed
    }

    /// All text in the database.
    pub(crate) async fn dump(&self) -> String {
        let pool = pool(&self.url).await;
        let mut dump = String::new();
        for query in [
            "SELECT email || name || password_hash FROM member",
            "SELECT verifier || sealed || hint FROM credential",
            "SELECT purpose || wrapped FROM wrapped_key",
            "SELECT token_hash || csrf_secret || device_hash || user_agent FROM session",
            "SELECT token_hash FROM known_device",
            "SELECT token_hash || email || name FROM invitation",
            "SELECT token_hash FROM password_link",
            "SELECT token_hash || email FROM email_change",
            "SELECT subject || source FROM login_failure",
            "SELECT actor || action || target || request_id || mac FROM audit_event",
        ] {
            for row in sqlx::query(query).fetch_all(&pool).await.unwrap() {
                dump += &row.get::<String, _>(0);
            }
        }
        pool.close().await;
        dump
    }

    /// The number that a statement returns.
    pub(crate) async fn count(&self, statement: &'static str) -> i64 {
        let pool = pool(&self.url).await;
        let (count,): (i64,) = sqlx::query_as(statement).fetch_one(&pool).await.unwrap();
        pool.close().await;
        count
    }
}

pub(crate) fn request_context() -> RequestContext {
    circumstances_at("203.0.113.9")
}

pub(crate) fn circumstances_at(address: &str) -> RequestContext {
    RequestContext {
        address: Some(address.parse().unwrap()),
        user_agent: "A browser".to_owned(),
        request_id: "a request".to_owned(),
    }
}

pub(crate) fn reset_api_key(shown: u32) -> Reset {
    Reset::one(CredentialKind::ApiKey, Generation::new(shown))
}

pub(crate) async fn open(
    url: &str,
    data_dir: &Path,
    master_key: Option<&str>,
    clock: Arc<ManualClock>,
) -> Result<Claviger, OpenError> {
    open_as(settings(url, data_dir, master_key), Opening::Making, clock).await.map(|opened| opened.claviger)
}

pub(crate) fn settings(url: &str, data_dir: &Path, master_key: Option<&str>) -> Settings {
    Settings {
        master_key: master_key.map(Into::into),
        // Generous limits, because all tests share one busy machine.
        patience: Patience::of_commands(),
        ..Settings::new(url, data_dir)
    }
}

pub(crate) async fn open_as(
    settings: Settings,
    opening: Opening,
    clock: Arc<ManualClock>,
) -> Result<Opened, OpenError> {
    Claviger::open(settings, opening, clock, Arc::new(SystemRandom)).await
}

pub(crate) fn person(email: &str, signed_in: &SignedIn) -> Person {
    let mut person =
        Person { email: email.to_owned(), session_token: String::new(), device_token: String::new() };
    person.keep(signed_in);
    person
}

fn only(person: &mut Person, disclosure: &Disclosure) -> String {
    disclosure.session_token.expose().clone_into(&mut person.session_token);
    assert_eq!(disclosure.keys.len(), 1);
    disclosure.keys[0].expose().to_owned()
}
