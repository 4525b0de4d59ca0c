//! Where randomness comes from. Passed in, so that tests can repeat a run byte for byte.

use ring::rand::SecureRandom as _;

use crate::CryptoError;

/// A source of random bytes fit for keys.
pub trait Entropy: Send + Sync {
    /// Fill all of `out`, or fail with [`CryptoError::Entropy`].
    fn fill(&self, out: &mut [u8]) -> Result<(), CryptoError>;
}

/// The operating system's generator.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, out: &mut [u8]) -> Result<(), CryptoError> {
        ring::rand::SystemRandom::new().fill(out).map_err(|_| CryptoError::Entropy)
    }
}

/// Draw a fixed number of random bytes that need not stay secret (nonces, salts, ids).
pub(crate) fn draw<const N: usize>(entropy: &dyn Entropy) -> Result<[u8; N], CryptoError> {
    let mut out = [0; N];
    entropy.fill(&mut out)?;
    Ok(out)
}
