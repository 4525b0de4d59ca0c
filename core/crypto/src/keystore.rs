//! The platform's keystore, as the shell implements it.

use zeroize::Zeroizing;

use crate::KeystoreError;

/// Bytes that wipe themselves; what a keystore hands back.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Take ownership of `bytes`; they are wiped when this is dropped.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes. Only for adapters of [`DeviceKeystore`], which pass them on.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Whether a keystore can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// Keys live in hardware (secure element or trusted environment).
    Hardware,
    /// Keys are guarded by the operating system alone.
    Software,
    /// There is a keystore, and the person must first set a screen lock.
    NeedsScreenLock,
    /// There is none.
    None,
}

/// Seals small secrets with a key that never leaves the platform.
///
/// Synchronous: an adapter may block while the phone asks for a finger, so callers hold no lock and are on a thread of
/// their own. Where the platform's cipher takes no associated data, the adapter wraps a random key and seals the secret
/// under it together with `aad`. `open` must never make a key: a missing one is [`KeystoreError::KeyMissing`].
pub trait DeviceKeystore: Send + Sync {
    /// Seal `secret` (32 bytes in practice) with the key `label`, which is made if there is none.
    fn seal(&self, label: &str, aad: &[u8], secret: &[u8]) -> Result<Vec<u8>, KeystoreError>;
    /// Open what [`DeviceKeystore::seal`] gave, for the same `label` and `aad`. `reason` is shown to the person.
    fn open(&self, label: &str, aad: &[u8], sealed: &[u8], reason: &str) -> Result<Secret, KeystoreError>;
    /// Destroy the key `label`; `Ok` when there was none.
    fn delete(&self, label: &str) -> Result<(), KeystoreError>;
    /// Whether keys can be made and used.
    fn availability(&self) -> Availability;
}
