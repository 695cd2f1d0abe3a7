//! Judging and hashing passwords, off the async threads and never more at once than the machine bears. It must not know the
//! rules for passwords.

use super::{
    NewPassword, PasswordAttempt, PasswordOwner, PasswordSecret,
    queue::{Full, Place, Queue, Requester},
};
use crate::domain::field_errors::PasswordError;
use crate::random::{NoRandomness, Random, bytes};
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

/// How long a request waits for a place in the queue before it is told to come again. Together with a check or two it stays
/// below the 2 s in which everything is to be answered.
const PATIENCE: Duration = Duration::from_secs(1);

/// Names the secret that a hash was made with, so that a later one can be told from it.
const SECRET_ID: &[u8] = b"1";

/// Verified against when the member does not exist, so that both cases take the same time. No password matches it; the result
/// is discarded anyway.
const DUMMY_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1,keyid=MQ$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

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

// A hash lets passwords be tried.
crate::opaque_debug!(PasswordHash);

/// Why a password was not hashed or not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// As many as may are waiting already, in all or of this member.
    #[error("too many passwords are being hashed")]
    Busy,
    /// The new password is easy to guess.
    #[error("the password cannot be used: {0}")]
    Refused(PasswordError),
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

impl From<Full> for HashError {
    fn from(_: Full) -> Self {
        Self::Busy
    }
}

/// What came of comparing an attempt with a stored hash.
#[derive(Debug)]
pub(crate) struct Verification {
    /// Whether the attempt is the password.
    pub(crate) matches: bool,
    /// The hash to store instead of one that was made without the secret; only where the attempt matches.
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
    /// Runs at most `parallel` checks of dialogs at once (at least one), half as many of known devices and of strangers, and
    /// lets at most `waiting` more of each wait. Each that runs takes 19 MiB and one processor.
    pub(crate) fn new(parallel: usize, waiting: usize, secret: PasswordSecret) -> Self {
        Self { queue: Queue::new(parallel, waiting), secret: Arc::new(secret) }
    }

    /// How many run or wait.
    pub(crate) fn in_flight(&self) -> usize {
        self.queue.in_flight()
    }

    /// Takes a place in the queue.
    ///
    /// # Errors
    /// [`HashError::Busy`] where for [`PATIENCE`] as many as may were waiting, in all or of the same member, account or network.
    pub(crate) async fn enter(&self, requester: &Requester<'_>) -> Result<Place, HashError> {
        Ok(self.queue.enter(requester, PATIENCE).await?)
    }

    /// Judges a new password and hashes it under a new salt. `names` may have helped to make it up.
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

    /// Whether the attempt is the password of the owner. `None` stands for somebody who does not exist: it takes as long as
    /// for somebody who does, and nothing matches.
    ///
    /// What no password can be is answered at once, whether or not there is a hash.
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

/// Does the work on a thread where it may take its time.
async fn run<T: Send + 'static>(
    place: Place,
    work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
) -> Result<T, HashError> {
    let turn = place.turn().await;
    let (answer, answered) = oneshot::channel();
    // Turn and place go with the work, not with this future: a caller who gives up does not stop the work, so it has to go on
    // counting.
    let permits = (turn, place);
    let thread = std::thread::Builder::new().name("password".to_owned()).spawn(move || {
        // Dropped in the reverse order, also by a panic: whoever gets the answer finds the place free.
        let (answer, permits) = (answer, permits);
        lower_thread_priority();
        let result = work();
        drop(permits);
        // If this fails, nobody waits for the answer any more.
        let _ = answer.send(result);
    });
    thread.map_err(|_| HashError::Stopped)?;
    answered.await.unwrap_or(Err(HashError::Stopped))
}

/// Lets everything else go first. A check takes some 20 ms of a processor, in which thousands of requests could be verified;
/// whoever signs in does not notice that theirs came second.
fn lower_thread_priority() {
    // Linux keeps a niceness for each thread. If it cannot be set, the check runs as everything else does.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(19);
}

impl fmt::Debug for PasswordHasher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PasswordHasher").field("in_flight", &self.in_flight()).finish_non_exhaustive()
    }
}

/// Hashes a password with the secret, for one owner. The associated data does not stand in the text.
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

/// Hashes the attempt as the stored hash says, but with the secret and for this owner, and compares in constant time.
///
/// A hash without the secret does not count here: somebody who can write to the database could have made it.
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
        // A stored hash must not be able to hold a turn for ever, or take all memory.
        && (costs.m_cost(), costs.t_cost(), costs.p_cost()) == (MEMORY_KIB, PASSES, LANES)
        && expected.len() == OUTPUT_LENGTH;
    if !is_ours {
        return Err(HashError::Damaged);
    }
    let output = output(secret, owner, &costs, attempt, salt.as_ref())?;
    Ok(output.ct_eq(expected.as_bytes()).into())
}

/// Compares with a hash that a release before 0.2 made, without a secret.
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
