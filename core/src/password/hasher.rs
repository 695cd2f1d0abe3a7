//! Password checks and hashing, outside the async threads and with limited concurrency. It must not know the rules for
//! passwords.

use super::{
    NewPassword, PasswordAttempt, PasswordOwner, PasswordSecret,
    queue::{Full, Place, Queue, Requester},
};
use crate::{
    domain::field_errors::PasswordError,
    random::{NoRandomness, Random, bytes},
};
use argon2::{
    Algorithm, Argon2, AssociatedData, Params, ParamsBuilder, PasswordVerifier as _, Version,
    password_hash::{self, phc},
};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use std::{fmt, sync::Arc, time::Duration};
use subtle::ConstantTimeEq;
use tokio::sync::oneshot;

/// OWASP Password Storage Cheat Sheet, argon2id: 19 MiB of memory, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_LENGTH: usize = 16;

const OUTPUT_LENGTH: usize = 32;

/// How long a request waits for a place in the queue before it is refused as busy. Together with one or two password
/// checks, this stays below the limit of 2 s for every answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// The id of the secret that a hash was made with, so that a later secret can be distinguished.
const SECRET_ID: &[u8] = b"1";

/// Verified against when the member does not exist, so that both cases take the same time. No password matches it; the result
/// is discarded anyway.
const DUMMY_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1,keyid=MQ$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The hash of a password as it is stored: a PHC string, which names algorithm, parameters and salt.
#[derive(Clone)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Reads a hash from its column.
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

// With a hash, an attacker can guess passwords offline.
crate::opaque_debug!(PasswordHash);

/// Why a password was not hashed or not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// The maximum number of checks is already waiting, in total or for this member, account or network.
    #[error("too many passwords are being hashed")]
    Busy,
    /// The new password is easy to guess.
    #[error("the password cannot be used: {0}")]
    Refused(PasswordError),
    /// The stored hash has a form that this program never writes.
    #[error("the stored password hash is damaged")]
    Damaged,
    /// Hashing started and did not finish: the program is stopping, or is out of memory.
    #[error("hashing the password was interrupted")]
    Stopped,
    /// The random source failed, so there is no salt.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl From<Full> for HashError {
    fn from(_: Full) -> Self {
        Self::Busy
    }
}

/// The result of comparing an attempt with a stored hash.
#[derive(Debug)]
pub(crate) struct Verification {
    /// Whether the attempt is the password.
    pub(crate) matches: bool,
    /// The hash that replaces one made without the secret. Only present if the attempt matches.
    pub(crate) replacement: Option<PasswordHash>,
}

impl Verification {
    const NO_MATCH: Self = Self { matches: false, replacement: None };
}

/// Hashes passwords with argon2id. Clones share one queue.
#[derive(Clone)]
pub(crate) struct PasswordHasher {
    queue: Queue,
    secret: Arc<PasswordSecret>,
}

impl PasswordHasher {
    /// Runs at most `parallel` checks from dialogs at once (at least one), and half as many for known devices and for
    /// strangers. In each lane, at most `waiting` more checks wait. Each running check takes 19 MiB and one CPU.
    pub(crate) fn new(parallel: usize, waiting: usize, secret: PasswordSecret) -> Self {
        Self { queue: Queue::new(parallel, waiting), secret: Arc::new(secret) }
    }

    /// The number of checks that are running or waiting.
    pub(crate) fn in_flight(&self) -> usize {
        self.queue.in_flight()
    }

    /// Takes a place in the queue.
    ///
    /// # Errors
    /// [`HashError::Busy`] if the maximum number of checks was waiting for all of [`PATIENCE`], in total or for this
    /// member, account or network.
    pub(crate) async fn enter(&self, requester: &Requester<'_>) -> Result<Place, HashError> {
        Ok(self.queue.enter(requester, PATIENCE).await?)
    }

    /// Checks whether a new password is easy to guess, and hashes it with a new salt. The password may be derived from
    /// `names`.
    ///
    /// # Errors
    /// [`HashError::Refused`], [`HashError::Stopped`] or [`HashError::NoRandomness`].
    pub(crate) async fn hash(
        &self,
        place: Place,
        password: NewPassword,
        owner: PasswordOwner<'_>,
        names: &[&str],
        random: &dyn Random,
    ) -> Result<PasswordHash, HashError> {
        let salt = bytes::<SALT_LENGTH>(random)?;
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let (secret, owner) = (Arc::clone(&self.secret), owner.associated_data());
        run(place, move || {
            password.judge(&names).map_err(HashError::Refused)?;
            hash(&secret, &owner, password.0.as_bytes(), &*salt)
        })
        .await
    }

