//! Hashing passwords, off the async threads and never more at once than the machine bears. It must not know
//! the rules for passwords, nor whose they are.

use super::{NewPassword, PasswordAttempt};
use crate::random::{NoRandomness, Random, bytes};
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::{self, phc},
};
use std::{fmt, sync::Arc};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// OWASP Password Storage Cheat Sheet, argon2id: 19 MiB of memory, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_LENGTH: usize = 16;

/// What an attempt is compared with where there is no such member. It costs what [`PasswordHasher::hash`]
/// costs, and that it has no password is of no account: the answer is no in any case.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The hash of a password as it is stored: a PHC string, which names algorithm, parameters and salt.
#[derive(Clone)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// From the column that holds it.
    #[must_use]
    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The hash as its column holds it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Never the hash itself: it lets passwords be tried.
impl fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PasswordHash")
    }
}

/// Why a password was not hashed or not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// As many as may are waiting already.
    #[error("too many passwords are being hashed")]
    Busy,
    /// The stored hash is none that this program makes.
    #[error("the stored password hash is damaged")]
    Damaged,
    /// It was begun and not finished: the program stops, or has no memory left.
    #[error("the password could not be hashed to the end")]
    Stopped,
    /// There is none for a salt.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// Hashes passwords with argon2id. Clones share one queue.
#[derive(Clone)]
pub struct PasswordHasher {
    /// One for each that runs.
    running: Arc<Semaphore>,
    /// One for each that runs or waits.
    places: Arc<Semaphore>,
    places_in_all: usize,
}

impl PasswordHasher {
    /// Runs at most `parallel` at once (at least one), and lets at most `queue` more wait. Each that runs
    /// takes 19 MiB and one processor.
    #[must_use]
    pub fn new(parallel: usize, queue: usize) -> Self {
        let parallel = parallel.clamp(1, Semaphore::MAX_PERMITS);
        let places_in_all = parallel.saturating_add(queue).min(Semaphore::MAX_PERMITS);
        Self {
            running: Arc::new(Semaphore::new(parallel)),
            places: Arc::new(Semaphore::new(places_in_all)),
            places_in_all,
        }
    }

    /// How many run or wait.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.places_in_all - self.places.available_permits()
    }

    /// Hashes a new password under a new salt.
    ///
    /// # Errors
    /// [`HashError::Busy`], [`HashError::Stopped`] or [`HashError::NoRandomness`].
    pub async fn hash(&self, password: NewPassword, random: &dyn Random) -> Result<PasswordHash, HashError> {
        let salt = bytes::<SALT_LENGTH>(random)?;
        self.run(move || {
            let hash = argon2()?.hash_password_with_salt(password.0.as_bytes(), &*salt);
            hash.map(|hash| PasswordHash(hash.to_string())).map_err(|_| HashError::Stopped)
        })
        .await
    }

    /// Whether the attempt is the password. `None` is the hash of somebody who does not exist: it takes as
    /// long as that of somebody who does, and nothing matches it.
    ///
    /// What no password can be is answered at once, whether or not there is a hash.
    ///
    /// # Errors
    /// [`HashError::Busy`], [`HashError::Damaged`] or [`HashError::Stopped`].
    pub async fn verify(
        &self,
        attempt: PasswordAttempt,
        hash: Option<PasswordHash>,
    ) -> Result<bool, HashError> {
        let Some(attempt) = attempt.0.filter(|text| !text.is_empty()) else { return Ok(false) };
        self.run(move || match hash {
            Some(hash) => matches(attempt.as_bytes(), hash.as_str()),
            None => matches(attempt.as_bytes(), NOBODY).map(|_| false),
        })
        .await
    }

    /// Does the work on a thread where it may take its time.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| HashError::Busy)?;
        let turn = Arc::clone(&self.running).acquire_owned().await.map_err(|_| HashError::Stopped)?;
        // The permits go with the work, not with this future: a caller who gives up does not stop the work,
        // so it has to go on counting.
        let permits: [OwnedSemaphorePermit; 2] = [turn, place];
        let (answer, answered) = oneshot::channel();
        let thread = std::thread::Builder::new().name("password".to_owned()).spawn(move || {
            // Dropped in the reverse order, also by a panic: whoever gets the answer finds the place free.
            let (answer, permits) = (answer, permits);
            step_back();
            let result = work();
            drop(permits);
            // Where this fails, nobody waits any more.
            let _ = answer.send(result);
        });
        thread.map_err(|_| HashError::Stopped)?;
        answered.await.unwrap_or(Err(HashError::Stopped))
    }
}

/// Lets everything else go first. A check takes some 20 ms of a processor, in which thousands of requests could be verified;
/// whoever signs in does not notice that theirs came second.
fn step_back() {
    // Linux keeps a niceness for each thread. Where it cannot be had, the check runs as everything else does.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(19);
}

impl fmt::Debug for PasswordHasher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PasswordHasher").field("in_flight", &self.in_flight()).finish_non_exhaustive()
    }
}

fn argon2() -> Result<Argon2<'static>, HashError> {
    // No constants that argon2 refuses would survive the first test.
    let parameters = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| HashError::Stopped)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters))
}

/// Hashes the attempt as the stored hash says and compares the two, in constant time.
fn matches(attempt: &[u8], stored: &str) -> Result<bool, HashError> {
    let stored = phc::PasswordHash::new(stored).map_err(|_| HashError::Damaged)?;
    if stored.salt.is_none() || stored.hash.is_none() {
        return Err(HashError::Damaged);
    }
    match argon2()?.verify_password(attempt, &stored) {
        Ok(()) => Ok(true),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(password_hash::Error::OutOfMemory) => Err(HashError::Stopped),
        Err(_) => Err(HashError::Damaged),
    }
}

#[cfg(test)]
mod tests;
