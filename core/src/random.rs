//! Randomness as a parameter: nothing in the core asks the machine for it except [`SystemRandom`].

use zeroize::Zeroizing;

/// The machine has no randomness to give. Nothing that needs any can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no randomness")]
pub struct NoRandomness;

/// A source of random bytes.
pub trait Random: Send + Sync {
    /// Fills the buffer with random bytes.
    ///
    /// # Errors
    /// [`NoRandomness`] where there is none; the buffer must then not be used.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), NoRandomness>;
}

/// The operating system's randomness, fit for keys.
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
/// [`NoRandomness`] where there is none.
pub(crate) fn bytes<const N: usize>(random: &dyn Random) -> Result<Zeroizing<[u8; N]>, NoRandomness> {
    let mut bytes = Zeroizing::new([0; N]);
    random.fill(&mut *bytes)?;
    Ok(bytes)
}