    /// Whether the attempt is the password of the owner. `None` stands for a member who does not exist: the check then
    /// takes as long as for an existing member, and never matches.
    ///
    /// A text that cannot be a password is refused at once, whether or not there is a hash.
    ///
    /// # Errors
    /// [`HashError::Damaged`], [`HashError::Stopped`] or [`HashError::NoRandomness`].
    pub(crate) async fn verify(
        &self,
        place: Place,
        attempt: PasswordAttempt,
        stored: Option<(PasswordOwner<'_>, &PasswordHash)>,
        random: &dyn Random,
    ) -> Result<Verification, HashError> {
        let Some(attempt) = attempt.0.filter(|text| !text.is_empty()) else {
            return Ok(Verification::NO_MATCH);
        };
        let secret = Arc::clone(&self.secret);
        let Some((owner, stored)) = stored else {
            return run(place, move || {
                matches(&secret, &[0; 32], attempt.as_bytes(), DUMMY_HASH).map(|_| Verification::NO_MATCH)
            })
            .await;
        };
        if let Some(legacy) = secret.legacy(owner.account, owner.member, stored.as_str()) {
            let (legacy, salt) = (legacy.to_owned(), bytes::<SALT_LENGTH>(random)?);
            let owner = owner.associated_data();
            return run(place, move || {
                if !matches_legacy(attempt.as_bytes(), &legacy)? {
                    return Ok(Verification::NO_MATCH);
                }
                let replacement = hash(&secret, &owner, attempt.as_bytes(), &*salt)?;
                Ok(Verification { matches: true, replacement: Some(replacement) })
            })
            .await;
        }
        let (stored, owner) = (stored.as_str().to_owned(), owner.associated_data());
        run(place, move || {
            let matches = matches(&secret, &owner, attempt.as_bytes(), &stored)?;
            Ok(Verification { matches, replacement: None })
        })
        .await
    }
}

/// Runs the work on a thread of its own, which may block.
async fn run<T: Send + 'static>(
    place: Place,
    work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
) -> Result<T, HashError> {
    let turn = place.turn().await;
    let (answer, answered) = oneshot::channel();
    // The turn and the place move into the thread, not into this future: the work continues if the caller is cancelled,
    // so it must still be counted.
    let permits = (turn, place);
    let thread = std::thread::Builder::new().name("password".to_owned()).spawn(move || {
        // Dropped in reverse order, also during a panic: when the caller gets the answer, the place is already free.
        let (answer, permits) = (answer, permits);
        lower_thread_priority();
        let result = work();
        drop(permits);
        // If this fails, the caller no longer waits for the answer.
        let _ = answer.send(result);
    });
    thread.map_err(|_| HashError::Stopped)?;
    answered.await.unwrap_or(Err(HashError::Stopped))
}

/// Lets all other threads run first. A check takes about 20 ms of CPU time, in which thousands of requests could be
/// verified; a user who signs in does not notice the delay.
fn lower_thread_priority() {
    // On Linux each thread has its own nice value. If it cannot be set, the check runs with normal priority.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(19);
}

impl fmt::Debug for PasswordHasher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PasswordHasher").field("in_flight", &self.in_flight()).finish_non_exhaustive()
    }
}

/// Hashes a password with the secret, for one owner. The PHC string does not contain the associated data.
fn hash(
    secret: &PasswordSecret,
    owner: &[u8; 32],
    password: &[u8],
    salt: &[u8],
) -> Result<PasswordHash, HashError> {
    // Cannot fail: the parameters are constants, and every test hashes with them.
    let stored = ParamsBuilder::new().m_cost(MEMORY_KIB).t_cost(PASSES).p_cost(LANES).build();
    let output = output(secret, owner, &stored.map_err(|_| HashError::Stopped)?, password, salt)?;
    Ok(PasswordHash(format!(
        "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES},keyid={}${}${}",
        STANDARD_NO_PAD.encode(SECRET_ID),
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(output),
    )))
}

fn output(
    secret: &PasswordSecret,
    owner: &[u8; 32],
    costs: &Params,
    password: &[u8],
    salt: &[u8],
) -> Result<[u8; OUTPUT_LENGTH], HashError> {
    let data = AssociatedData::new(owner).map_err(|_| HashError::Stopped)?;
    let params = ParamsBuilder::new()
        .m_cost(costs.m_cost())
        .t_cost(costs.t_cost())
        .p_cost(costs.p_cost())
        .data(data)
        .output_len(OUTPUT_LENGTH)
        .build()
        .map_err(|_| HashError::Damaged)?;
    let argon2 = Argon2::new_with_secret(secret.expose(), Algorithm::Argon2id, Version::V0x13, params)
        .map_err(|_| HashError::Stopped)?;
    let mut output = [0; OUTPUT_LENGTH];
    argon2.hash_password_into(password, salt, &mut output).map_err(|_| HashError::Stopped)?;
    Ok(output)
}

/// Hashes the attempt with the parameters and the salt of the stored hash, with the secret and for this owner, and
/// compares in constant time.
///
/// A hash without the secret is refused here, because an attacker who can write to the database could have made it.
fn matches(
    secret: &PasswordSecret,
    owner: &[u8; 32],
    attempt: &[u8],
    stored: &str,
) -> Result<bool, HashError> {
    let stored = phc::PasswordHash::new(stored).map_err(|_| HashError::Damaged)?;
    let (Some(salt), Some(expected)) = (&stored.salt, &stored.hash) else { return Err(HashError::Damaged) };
    let costs = Params::try_from(&stored).map_err(|_| HashError::Damaged)?;
    let is_ours = stored.algorithm.as_str() == "argon2id"
        && stored.version == Some(Version::V0x13.into())
        && costs.keyid() == SECRET_ID
        // Otherwise a stored hash could occupy a turn for ever, or use up all memory.
        && (costs.m_cost(), costs.t_cost(), costs.p_cost()) == (MEMORY_KIB, PASSES, LANES)
        && expected.len() == OUTPUT_LENGTH;
    if !is_ours {
        return Err(HashError::Damaged);
    }
    let output = output(secret, owner, &costs, attempt, salt.as_ref())?;
    Ok(output.ct_eq(expected.as_bytes()).into())
}

/// Compares with a hash that a release before 0.2 made without the secret.
fn matches_legacy(attempt: &[u8], stored: &str) -> Result<bool, HashError> {
    let stored = phc::PasswordHash::new(stored).map_err(|_| HashError::Damaged)?;
    if stored.salt.is_none() || stored.hash.is_none() {
        return Err(HashError::Damaged);
    }
    match Argon2::default().verify_password(attempt, &stored) {
        Ok(()) => Ok(true),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(password_hash::Error::OutOfMemory) => Err(HashError::Stopped),
        Err(_) => Err(HashError::Damaged),
    }
}

#[cfg(test)]
mod tests;
