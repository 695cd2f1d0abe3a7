//! The core as one value: what every use case works with, and how it is opened and closed.

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

/// How many passwords may wait to be checked in each lane, for each processor. At some 20 ms a check, the last in the queue
/// waits somewhat more than a second.
const QUEUE_PER_CORE: usize = 64;

/// Sign-ins and sign-ups of an address: once a second, and 120 at once. An office behind one address stays below
/// it; a guesser gets nowhere with it.
const ADDRESS_INTERVAL: Duration = Duration::from_secs(1);
const ADDRESS_BURST: u32 = 120;

/// An open installation. Clones share it.
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

/// An installation that was opened.
#[derive(Debug)]
pub struct Opened {
    /// The installation.
    pub claviger: Claviger,
    /// The file of a master key that was made just now, and that nobody has a copy of yet.
    pub new_master_key_file: Option<PathBuf>,
    /// What keeps every other server away from the database, where it was opened to serve.
    pub lock: Option<ServerLock>,
    /// In what the database is older than what this installation has seen, where it was opened to serve or to make an account.
    pub older: Option<Older>,
}

impl Claviger {
    /// Opens the database as far as `opening` allows, and unwraps the keys.
    ///
    /// # Errors
    /// Where the database does not open or must be left as it is, or the master key is missing or not the one of this database.
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

    /// What every key of this installation begins with.
    #[must_use]
    pub fn key_prefix(&self) -> &crate::credential_key::KeyPrefix {
        &self.settings.key_prefix
    }

    /// Whether everybody may create an account.
    #[must_use]
    pub fn registration(&self) -> crate::settings::Registration {
        self.settings.registration
    }

    /// How many sessions have not ended.
    ///
    /// # Errors
    /// Where they cannot be counted.
    pub async fn count_sessions(&self) -> Result<usize, InternalError> {
        let now = self.now();
        let idle_since = now.before(IDLE);
        Ok(store::session::count_running(&mut self.database.reader().await?, idle_since, now).await?)
    }

    /// How many passwords are being checked or wait for it.
    #[must_use]
    pub fn password_checks(&self) -> usize {
        self.hasher.in_flight()
    }

    /// Reads the whole audit trail and says whether anything was changed or is missing.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub async fn verify_audit(&self) -> Result<AuditVerdict, InternalError> {
        Ok(audit::verify(&self.database.unhurried(), &self.keys.audit).await?)
    }

    /// Waits until what is under way is done, and closes the database.
    pub async fn close(&self) {
        self.database.close().await;
    }

    /// The time by the clock of this installation.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Records an event in the chain of an account, or in that of the installation.
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
