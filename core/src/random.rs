//! Randomness as a parameter: in the core, only [`SystemRandom`] asks the operating system for random bytes.

use zeroize::Zeroizing;

/// The operating system returned no random bytes. An operation that needs them must stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no randomness")]
pub struct NoRandomness;

/// A source of random bytes.
pub trait Random: Send + Sync {
    /// Fills the buffer with random bytes.
    ///
    /// # Errors
    /// [`NoRandomness`] if the source fails. The buffer must then not be used.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), NoRandomness>;
}

/// The random source of the operating system, which is secure enough for keys.
#[derive(Clone, Copy, Debug)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for randomness")]
    fn fill(&self, buffer: &mut [u8]) -> Result<(), NoRandomness> {
        getrandom::fill(buffer).map_err(|_| NoRandomness)
    }
}

/// `N` random bytes that are wiped when dropped.
///
/// # Errors
/// [`NoRandomness`] if the source fails.
pub(crate) fn bytes<const N: usize>(random: &dyn Random) -> Result<Zeroizing<[u8; N]>, NoRandomness> {
    let mut bytes = Zeroizing::new([0; N]);
    random.fill(&mut *bytes)?;
    Ok(bytes)
}
