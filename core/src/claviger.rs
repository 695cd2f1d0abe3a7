//! The core as one value: the parts that every use case works with, and how an installation is opened and closed.

use crate::{
    audit::{self, AuditVerdict, Event},
    clock::{Clock, Timestamp},
    domain::{account::AccountId, session::IDLE},
    installation::{
        OpenError,
        keys::InstallationKeys,
        mark::Older,
        marking::{self, Marking},
        opening::{self, Opening, Prepared},
    },
    internal_error::InternalError,
    limits::{address_limit::AddressLimit, stranger_records::StrangerRecords},
    password::PasswordHasher,
    random::Random,
    settings::Settings,
    store::{self, Database, ServerLock, StoreError, Transaction},
    verification::Verifier,
};
use std::{path::PathBuf, sync::Arc, time::Duration};

/// How many passwords may wait in each lane of the queue, for each processor. At about 20 ms a check, the last one in
/// the queue waits slightly more than a second.
const QUEUE_PER_CORE: usize = 64;

/// The rate limit for sign-ins and sign-ups from one address: one a second, and a burst of 120. An office behind one
/// address stays below it; it is far too slow for guessing passwords.
const ADDRESS_INTERVAL: Duration = Duration::from_secs(1);
const ADDRESS_BURST: u32 = 120;

/// An open installation. Clones share its state.
#[derive(Clone)]
pub struct Claviger {
    pub(crate) database: Database,
    pub(crate) keys: Arc<InstallationKeys>,
    pub(crate) hasher: PasswordHasher,
    pub(crate) address_limit: Arc<AddressLimit>,
    pub(crate) stranger_records: Arc<StrangerRecords>,
    pub(crate) verifier: Verifier,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) marking: Arc<Marking>,
}

crate::opaque_debug!(Claviger);

/// The result of opening an installation.
#[derive(Debug)]
pub struct Opened {
    /// The installation.
    pub claviger: Claviger,
    /// The file of the master key, if opening created it. No backup of it exists yet.
    pub new_master_key_file: Option<PathBuf>,
    /// The lock that keeps other servers away from the database, if it was opened to serve.
    pub lock: Option<ServerLock>,
    /// In what respect the database is older than the installation mark, if it is and was opened to serve or to
    /// create an account.
    pub older: Option<Older>,
}

impl Claviger {
    /// Opens the database as far as `opening` allows, and unwraps the keys.
    ///
    /// # Errors
    /// The database cannot be opened or must not be changed, or the master key is missing or belongs to another
    /// database.
    pub async fn open(
        settings: Settings,
        opening: Opening,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Opened, OpenError> {
        let Prepared { database, mark, lock, rows_may_be_unprotected } =
            opening::prepare(&settings, opening).await?;
        let opened = InstallationKeys::open(
            &database.unhurried(),
            &settings,
            rows_may_be_unprotected,
            clock.now(),
            &*random,
        )
        .await?;
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let keys = Arc::new(opened.keys);
        let verifier = Verifier::new(database.clone(), Arc::clone(&keys), Arc::clone(&clock));
        let older = marking::enter(&database, &settings, opening, mark, clock.now(), &*random).await?;
        let claviger = Self {
            database,
            keys,
            hasher: PasswordHasher::new(cores, cores * QUEUE_PER_CORE, opened.password_secret),
            address_limit: Arc::new(AddressLimit::new(ADDRESS_INTERVAL, ADDRESS_BURST)),
            stranger_records: Arc::new(StrangerRecords::new()),
            verifier,
            clock,
            random,
            settings: Arc::new(settings),
            marking: Arc::default(),
        };
        Ok(Opened { claviger, new_master_key_file: opened.new_master_key_file, lock, older })
    }

    /// The prefix of every key of this installation.
    #[must_use]
    pub fn key_prefix(&self) -> &crate::credential_key::KeyPrefix {
        &self.settings.key_prefix
    }

    /// Whether visitors may create an account.
    #[must_use]
    pub fn registration(&self) -> crate::settings::Registration {
        self.settings.registration
    }

    /// The number of sessions that have not ended.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn count_sessions(&self) -> Result<usize, InternalError> {
        let now = self.now();
        let idle_since = now.before(IDLE);
        Ok(store::session::count_running(&mut self.database.reader().await?, idle_since, now).await?)
    }

    /// The number of passwords that are being checked or wait for a check.
    #[must_use]
    pub fn password_checks(&self) -> usize {
        self.hasher.in_flight()
    }

    /// Reads the whole audit trail and says whether anything was changed or is missing.
    ///
    /// # Errors
    /// The audit trail cannot be read.
    pub async fn verify_audit(&self) -> Result<AuditVerdict, InternalError> {
        Ok(audit::verify(&self.database.unhurried(), &self.keys.audit).await?)
    }

    /// Waits until running queries are done, and closes the database.
    pub async fn close(&self) {
        self.database.close().await;
    }

    /// The current time on the clock of this installation.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Records an event in the chain of an account, or in the chain of the installation.
    pub(crate) async fn record(
        &self,
        transaction: &mut Transaction,
        account: Option<&AccountId>,
        event: &Event<'_>,
    ) -> Result<(), StoreError> {
        self.marking.note_event();
        audit::record(transaction, &self.keys.audit, account, event, self.now()).await
    }
}
